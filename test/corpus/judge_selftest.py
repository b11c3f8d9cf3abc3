"""The judge of the corpus, judged: it passes a right edit and names every wrong one."""

import copy
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402

try:
    import bytes_kept
    import go_yaml
    import model
except (ImportError, AttributeError) as missing:
    testing.skip_all(f"PyYAML with libyaml is not installed ({missing})")

POLICY = "/etc/kubernetes/prod-audit.yaml"
WISH = model.Wish(POLICY, "d" * 64, testing.LOG)
FLAGS = [f"--audit-log-maxage=30", "--audit-log-maxbackup=10", "--audit-log-maxsize=100",
         f"--audit-log-path={testing.LOG}", f"--audit-policy-file={POLICY}"]


def right_edit(old):
    """By hand, for a sorted kubeadm manifest without audit settings."""
    new = copy.deepcopy(old)
    new["metadata"].setdefault("annotations", {})["kaudit/policy-sha256"] = "d" * 64
    container = new["spec"]["containers"][0]
    container["command"] = container["command"][:1] + sorted(container["command"][1:] + FLAGS)
    container["volumeMounts"] += [{"mountPath": POLICY, "name": "audit", "readOnly": True},
                                  {"mountPath": testing.LOG, "name": "audit-log"}]
    new["spec"]["volumes"] += [{"name": "audit", "hostPath": {"path": POLICY, "type": "File"}},
                               {"name": "audit-log", "hostPath": {"path": testing.LOG, "type": "FileOrCreate"}}]
    return new


class Judge(testing.TestCase):
    def setUp(self):
        self.old = go_yaml.decode(testing.golden_manifest())
        self.new = right_edit(self.old)
        self.container = self.new["spec"]["containers"][0]

    def test_the_right_edit_passes(self):
        self.assertEqual([], model.problems(self.old, self.new, WISH))

    def test_nothing_done_is_a_problem(self):
        self.assertNotEqual([], model.problems(self.old, self.old, WISH))

    def expect_problem(self):
        self.assertNotEqual([], model.problems(self.old, self.new, WISH))

    def test_a_value_that_lost_its_quotes(self):
        self.new["metadata"]["annotations"] = {**self.new["metadata"]["annotations"], "a": True}
        self.expect_problem()

    def test_a_flag_lost(self):
        self.container["command"].remove("--allow-privileged=true")
        self.expect_problem()

    def test_a_flag_out_of_its_sorted_place(self):
        self.container["command"].append(self.container["command"].pop(2))
        self.expect_problem()

    def test_a_flag_twice(self):
        self.container["command"].append(FLAGS[0])
        self.expect_problem()

    def test_another_value(self):
        self.container["command"] = [word.replace("maxage=30", "maxage=31") for word in self.container["command"]]
        self.expect_problem()

    def test_a_writable_policy(self):
        del self.container["volumeMounts"][-2]["readOnly"]
        self.expect_problem()

    def test_a_read_only_log(self):
        self.container["volumeMounts"][-1]["readOnly"] = True
        self.expect_problem()

    def test_a_wrong_volume_type(self):
        self.new["spec"]["volumes"][-1]["hostPath"]["type"] = "DirectoryOrCreate"
        self.expect_problem()

    def test_a_missing_volume(self):
        self.new["spec"]["volumes"].pop()
        self.expect_problem()

    def test_a_lost_volume(self):
        del self.new["spec"]["volumes"][0]
        self.expect_problem()

    def test_something_else_in_the_pod(self):
        self.new["spec"]["hostNetwork"] = False
        self.expect_problem()

    def test_a_number_that_became_a_string(self):
        self.new["spec"]["priority"] = str(self.new["spec"]["priority"])
        self.expect_problem()

    def test_an_old_mount_left_behind(self):
        old = copy.deepcopy(self.new)
        wish = model.Wish(POLICY, "d" * 64, "/var/log/moved.log")
        self.container["command"] = [w.replace(testing.LOG, "/var/log/moved.log") for w in self.container["command"]]
        self.container["volumeMounts"].append({"name": "audit-log-2", "mountPath": "/var/log/moved.log"})
        self.new["spec"]["volumes"].append(
            {"name": "audit-log-2", "hostPath": {"path": "/var/log/moved.log", "type": "FileOrCreate"}})
        self.assertNotEqual([], model.problems(old, self.new, wish))
        del self.container["volumeMounts"][-2]
        self.assertNotEqual([], model.problems(old, self.new, wish), "the volume still stands")
        del self.new["spec"]["volumes"][-2]
        self.assertEqual([], model.problems(old, self.new, wish))


class Bytes(testing.TestCase):
    def test_inserted_bytes_pass_and_a_lost_comment_does_not(self):
        old = testing.golden_manifest().replace(b"hostNetwork: true", b"hostNetwork: true # kept")
        new = old.replace(b"    - --allow-privileged=true\n", b"    - --allow-privileged=true\n    - --audit-log-maxage=30\n")
        self.assertEqual([], bytes_kept.problems(old, new, WISH))
        self.assertNotEqual([], bytes_kept.problems(old, new.replace(b" # kept", b""), WISH))
        self.assertNotEqual([], bytes_kept.problems(old, new.rstrip(b"\n"), WISH))

    def test_go_reads_scalars_by_yaml_1_1(self):
        read = go_yaml.decode(b"a: [yes, 1:30, 010, 1e3, 2020-01-01, ~, '1', y]")["a"]
        self.assertEqual([True, "1:30", ("int", 8), ("float", 1000.0), "2020-01-01", None, "1", True], read)


if __name__ == "__main__":
    testing.main()
