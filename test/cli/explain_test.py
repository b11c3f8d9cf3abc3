"""`kaudit explain`: one request in the grammar of `kubectl auth can-i`, and a file of requests or audit events."""

import json
import os
import random
import select
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import run  # noqa: E402

try:
    import jsonschema
except ImportError:
    testing.skip_all("python3-jsonschema is not installed")

SCHEMA = json.loads((testing.SOURCE / "docs/explain.schema.json").read_text())
POLICY = """apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None                       # 0
  users: ["system:kube-proxy"]
- level: None                       # 1
  nonResourceURLs: ["/healthz*", "/version"]
- level: RequestResponse            # 2
  namespaces: [prod]
  omitManagedFields: true
  omitStages: [Panic]
  resources:
  - group: apps
    resources: [deployments, deployments/scale]
    resourceNames: [web]
- level: Request                    # 3
  resources:
  - group: ""
    resources: [pods/exec, namespaces/finalize, services/proxy]
- level: Metadata                   # 4
  userGroups: ["system:serviceaccounts:ci"]
  verbs: [list, watch]
- level: Metadata                   # 5
  resources:
  - group: ""
    resources: [secrets]
    resourceNames: [token]
- level: Metadata                   # 6
  userGroups: ["system:authenticated"]
  resources:
  - group: ""
    resources: [secrets, namespaces]
"""


class ExplainTest(testing.TestCase):
    def setUp(self):
        self.base = Path(tempfile.mkdtemp(prefix="kaudit-test-", dir=os.environ.get("KAUDIT_TEST_TMP")))
        self.addCleanup(testing.remove_tree, self.base)
        self.policy = self.file(POLICY, "policy.yaml")

    def file(self, content, name):
        path = self.base / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def explain(self, *words, status=0, **how):
        outcome = run("explain", self.policy, *words, **how)
        self.expect(outcome, status)
        return outcome

    def json(self, *words, status=0):
        document = self.explain(*words, "--output", "json", status=status).json()
        jsonschema.validators.validator_for(SCHEMA).check_schema(SCHEMA)
        jsonschema.validate(document, SCHEMA)
        return document

    def rule(self, *words):
        return self.json(*words)["rule"]


class OneRequest(ExplainTest):
    def test_the_deciding_rule_with_its_place_text_level_and_stages(self):
        text = self.explain("get", "deployments.apps/web", "-n", "prod", "--as", "jane").stdout
        for part in ("get deployments.apps web in namespace prod as jane (groups: system:authenticated)\n",
                     f"rule 3 decides ({self.policy}:9): level RequestResponse\n  - level: RequestResponse",
                     "\n      resourceNames: [web]\nstages written: ResponseComplete\n",
                     "managed fields: left out\n", f"rule 1 ({self.policy}:5): users does not list jane\n",
                     f"rule 2 ({self.policy}:7): it is for URLs, this is a request for a resource\n"):
            self.assertIn(part, text)
        self.assertNotIn("rule 4", text)

    def test_the_same_in_json(self):
        document = self.json("get", "deployments.apps/web", "-n", "prod", "--as", "jane")
        self.assertEqual((2, 9, "RequestResponse", True, [0, 1]), (
            document["rule"], document["line"], document["level"], document["omitManagedFields"],
            [passed["rule"] for passed in document["passed"]]))
        self.assertEqual(["ResponseComplete"], document["stages"])
        self.assertEqual(["Panic", "RequestReceived"], document["omitStages"])
        self.assertTrue(document["rule_text"].endswith("resourceNames: [web]\n"), document["rule_text"])

    def test_response_started_is_a_stage_of_long_running_requests_alone(self):
        policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived, ResponseComplete]\nrules: [{level: Metadata}]\n"
        self.policy = self.file(policy, "stages.yaml")
        words = "Panic (only if the handler panics)\n"
        for request in (["delete", "secrets/x", "-n", "d"], ["get", "secrets"], ["get", "/healthz"], ["get", "/debug/pprof"]):
            self.assertIn(f"stages written: {words}", self.explain(*request).stdout)
            self.assertEqual(["Panic"], self.json(*request)["stages"])
        for request in (["watch", "secrets"], ["create", "pods/a", "--subresource", "exec", "-n", "d"], ["get", "/debug/pprof/heap"]):
            self.assertIn(f"stages written: ResponseStarted, {words}", self.explain(*request).stdout)
            self.assertEqual(["ResponseStarted", "Panic"], self.json(*request)["stages"])

    def test_the_schema_wants_every_key_and_its_type(self):
        document = self.json("get", "secrets")
        broken = [{key: value for key, value in document.items() if key != gone} for gone in document]
        broken += [{**document, key: 1.5} for key in document]
        for example in broken:
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(example, SCHEMA)

    def test_the_exit_status_is_0_whatever_the_level(self):
        self.assertIn("level None", self.explain("get", "/healthz/ping").stdout)
        outcome = self.explain("get", "pods", "-n", "x")
        self.assertIn("no rule of", outcome.stdout)
        self.assertIn("nothing is recorded", outcome.stdout)
        document = self.json("get", "pods", "-n", "x")
        self.assertEqual((None, None, "None", [], 7), (document["rule"], document["line"], document["level"],
                                                       document["stages"], len(document["passed"])))

    def test_why_each_earlier_rule_does_not_match(self):
        reasons = [passed["reason"] for passed in self.json("list", "secrets", "-n", "x", "--as", "jane")["passed"]]
        for reason, part in zip(reasons, ("users does not list jane", "URLs", "namespaces does not list x", "no entry of resources",
                                          "userGroups", "resourceNames")):
            self.assertIn(part, reason)
        self.assertEqual(6, len(reasons))
        self.assertIn("verbs does not list get", self.json(
            "get", "secrets", "-n", "x", "--as", "system:serviceaccount:ci:a")["passed"][4]["reason"])

    def test_managed_fields_are_kept_before_the_version_that_can_omit_them(self):
        words = ("get", "deployments.apps/web", "-n", "prod")
        self.assertIs(True, self.json(*words, "--kubernetes-version", "1.23")["omitManagedFields"])
        self.assertIn("managed fields: kept", self.explain("get", "secrets").stdout)
        old = self.explain(*words, "--kubernetes-version", "1.22").stdout
        self.assertIn("1.22", old)
        self.assertTrue("managed fields: kept" in old or "does not know omitManagedFields" in old, old)

    def test_the_whole_rule_is_shown_with_what_the_server_drops(self):
        content = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Request\n  omitManagedFields: true\n" \
                  "  user: [jane]\n\n  # the next one\n- {level: None}\n"
        self.policy = self.file(content, "dropped.yaml")
        self.assertEqual("  - level: Request\n    omitManagedFields: true\n    user: [jane]\n",
                         self.json("get", "pods")["rule_text"])
        rules = [{"level": "None", "verbs": ["get"]}, {"level": "Metadata", "verbs": ["list"]}]
        document = {"kind": "Policy", "apiVersion": "audit.k8s.io/v1", "rules": rules}
        self.policy = self.file(json.dumps(document, indent=2), "policy.json")
        for verb, wanted, other in (("get", '"None"', '"Metadata"'), ("list", '"Metadata"', '"None"')):
            text = self.json(verb, "pods")["rule_text"]
            self.assertIn(wanted, text)
            self.assertNotIn(other, text)

    def test_no_control_characters_reach_the_terminal(self):
        self.policy = self.file((POLICY + "- level: Metadata\n").encode("utf-16"), "utf16.yaml")
        outcome = self.explain("get", "pods", "--as", "\x1b[31mred")
        self.assertNotRegex(outcome.stdout, r"[\x00-\x09\x0b-\x1f]")

    def test_explain_writes_nothing(self):
        requests = self.file('{"verb":"get"}\n', "requests")
        before = testing.snapshot(self.base)
        self.explain("get", "pods", cwd=self.base)
        self.explain("--requests", requests, cwd=self.base)
        self.assertEqual([], testing.differences(before, testing.snapshot(self.base)))


class Grammar(ExplainTest):
    """kubectl auth can-i VERB RESOURCE[.GROUP][/NAME] | /PATH"""

    def test_a_resource_by_every_name_that_kubectl_takes(self):
        for name in ("deployments", "deployment", "deploy", "Deployment", "DEPLOY", "deployments.apps", "deploy.apps",
                     "Deployments.v1.apps", "deployment.app"):
            with self.subTest(name=name):
                self.assertEqual(2, self.rule("get", f"{name}/web", "-n", "prod"))

    def test_what_a_word_was_taken_for_is_said(self):
        self.assertIn("(deploy is deployments of group apps)", self.explain("get", "deploy").stdout)
        self.assertIn("bananas is not built into Kubernetes", self.explain("get", "bananas").stdout)
        self.assertEqual([], self.json("list", "widgets.example.com")["notes"])
        self.assertEqual([], self.json("list", "secrets", "-n", "x")["notes"])

    def test_the_version_decides_the_group_of_a_bare_name(self):
        for version, request in (("1.21", "podsecuritypolicies.policy"), ("1.37", "podsecuritypolicies")):
            self.assertIn(f"list {request} in", self.json(
                "list", "podsecuritypolicies", "--kubernetes-version", version)["request"])

    def test_subresources(self):
        self.assertEqual(3, self.rule("create", "pods/web", "--subresource", "exec", "-n", "x"))
        self.assertEqual(3, self.rule("create", "po/web", "--subresource=exec", "--namespace", "x"))
        self.assertEqual(None, self.rule("create", "pods", "-n", "x"))
        self.assertIn("--subresource exec", self.explain("create", "pods/exec", "-n", "x").stdout)

    def test_users_and_groups(self):
        self.assertEqual(0, self.rule("get", "secrets", "--as", "system:kube-proxy"))
        self.assertEqual(6, self.rule("list", "secrets", "--as", "jane"))
        self.assertEqual(4, self.rule("list", "secrets", "--as", "system:serviceaccount:ci:deployer"))
        self.assertEqual(4, self.rule("list", "secrets", "--as", "jane", "--as-group", "a", "--as-group",
                                      "system:serviceaccounts:ci"))
        self.assertEqual(None, self.rule("list", "secrets", "--as", "system:anonymous"))

    def test_the_groups_that_a_name_brings_along(self):
        for user, groups in (("system:node:n1", "system:nodes, system:authenticated"),
                             ("system:bootstrap:abcdef", "system:bootstrappers, system:authenticated"),
                             ("system:apiserver", "system:masters, system:authenticated"), ("jane", "system:authenticated")):
            self.assertIn(f"as {user} (groups: {groups})", self.json("get", "pods", "--as", user)["request"])
        rule = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, userGroups: [\"system:nodes\"]}, {level: Metadata}]\n"
        self.policy = self.file(rule, "nodes.yaml")
        self.assertEqual([0, 1], [self.rule("get", "pods", "--as", user) for user in ("system:node:n1", "system:nodes:n1")])

    def test_names_and_namespaces_are_those_that_the_server_sees(self):
        self.assertEqual(5, self.rule("get", "secrets/token", "-n", "x"))
        self.assertEqual(6, self.rule("create", "secrets/token", "-n", "x"))  # a create has no name yet
        self.assertIn("namespace prod", self.json("get", "namespaces/prod")["request"])
        self.assertIn("in no namespace", self.json("get", "nodes", "-n", "prod")["request"])
        self.assertIn("give one with -n", self.explain("get", "pods/web").stdout)

    def test_the_namespace_of_a_request_for_a_namespace_is_that_of_its_url(self):
        """apiserver 1.20 to 1.37 pkg/endpoints/request/requestinfo.go: /namespaces/NAME, and nothing else, gives it."""
        self.policy = self.file("""apiVersion: audit.k8s.io/v1
kind: Policy
rules: [{level: RequestResponse, namespaces: [prod]}, {level: Metadata, namespaces: [""]}, {level: None}]
""", "namespaces.yaml")
        url = "/api/v1/namespaces"
        for rule, request, of_url in (
                (1, ["create", "namespaces/prod"], ["post", url]), (1, ["create", "namespaces", "-n", "prod"], ["post", url]),
                (1, ["list", "namespaces", "-n", "prod"], ["get", url]), (1, ["watch", "ns/prod"], ["get", url]),
                (1, ["deletecollection", "namespaces/prod"], ["delete", url]),
                (2, ["get", "namespaces/foo", "-n", "prod"], ["get", url + "/foo"]), (0, ["get", "ns/prod"], ["get", url + "/prod"]),
                (0, ["update", "ns/prod", "--subresource", "finalize"], ["put", url + "/prod/finalize"])):
            with self.subTest(request=request):
                self.assertEqual((rule, rule), (self.rule(*request), self.rule(*of_url)))
        self.assertIn("lies in that namespace, not in prod", self.explain("get", "ns/foo", "-n", "prod").stdout)
        self.assertIn("have no namespace: left out", self.explain("list", "ns", "-n", "prod").stdout)

    def test_paths(self):
        self.assertEqual(1, self.rule("get", "/healthz"))
        self.assertEqual(1, self.rule("get", "/healthz?verbose=1"))
        self.assertEqual(1, self.rule("get", "/version"))
        self.assertEqual(None, self.rule("get", "/version/"))
        self.assertEqual(None, self.rule("get", "/metrics"))

    def test_a_path_of_a_resource_is_what_the_server_reads_it_as(self):
        document = self.json("get", "/api/v1/namespaces/prod/secrets")
        self.assertEqual(6, document["rule"])
        self.assertIn("list secrets in namespace prod", document["request"])
        self.assertEqual(5, self.rule("get", "/api/v1/namespaces/prod/secrets/token"))

    def test_a_verb_that_no_request_has_is_said(self):
        for words in (("exec", "pods"), ("GET", "pods"), ("list", "/healthz"), ("*", "*")):
            self.assertIn(f"has the verb {words[0]}:", self.explain(*words).stdout)


class Errors(ExplainTest):
    def test_a_refused_policy_is_status_3(self):
        self.policy = self.file(POLICY.replace("level: Request ", "level: request "), "refused.yaml")
        outcome = self.explain("get", "pods", status=3)
        self.assertIn("refused.yaml:17:10: rules[3].level", outcome.stderr)
        self.assertIn("did you mean Request?", outcome.stderr)
        self.assertEqual("", outcome.stdout)
        document = self.json("get", "pods", status=3)
        self.assertEqual((3, 17), (document["exit_status"], document["error"]["line"]))
        requests = self.file('{"verb":"get"}\n', "requests")
        self.assertEqual("", self.explain("--requests", requests, status=3).stdout)

    def test_bad_policies(self):
        (self.base / "directory").mkdir()
        os.mkfifo(self.base / "fifo")
        for name, content in (("large", b"#" * (11 << 20)), ("binary", random.Random(1).randbytes(4096)), ("nul", b"a: \0"),
                              ("utf16", POLICY.encode("utf-16-le")), ("empty", b"")):
            self.file(content, name)
        for name, status in (("missing", 4), ("directory", 3), ("fifo", 3), ("large", 3), ("binary", 3), ("nul", 3),
                             ("utf16", 3), ("empty", 3)):
            with self.subTest(name=name):
                self.policy = self.base / name
                self.assertIn(name, self.explain("get", "pods", status=status, timeout=10).stderr)
                self.assertEqual(status, self.json("get", "pods", status=status)["exit_status"])

    def test_usage(self):
        for words, part in (([], "a request is needed"), (["get"], "a request is needed"), (["get", "pods", "web"], "web"),
                            (["", "pods"], "verb"), (["get", ""], "resource"), (["get", "pods", "--subresorce", "x"], "--subresource"),
                            (["get", "/x", "-n", "y"], "namespace"), (["get", "/x", "--subresource", "y"], "subresource"),
                            (["get", "pods", "--as", ""], "--as"), (["get", "pods", "-n"], "-n"), (["get", "pods", "-q"], "-q"),
                            (["get", "pods", "--requests", "x"], "--requests"), (["--requests", "x", "--as", "y"], "--as"),
                            (["--requests", "x", "--as-group", "y"], "--as-group"), (["--requests", ""], "--requests")):
            with self.subTest(words=words):
                outcome = self.explain(*words, status=2)
                self.assertIn(part, outcome.stderr)
                self.assertEqual("", outcome.stdout)
        self.expect(run("explain"), 2, stderr=["no policy"])
        self.expect(run("explian", self.policy), 2, stderr=["did you mean explain?"])
        self.assertEqual("usage", self.json("get", status=2)["error"]["code"])

    def test_ten_thousand_rules(self):
        rule = "- level: Metadata\n  users: [u{}]\n  resources: [{{group: apps, resources: [deployments]}}]\n"
        self.policy = self.file("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n" + "".join(map(rule.format, range(10000))),
                                "many.yaml")
        self.assertEqual(9999, self.rule("get", "deployments", "--as", "u9999"))


def event(verb, uri, user="jane", groups=("system:authenticated",), **more):
    return {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": "x", "stage": "ResponseComplete",
            "verb": verb, "requestURI": uri, "user": {"username": user, "groups": list(groups)}, **more}


class Batch(ExplainTest):
    def decide(self, *lines, status=0):
        text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
        return self.explain("--requests", self.file(text, "requests.jsonl"), status=status)

    def rules(self, *lines):
        decisions = [json.loads(line) for line in self.decide(*lines).stdout.splitlines()]
        for decision in decisions:
            jsonschema.validate(decision, {"$ref": "#/$defs/decision", "$defs": SCHEMA["$defs"]})
        self.assertEqual(len(lines), len(decisions))
        return [decision["rule"] for decision in decisions]

    def test_one_line_out_for_each_in_with_all_keys(self):
        request = {"user": "jane", "groups": ["system:authenticated"], "verb": "get", "namespace": "prod", "apiGroup": "apps",
                   "apiVersion": "v1", "resource": "deployments", "subresource": "scale", "name": "web",
                   "path": "/apis/apps/v1/namespaces/prod/deployments/web/scale", "resourceRequest": True}
        jsonschema.validate(request, {"$ref": "#/$defs/request", "$defs": SCHEMA["$defs"]})
        self.assertEqual('{"rule":2,"level":"RequestResponse","omitStages":["Panic","RequestReceived"],"omitManagedFields":true}\n',
                         self.decide(request).stdout)
        self.assertEqual('{"rule":null,"level":"None","omitStages":["RequestReceived"],"omitManagedFields":false}\n',
                         self.decide({**request, "subresource": "status"}).stdout)

    def test_every_key_counts(self):
        request = {"user": "jane", "verb": "get", "namespace": "prod", "apiGroup": "apps", "resource": "deployments", "name": "web",
                   "resourceRequest": True}
        changes = ({}, {"user": "system:kube-proxy"}, {"namespace": "x"}, {"apiGroup": ""}, {"resource": "secrets"}, {"name": "x"},
                   {"subresource": "scale"}, {"subresource": "log"}, {"resourceRequest": False},
                   {"resourceRequest": False, "path": "/healthz"}, {"resource": "", "path": "/version"},
                   {"verb": "list", "name": "", "groups": ["system:serviceaccounts:ci"]}, {"apiVersion": "v9"})
        self.assertEqual([2, 0, None, None, None, None, 2, None, None, 1, None, 4, 2],
                         self.rules(*({**request, **change} for change in changes)))
        self.assertEqual([1, 1], self.rules({"verb": "get", "path": "/version", "user": "a"}, {"verb": "get", "path": "/healthz"}))

    def test_a_line_without_user_is_an_unauthenticated_request(self):
        request = {"verb": "get", "resource": "secrets", "groups": ["system:authenticated"]}
        self.assertEqual([None, None, 6, 6], self.rules(request, {**request, "user": None}, {**request, "user": "a"},
                                                        {**request, "user": ""}))

    def test_events_are_decided_as_they_were_when_the_request_came(self):
        filled = {"objectRef": {"resource": "secrets", "namespace": "x", "name": "token", "apiVersion": "v1"}}
        self.assertEqual([2, 1, 6, 5, 6, None], self.rules(
            event("get", "/apis/apps/v1/namespaces/prod/deployments/web"),
            event("get", "/version?timeout=32s"),
            event("create", "/api/v1/namespaces/x/secrets?fieldManager=a", **filled),  # the name was not in the URL
            event("get", "/api/v1/namespaces/x/secrets/token", **filled),
            event("deletecollection", "/api/v1/namespaces/x/secrets"),
            event("list", "/api/v1/namespaces/x/secrets", user="", groups=("system:authenticated",))))  # 401

    def test_events_with_a_field_selector(self):
        uri = "/api/v1/namespaces/x/secrets?{}fieldSelector={}&watch=true"
        self.assertEqual([5, 5, 6, 6, 5], self.rules(
            event("watch", uri.format("", "metadata.name%3Dtoken")), event("list", uri.format("limit=1&", "metadata.name==token")),
            event("watch", uri.format("", "metadata.name!%3Dtoken")), event("watch", uri.format("", "type%3Dtoken")),
            event("watch", uri.format("", "type%3Da%2Cmetadata.name%3Dtoken"))))
        # With the verb in the path, as long ago, the server did not look at the query.
        self.assertEqual([6], self.rules(event("watch", "/api/v1/watch/namespaces/x/secrets?fieldSelector=metadata.name%3Dtoken")))

    def test_events_of_namespaces_and_their_subresources(self):
        self.assertEqual([3, 6, 6, None, 3, 6], self.rules(
            event("update", "/api/v1/namespaces/prod/finalize"), event("get", "/api/v1/namespaces/prod"),
            event("list", "/api/v1/namespaces"), event("update", "/api/v1/namespaces/prod/status"),
            event("create", "/api/v1/namespaces/prod/pods/web/exec?command=sh"),
            event("get", "/api/v1/namespaces/prod/secrets")))

    def test_events_of_proxied_paths(self):
        self.assertEqual([3, 3, None], self.rules(
            event("get", "/api/v1/namespaces/x/services/https:web:443/proxy/secrets/token?a=b"),
            event("get", "/api/v1/namespaces/x/services/web/proxy"),
            event("proxy", "/api/v1/proxy/namespaces/x/services/web/proxy/a")))

    def test_the_impersonator_is_who_the_server_decides_by(self):
        self.assertEqual([0], self.rules(event("get", "/api/v1/namespaces/x/secrets/token", user="system:kube-proxy",
                                               impersonatedUser={"username": "jane"})))

    def test_a_body_that_the_client_wrote_stops_nothing(self):
        # The body of a PATCH is recorded as it came.
        line = json.dumps(event("get", "/version"))[:-1] + ',"requestObject":%s}'
        self.assertEqual([1, 1, 1], self.rules(line % '{"metadata":{"labels":{"a":"1","a":"3"}}}', line % '{"spec":{"x":1e400}}',
                                               event("get", "/version")))
        for twice in ('"verb":"get"', '"user":{"username":"a"}', '"user":{"username":"a","username":"b"}', '"requestURI":"/x"',
                      '"kind":"Event"', '"apiVersion":"audit.k8s.io/v1"'):
            bad = json.dumps(event("get", "/version") if twice.count("username") < 2 else {"kind": "Event", "requestURI": "/x"})
            self.assertIn("stands twice", self.decide(bad[:-1] + "," + twice + "}", status=3).stderr)
        self.assertIn('the key "name" stands twice', self.decide('{"user":"a","name":"b","name":"c"}', status=3).stderr)

    def test_old_versions_of_events(self):
        self.assertEqual([5], self.rules({**event("get", "/api/v1/namespaces/x/secrets/token"),
                                          "apiVersion": "audit.k8s.io/v1beta1"}))

    def test_standard_input_and_blank_lines(self):
        requests = self.file('{"verb":"get","path":"/version"}\r\n\n   \n{"verb":"get","path":"/version"}', "requests")
        with requests.open("rb") as stdin:
            piped = self.explain("--requests", "-", stdin=stdin).stdout
        self.assertEqual(2, piped.count('{"rule":1,'))
        self.assertEqual(piped, self.explain("--requests", requests).stdout)
        self.assertEqual("", self.explain("--requests", self.file("", "nothing")).stdout)
        with self.file("{", "bad").open("rb") as stdin:
            self.assertIn("standard input:1:", self.explain("--requests", "-", stdin=stdin, status=3).stderr)

    def test_a_program_that_waits_for_each_answer_gets_it(self):
        command = [testing.program(), "explain", str(self.policy), "--requests", "-"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as child:
            self.addCleanup(child.kill)
            for question, answers in ((b'{"verb":"get","path":"/version"}\n', 1), (b'{"verb":"get"}\n\n{"verb":"list"}\n{"ve', 2),
                                      (b'rb":"get","path":"/healthz"}\n', 1)):
                child.stdin.write(question)
                for _ in range(answers):
                    self.assertTrue(select.select([child.stdout], [], [], 10)[0], question)
                    self.assertIn(b'"rule":', child.stdout.readline())
            child.stdin.close()
            self.assertEqual(b"", child.stdout.read())
            self.assertEqual(0, child.wait(10))

    def test_output_json_is_the_same_lines(self):
        requests = self.file('{"verb":"get","path":"/version"}\n', "requests")
        self.assertEqual(self.explain("--requests", requests).stdout,
                         self.explain("--requests", requests, "--output", "json").stdout)

    def test_a_bad_line_ends_it_with_status_3_and_its_place_after_the_lines_before_it(self):
        good = {"verb": "get", "path": "/version"}
        table = (("[1]", 1), ("{", 2), ('{"verb":"get"', 14), ('{"verb":5}', 9), ('{"groups":["a",1]}', 16), ('{"groups":"a"}', 11),
                 ('{"apiVersion":1}', 15),
                 ('{"resourceRequest":"yes"}', 20), ("verb: get", 1), ('{"verb":"\0"}', 10), ("\xff", 1),
                 (event("get", ""), 1), ({**event("get", "/x"), "user": "jane"}, None),
                 ({**event("get", "/x"), "apiVersion": "v1"}, None), ({"kind": "EventList", "items": []}, 10))
        for line, column in table:
            with self.subTest(line=line):
                outcome = self.decide(good, "", good, line, good, status=3)
                self.assertEqual(2, len(outcome.stdout.splitlines()), str(outcome))
                self.assertRegex(outcome.stderr, rf"requests\.jsonl:4:{column or '[0-9]+'}: ")

    def test_a_key_that_is_nearly_one_is_refused_and_any_other_left_alone(self):
        for key, nearest in (("usr", "user"), ("Verb", "verb"), ("subResource", "subresource"), ("comment", None),
                             ("id", None), ("group", "groups")):
            with self.subTest(key=key):
                outcome = self.decide({"verb": "get", key: "x"}, status=3 if nearest else 0)
                self.assertIn(f"did you mean {nearest}?" if nearest else "", outcome.stderr)

    def test_files_of_requests_that_are_none(self):
        (self.base / "directory").mkdir()
        os.mkfifo(self.base / "fifo")
        for name, status in (("missing", 4), ("directory", 3), ("fifo", 3)):
            outcome = self.explain("--requests", self.base / name, status=status, timeout=10)
            self.assertIn(name, outcome.stderr)
            self.assertEqual("", outcome.stdout)

    def test_a_reader_that_goes_away_is_status_4(self):
        reader, writer = os.pipe()
        os.close(reader)
        requests = self.file('{"verb":"get","path":"/version"}\n' * 5000, "requests")
        with os.fdopen(writer, "wb") as out:
            ended = subprocess.run([testing.program(), "explain", str(self.policy), "--requests", str(requests)], stdout=out,
                                   stderr=subprocess.PIPE, timeout=20, check=False)
        self.assertEqual(4, ended.returncode, ended.stderr)
        self.assertIn(b"cannot be written", ended.stderr)

    def test_many_lines_keep_their_order(self):
        lines = [{"verb": "get", "path": "/version"}, {"verb": "get", "resource": "secrets", "name": "token"}, {"verb": "get"}] * 5000
        self.assertEqual([1, 5, None] * 5000, [json.loads(line)["rule"] for line in self.decide(*lines).stdout.splitlines()])


if __name__ == "__main__":
    testing.main()
