"""Policies and requests by chance, the same for the same seed: a grammar, a mutator, and requests near a policy."""

import json
import re

from reference import request

LEVELS = ["None", "Metadata", "Request", "RequestResponse"]
STAGES = ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"]
USERS = ["system:kube-proxy", "system:apiserver", "alice", "bob", "system:anonymous", "", "*", "system:*", "Alice",
         "system:node:n1", "system:serviceaccount:kube-system:default"]
GROUPS = ["system:masters", "system:nodes", "system:authenticated", "system:serviceaccounts", "devs", "*", ""]
VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "proxy", "", "*", "GET", "head"]
NAMESPACES = ["", "default", "kube-system", "prod", "kube-*", "*", "Prod"]
API_GROUPS = ["", "apps", "batch", "rbac.authorization.k8s.io", "authentication.k8s.io", "example.com", "core", "v1"]
RESOURCES = ["pods", "secrets", "configmaps", "deployments", "services", "jobs", "tokenreviews", "nodes"]
SUBRESOURCES = ["status", "log", "exec", "scale", "token", "finalize", "x/y", "*"]
PATTERNS = RESOURCES + ["*", "pods/*", "*/status", "*/*", "pods/log", "secrets/", "/log", "pods/x/y", "*/x/y", "services/*",
                        "", "**", "pod", "*s", "/*", "*/", "deployments/scale"]
NAMES = ["", "a", "default", "prod", "*", "x.y", "controller-leader"]
URLS = ["/healthz", "/healthz*", "/version", "/api*", "/", "/*", "*", "/metrics/*", "/openapi/v3/*", "/logs/", "/é*"]
PATHS = ["/healthz", "/healthz/etcd", "/healthzfoo", "/version", "/api", "/apis", "/", "", "/metrics", "/metrics/", "/metrics/*x",
         "/openapi/v3", "/openapi/v3/apis", "/logs/", "healthz", "*", "/é", "/éa", "/Healthz"]
ODD = ['a"b', "<b>&", "\u2028", "\u00e9", "\t", "\x7f", "\U0001f600", "\\", "'", "\n", "\x00", "\u200b", "a b", "\ufeff", "\u0301", "\ue000"]


def some(chance, words, most=3, least=0):
    return [chance.choice(words) for _ in range(chance.randint(least, most))]


class Grammar:
    """A policy that is right but for `wrong`: the chance of something wrong at each place."""

    def __init__(self, chance, wrong):
        self.chance = chance
        self.wrong = wrong

    def hit(self, probability):
        return self.chance.random() < probability

    def odd(self):
        return "".join(self.chance.choice(ODD + ["a", "x*"]) for _ in range(self.chance.randint(1, 4)))

    def value(self):
        """Of any type."""
        return self.chance.choice(
            [None, True, False, 0, 7, -1.5, 1e300, "", "get", [], {}, ["a"], [1], [None], {"a": 1}, [[]], self.odd()]
        )

    def texts(self, words, most=3):
        if self.hit(self.wrong / 4):
            return self.value()
        result = some(self.chance, words, most)
        if self.hit(self.wrong) and result:
            result[self.chance.randrange(len(result))] = self.odd() if self.hit(0.7) else self.value()
        return result

    def entry(self):
        result = {}
        if self.hit(0.8):
            result["group"] = self.chance.choice(API_GROUPS)
        if self.hit(self.wrong):
            result["group"] = self.chance.choice(["*", "apps/v1", "Apps", "a_b", "-a", "a" * 254, "A.b" * 90, self.odd(), self.value()])
        if self.hit(0.8):
            result["resources"] = self.texts(PATTERNS)
        if self.hit(0.25) and (result.get("resources") or self.hit(self.wrong)):
            result["resourceNames"] = self.texts(NAMES)
        return self.spoil(result, ["version", "names", "verbs", "Group"])

    def rule(self):
        result = {"level": self.chance.choice(LEVELS)}
        if self.hit(self.wrong):
            result["level"] = self.chance.choice(["none", "MetaData", "", None, self.odd(), self.value()])
        for key, words, probability in (("users", USERS, 0.3), ("userGroups", GROUPS, 0.3), ("verbs", VERBS, 0.4)):
            if self.hit(probability):
                result[key] = self.texts(words)
        kind = self.chance.random()
        if kind < 0.6 or self.hit(self.wrong / 2):
            if self.hit(0.8):
                result["resources"] = [self.entry() for _ in range(self.chance.randint(0, 3))]
            if self.hit(0.4):
                result["namespaces"] = self.texts(NAMESPACES)
        if kind > 0.75 or self.hit(self.wrong / 2):
            bad = ["healthz", "/a*b", "a*b", "", "**", "/a*b*", "<*>"]
            result["nonResourceURLs"] = self.texts(URLS + (bad if self.hit(self.wrong) else []))
        if self.hit(0.2):
            result["omitStages"] = self.texts(STAGES)
        if self.hit(0.2):
            result["omitManagedFields"] = self.chance.choice([True, False, None])
        if self.hit(self.wrong / 8):
            result[self.chance.choice(sorted(result))] = self.value()
        return self.spoil(result, ["verb", "user", "Level", "Verbs", "resource", "namespace", "nonResourceUrls"])

    def spoil(self, mapping, keys):
        if self.hit(self.wrong / 2):
            mapping[self.chance.choice(keys + [self.odd()])] = self.value()
        return mapping

    def policy(self, rules):
        result = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy"}
        if self.hit(self.wrong / 4):
            result["apiVersion"] = self.chance.choice(
                ["audit.k8s.io/v1beta1", "audit.k8s.io/v1alpha1", "v1", "audit.k8s.io/v2", "audit.k8s.io", "a/b/c", "", None, 1])
        if self.hit(self.wrong / 4):
            result["kind"] = self.chance.choice(["policy", "Event", "PolicyList", "", None, 7, "List", "Status"])
        for key in ("apiVersion", "kind"):
            if self.hit(self.wrong / 8):
                del result[key]
        if self.hit(0.2):
            result["metadata"] = self.spoil({"name": "audit", "labels": {"a": "b"}}, ["generation", "creationTimestamp", "finalizers"])
        if self.hit(0.4):
            result["omitStages"] = self.texts(STAGES, 2)
        if self.hit(0.2):
            result["omitManagedFields"] = self.hit(0.7)
        result["rules"] = [self.rule() for _ in range(rules)]
        for rule in result["rules"][: rules if rules > 12 else 0]:  # in a long policy the last rules shall decide, too
            rule["users"] = some(self.chance, USERS, 2, 1)
        return self.spoil(result, ["Rules", "rule", "spec", "omitManagedfields"])


class Writer:
    """The same value in many ways of YAML (or JSON), with keys sometimes twice."""

    def __init__(self, chance, wrong):
        self.chance = chance
        self.wrong = wrong

    def text(self, policy):
        form = self.chance.random()
        if form < 0.1:
            return json.dumps(policy, indent=self.chance.choice([None, 1]), ensure_ascii=form < 0.05)
        if form < 0.2:  # what starts with a brace is JSON, and refused where it is not
            return ("" if self.chance.random() < self.wrong else "--- ") + self.flow(policy) + "\n"
        return self.block(policy, 0)

    def scalar(self, value):
        if isinstance(value, str):
            style = self.chance.random()
            if re.fullmatch(r"[A-Za-z/][A-Za-z0-9/.:-]*[A-Za-z0-9*/]", value) and style < 0.8:
                return value  # may become another type: y, no, off
            if style < 0.9 and value.isprintable():
                return "'" + value.replace("'", "''") + "'"
            return json.dumps(value, ensure_ascii=self.chance.random() < 0.5 and max(value, default="") < "\U00010000")
        if value is None:
            return self.chance.choice(["null", "~", "Null", "null"])
        if isinstance(value, bool):
            return self.chance.choice(["true", "True", "yes", "on"] if value else ["false", "FALSE", "no", "Off"])
        return json.dumps(value)

    def flow(self, value):
        if isinstance(value, dict):
            return "{" + ", ".join(f"{json.dumps(key)}: {self.flow(item)}" for key, item in self.members(value)) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(item) for item in value) + "]"
        return json.dumps(value) if self.chance.random() < 0.7 else self.scalar(value)

    def members(self, value):
        members = list(value.items())
        if self.chance.random() < 0.2:
            self.chance.shuffle(members)
        if members and self.chance.random() < self.wrong / 3:
            key, item = self.chance.choice(members)
            members.insert(self.chance.randint(0, len(members)), (key, self.chance.choice([item, None, "get", ["x"]])))
        return members

    def block(self, value, indent):
        lines = []
        space = " " * indent
        for key, item in self.members(value):
            written = key if re.fullmatch(r"[A-Za-z]+", key) else json.dumps(key)
            if isinstance(item, dict) and item and self.chance.random() < 0.7:
                lines.append(f"{space}{written}:\n{self.block(item, indent + 2)}")
            elif isinstance(item, list) and item and self.chance.random() < 0.6:
                lines.append(f"{space}{written}:\n" + "".join(self.item(one, indent) for one in item))
            else:
                lines.append(f"{space}{written}: {self.value(item)}\n")
        return "".join(lines)

    def value(self, item):
        return self.flow(item) if isinstance(item, (dict, list)) else self.scalar(item)

    def item(self, one, indent):
        if isinstance(one, dict) and one and self.chance.random() < 0.9:
            text = self.block(one, indent + 2)
            return " " * indent + "- " + text[indent + 2 :]
        return " " * indent + "- " + self.value(one) + "\n"


def policy(chance, wrong, rules=None):
    """A policy's text. wrong 0: the real code accepts it, in every version."""
    if rules is None:
        rules = chance.choice([0, 1, 1, 2, 3, 4, 6, 10]) if wrong else chance.choice([1, 2, 4, 8, 12])
    value = Grammar(chance, wrong).policy(rules)
    return Writer(chance, wrong).text(value).encode("utf-8", "surrogatepass")


FRAGMENTS = [
    "\t", " ", "  ", "\n", "\r\n", "\r", "\n\n", ": ", ":", ",", "- ", "-", "? ", "# ", "#", "[", "]", "{", "}", "[]", "{}", "&a ",
    "*a", "*", "!!str ", "!!int ", "!!bool ", "!!null ", "!!binary ", "!foo ", "!", "|\n", ">-\n", "'", '"', "\\", "\\u0041", "\\ud83d",
    "<<: ", "<<: *a\n", "<<: {level: None}\n", "---\n", "...\n", "%YAML 1.1\n", "\x00", "\x7f", "\u0085", "\u2028", "\ufeff", "\u00e9",
    "\U0001f600", "yes", "no", "y", "~", "null", "true", "1", "0x1F", "0755", "1_000", "1e3", ".inf", "1:30", "2020-01-01", "level: None\n",
    "level", "Level", "verbs: [get]\n", "verbs", "users", "resources", "resourceNames: [a]\n", "group: '*'\n", "'*'", "nonResourceURLs: [/a*]\n",
    "omitStages", "omitManagedFields: true\n", "Metadata", "metadata", "None", "rules:\n", "apiVersion: audit.k8s.io/v1\n", "v1beta1",
    "kind: Policy\n", "Event", "/*", "a*b", "apps/v1", "<&>", ":]", ":,", ":}", ":[", ":{", "\\'", "!,", "!]", "!!str,", "!a%00b ", "[x]",
    "{x}", "# c\n",
]
BYTES = [b"\xff", b"\xed\xa0\x80", b"\xc2", b"\xef\xbf\xbe", b"\x01"]
WORD = re.compile(rb"[A-Za-z][A-Za-z0-9.:/*-]*")


def mutate(chance, originals):
    """A copy of one of them with one to four changes, at the byte, the word or the line."""
    data = chance.choice(originals)
    for _ in range(chance.randint(1, 4)):
        data = mutate_once(chance, data, originals)
    return data


def mutate_once(chance, data, originals):
    kind = chance.randrange(9)
    fragment = chance.choice(BYTES) if chance.random() < 0.03 else chance.choice(FRAGMENTS).encode()
    if kind < 3:  # a word
        words = list(WORD.finditer(data))
        if words:
            word = chance.choice(words)
            other = chance.choice([fragment, chance.choice(words)[0], word[0].swapcase(), b'"' + word[0] + b'"', b"", word[0] + b"x"])
            return data[: word.start()] + other + data[word.end() :]
    if kind < 6:  # a line
        lines = data.splitlines(keepends=True)
        if lines:
            at = chance.randrange(len(lines))
            line = lines[at]
            if kind == 3:
                lines[at : at + 1] = chance.choice([[], [line, line], [b" " + line], [line.lstrip(b" ")], [line[1:]]])
            else:
                other = lines if kind == 4 else chance.choice(originals).splitlines(keepends=True) or [b""]
                lines.insert(chance.randint(0, len(lines)), chance.choice(other))
            return b"".join(lines)
    at = chance.randint(0, len(data))
    end = at + chance.randint(0, 6)
    return data[:at] + fragment + data[end if kind == 7 else at :]


def requests(chance, policy_text, count):
    """Requests that touch the policy: half of their words are taken from it."""
    # Words between the quotes, commas and brackets of both notations.
    found = [word.strip(" '\"") for word in re.split(r"[\[\]{},\n]|: |- ", policy_text.decode("utf-8", "ignore"))]
    own = sorted({word for word in found if len(word) < 80}) or [""]

    def pick(words):
        return chance.choice(own if chance.random() < 0.3 else words)

    result = []
    for _ in range(count):
        user = None if chance.random() < 0.05 else pick(USERS)
        groups = [] if user is None else [pick(GROUPS) for _ in range(chance.randint(0, 3))]
        if chance.random() < 0.25:
            path = pick(PATHS).rstrip("*") if chance.random() < 0.5 else pick(PATHS)
            result.append(request([user, groups, pick(VERBS), "", "", "", "", "", "", path, False]))
            continue
        resource, _, subresource = pick(RESOURCES).partition("/")
        if chance.random() < 0.3:
            subresource = pick(SUBRESOURCES)
        fields = [user, groups, pick(VERBS), pick(NAMESPACES), pick(API_GROUPS), "v1", resource, subresource, pick(NAMES), "", True]
        result.append(request(fields))
    return result
