"""Policies and requests for the evaluators, the same in every run."""

import json
import random

SYSTEM = ["system:kube-controller-manager", "system:kube-scheduler", "system:kube-proxy", "system:apiserver"]
ACCOUNTS = ["kube-system:namespace-controller", "kube-system:generic-garbage-collector", "kube-system:coredns",
            "monitoring:prometheus", "ci:runner", "prod:web", "ingress:nginx"]
NAMESPACES = ["kube-system", "default", "prod", "staging", "monitoring", "ci", "kube-node-lease", ""]
RESOURCES = [("", "pods"), ("", "secrets"), ("", "configmaps"), ("", "events"), ("", "nodes"), ("", "endpoints"),
             ("", "services"), ("apps", "deployments"), ("apps", "replicasets"), ("batch", "jobs"),
             ("coordination.k8s.io", "leases"), ("discovery.k8s.io", "endpointslices"),
             ("rbac.authorization.k8s.io", "clusterroles"), ("authentication.k8s.io", "tokenreviews")]
SUBRESOURCES = ["", "", "", "", "status", "log", "exec", "token", "scale"]
VERBS = ["get", "list", "watch", "create", "update", "patch", "delete"]
PATHS = ["/healthz", "/readyz", "/livez/etcd", "/version", "/metrics", "/api", "/apis/apps/v1", "/openapi/v3",
         "/swagger.json"]


def entry(group, *resources, names=()):
    result = {"group": group, "resources": list(resources)}
    return {**result, "resourceNames": list(names)} if names else result


def cluster():
    """The shape of what the scripts for Google's machines write: silence for the system, bodies for the rest."""
    return [
        {"level": "None", "users": ["system:kube-proxy"], "verbs": ["watch"],
         "resources": [entry("", "endpoints", "services", "services/status")]},
        {"level": "None", "userGroups": ["system:nodes"], "verbs": ["get"], "resources": [entry("", "nodes", "nodes/status")]},
        {"level": "None", "users": SYSTEM[:2], "verbs": ["get", "update"], "namespaces": ["kube-system"],
         "resources": [entry("", "endpoints"), entry("coordination.k8s.io", "leases")]},
        {"level": "None", "nonResourceURLs": ["/healthz*", "/readyz*", "/livez*", "/version", "/swagger*"]},
        {"level": "None", "resources": [entry("", "events")]},
        {"level": "Request", "userGroups": ["system:nodes"], "verbs": ["update", "patch"],
         "resources": [entry("", "nodes/status", "pods/status")]},
        {"level": "Metadata", "resources": [entry("", "secrets", "configmaps", "serviceaccounts/token"),
                                            entry("authentication.k8s.io", "tokenreviews")]},
        {"level": "Request", "verbs": ["get", "list", "watch"],
         "resources": [entry(g) for g in ("", "apps", "batch", "rbac.authorization.k8s.io", "coordination.k8s.io")]},
        {"level": "RequestResponse",
         "resources": [entry(g) for g in ("", "apps", "batch", "rbac.authorization.k8s.io", "coordination.k8s.io")]},
        {"level": "Metadata"},
    ]


def security():
    """What a team that hunts intruders writes."""
    return [
        {"level": "None", "userGroups": ["system:nodes", "system:serviceaccounts:kube-system"],
         "verbs": ["get", "list", "watch"]},
        {"level": "None", "users": SYSTEM, "verbs": ["get", "watch", "list", "update"]},
        {"level": "None", "nonResourceURLs": ["/healthz*", "/readyz*", "/livez*", "/metrics", "/openapi/*"]},
        {"level": "None", "resources": [entry("coordination.k8s.io", "leases"), entry("", "events")]},
        {"level": "Request", "resources": [entry("", "pods/exec", "pods/attach", "pods/portforward")]},
        {"level": "Metadata", "resources": [entry("", "secrets", "configmaps")]},
        {"level": "RequestResponse", "verbs": ["create", "update", "patch", "delete"],
         "resources": [entry("rbac.authorization.k8s.io", "*")]},
        {"level": "Request", "namespaces": ["prod"], "verbs": ["create", "update", "patch", "delete"],
         "resources": [entry("", "*"), entry("apps", "*")]},
        {"level": "Metadata", "userGroups": ["system:authenticated"], "verbs": ["create", "update", "patch", "delete"]},
        {"level": "Metadata", "nonResourceURLs": ["*"]},
    ]


def generated(count, seed):
    """Rules as a program writes them, one for each team and purpose, and a last one for all."""
    chance = random.Random(seed)
    rules = []
    for i in range(count - 1):
        rule = {"level": chance.choice(["None", "Metadata", "Request", "RequestResponse"])}
        if i % 8 == 7:
            rule["nonResourceURLs"] = [f"/team-{i}/*", chance.choice(PATHS) + f"/{i}"]
        else:
            group, resource = chance.choice(RESOURCES)
            rule["resources"] = [entry(group, resource, resource + "/" + chance.choice(SUBRESOURCES[4:]))]
            if i % 5 == 0:
                rule["resources"][0]["resourceNames"] = [f"name-{i}", f"name-{i + 1}"]
        kind = chance.randrange(4)
        if kind == 0:
            rule["users"] = [f"system:serviceaccount:team-{i}:default", f"user-{i}"]
        if kind == 1:
            rule["userGroups"] = [f"team-{i}"]
        if kind == 2 and "resources" in rule:
            rule["namespaces"] = [f"team-{i}"]
        rule["verbs"] = chance.sample(VERBS, 2)
        if kind == 3 and i % 8 != 7:
            rule["namespaces"] = [f"team-{i}", f"team-{i}-test"]
        rules.append(rule)
    return rules + [{"level": "Metadata"}]


def write_policy(path, rules):
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": rules}, file)


def requester(chance, teams):
    kind = chance.randrange(5)
    if kind == 0:
        return f"system:node:worker-{chance.randrange(200)}", ["system:nodes", "system:authenticated"]
    if kind == 1:
        return chance.choice(SYSTEM), ["system:authenticated"]
    if kind == 4:
        return f"user-{chance.randrange(teams)}", [f"team-{chance.randrange(teams)}", "system:authenticated"]
    space, name = chance.choice(ACCOUNTS).split(":")
    return f"system:serviceaccount:{space}:{name}", ["system:serviceaccounts", f"system:serviceaccounts:{space}",
                                                    "system:authenticated"]


def requests(teams, seed=2, count=4096):
    chance = random.Random(seed)
    for _ in range(count):
        user, groups = requester(chance, teams)
        head = [user, ",".join(groups)]
        if chance.randrange(8) == 0:
            yield head + ["get", "", "", "", "", "", chance.choice(PATHS)]
            continue
        group, resource = chance.choice(RESOURCES)
        space = chance.choice(NAMESPACES + [f"team-{chance.randrange(teams)}"] * 3)
        path = f"/api/v1/namespaces/{space}/{resource}"
        yield head + [chance.choice(VERBS), space, group, resource, chance.choice(SUBRESOURCES),
                      f"name-{chance.randrange(teams)}", path]


def write_requests(path, teams):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines("\t".join(fields) + "\n" for fields in requests(teams))
