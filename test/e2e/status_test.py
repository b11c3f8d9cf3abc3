#!/usr/bin/env python3
"""What `kaudit status` says of a node: before auditing, with it, and of each thing that goes wrong with it later."""

import http.client
import json
import ssl

import namespaces
import scenario
from scenario import ENABLE, INSTALLED, LOG, POLICY

EVERYTHING = """apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- level: Metadata
"""


def ask_often(times):
    """Anonymous requests for a secret that is not there, on one connection: the server refuses each, and records it."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(namespaces.ADDRESS, 6443, timeout=10, context=context)
    for number in range(times):
        connection.request("GET", f"/api/v1/namespaces/default/secrets/no-{number}", headers={"User-Agent": "x" * 300})
        connection.getresponse().read()
    connection.close()


class Status(scenario.Scenario):
    def status(self, status, *words):
        ended = self.kaudit("status", *words, status=status)
        self.assertEqual(ended.err, "")
        return ended

    def document(self, status):
        return json.loads(self.status(status, "--output", "json").out)

    def hazards(self, status):
        """Code and severity of each."""
        return {hazard["code"]: hazard["severity"] for hazard in self.document(status)["hazards"]}

    def test_before_and_after(self):
        off = self.document(1)
        self.assertEqual((off["auditing"], [one["code"] for one in off["hazards"]]), ("off", ["auditing-off"]))
        self.assertEqual((off["process"]["health"], off["process"]["agrees"]), ("ok", True), off["process"])
        self.assertEqual(off["process"]["pid"], self.cluster.api_server_pid(inside=True))
        self.saw("before: status 1, auditing-off; the process is healthy, and its flags are the manifest's")

        self.kaudit(*ENABLE)
        self.prove_trail()
        on = self.document(0)
        self.assertEqual((on["auditing"], on["process"]["agrees"], on["process"]["differences"]), ("on", True, []))
        self.assertTrue({one["severity"] for one in on["hazards"]} <= {"info"}, on["hazards"])
        self.assertEqual(on["policy"]["sha256"], on["policy"]["annotated_sha256"])
        self.assertEqual((on["log"]["state"], on["log"]["mount"]), ("file", "file"))
        self.assertLess(on["log"]["last_event_age"], 60)
        self.assertEqual((on["metrics"]["problem"], on["metrics"]["lost"]), (None, {}), on["metrics"])
        self.assertGreaterEqual(on["metrics"]["events"], 2)
        self.assertEqual(on["runs"]["last"]["state"], "healthy")
        text = self.status(0)
        print(text.out, flush=True)
        self.saw(f"with auditing: status 0 after {text.seconds * 1000:.0f} ms; {on['metrics']['events']:.0f} events counted, the last in the log "
                 f"{on['log']['last_event_age']:.0f} s ago")

        self.write(INSTALLED, EVERYTHING)
        self.assertEqual(self.hazards(1) | {"log-cannot-rotate": "info"},
                         {"policy-not-in-force": "warning", "policy-edited": "warning", "log-cannot-rotate": "info"})
        self.saw("the policy edited in place: status 1, policy-not-in-force and policy-edited")
        self.write(INSTALLED, scenario.DELETED_SECRETS)
        self.status(0)
        self.saw("its bytes written again: status 0")

    def test_the_manifest_is_edited_and_nobody_acts_on_it(self):
        self.kaudit(*ENABLE)
        self.cluster.kubelet_stop()
        ours = self.cluster.manifest.read_text()
        self.cluster.replace_manifest(ours.replace("--audit-log-maxage=30", "--audit-log-maxage=3"))
        stray = self.cluster.manifest.with_name("kube-apiserver.yaml.bak")
        stray.write_bytes(self.before)
        document = self.document(1)
        stray.unlink()
        found = {hazard["code"]: hazard["severity"] for hazard in document["hazards"]}
        self.assertEqual(found | {"log-cannot-rotate": "info"},
                         {"stray-pod": "error", "process-differs": "warning", "manifest-rewritten": "warning", "log-cannot-rotate": "info"})
        self.assertEqual(document["process"]["differences"], [{"flag": "audit-log-maxage", "manifest": "3", "process": "30"}])
        self.saw("the kubelet stopped, a flag edited, a copy beside the manifest: status 1, stray-pod, process-differs "
                 "(audit-log-maxage: manifest 3, process 30), manifest-rewritten")

        self.cluster.replace_manifest(ours + "# theirs\n")
        self.assertEqual(self.hazards(0) | {"log-cannot-rotate": "info"}, {"manifest-rewritten": "info", "log-cannot-rotate": "info"})
        self.saw("a comment of another writer: status 0, manifest-rewritten as info")

    def test_a_single_file_over_its_size(self):
        self.write(POLICY, EVERYTHING)
        # Where the node has logrotate that would rotate it: here it is the server that tries.
        self.kaudit(*ENABLE, "--max-size=1", "--rotate=server", "--flag=audit-log-mode=blocking")
        self.assertNotIn("log-full", self.hazards_now())
        requests = 0
        while "rename-failed" not in self.hazards_now():
            self.assertLess(requests, 20000, self.hazards_now())
            self.cluster.inside.in_network(lambda: ask_often(500))
            requests += 500
        document = self.document(1)
        found = {hazard["code"]: hazard["severity"] for hazard in document["hazards"]}
        self.assertEqual((found["events-lost"], found["rename-failed"], found["log-full"]), ("error",) * 3, found)
        lost = document["metrics"]["lost"]["log"]
        self.assertGreater(lost, 0)
        self.assertLessEqual(document["log"]["size"], 1 << 20)
        text = self.status(1)
        print(text.out, flush=True)
        self.saw(f"a single file at max-size 1: after {requests} requests status 1, log-full, rename-failed ({document['rename_failures']} in the "
                 f"container's last MiB), events-lost ({lost:.0f} by apiserver_audit_error_total); the file has {document['log']['size']} bytes")

        with open(self.cluster.path(LOG), "r+b") as file:
            file.truncate(0)
        self.cluster.inside.in_network(lambda: ask_often(5))
        after = self.hazards(1)
        self.assertNotIn("log-full", after)
        self.assertIn("events-lost", after)
        self.saw("emptied: log-full is gone, events-lost stays until the server restarts")

    def hazards_now(self):
        ended = self.begin("status", "--output=json").end()
        self.assertIn(ended.status, (0, 1), ended.err)
        return {hazard["code"] for hazard in json.loads(ended.out)["hazards"]}

    def test_a_run_that_nobody_finishes(self):
        started = self.begin(*ENABLE)
        self.await_word("starting", "answering")
        self.assertIn("run-at-work", self.hazards_now())
        guardian = self.guardian()
        namespaces.kill(started.process)
        started.end()
        scenario.kill(guardian)
        namespaces.until(lambda: not self.processes("guard"), 10, "the guardian's end")
        document = self.document(1)
        self.assertEqual(document["runs"]["unfinished"], [self.runs()[-1].name])
        found = {hazard["code"] for hazard in document["hazards"]}
        self.assertIn("unfinished-run", found)
        self.saw("at work: run-at-work; foreground and guardian killed: status 1, " + ", ".join(sorted(found)))
        guard = self.kaudit("guard")
        self.assertEqual(self.state(), "healthy", guard.err)
        self.assertNotIn("unfinished-run", self.hazards(0))
        follow = self.kaudit("status", "--follow")
        self.assertIn("it ended: healthy", follow.out)
        self.saw("after kaudit guard: status 0")


if __name__ == "__main__":
    scenario.main()
