"""What the program asks the kernel for: nothing in a dry run; in a real one a single rename, with everything on the disk
before it."""

import ctypes
import json
import os
import re
import struct
import unittest

import tracing
from tracing import testing

IN_EVENTS = {0x2: "MODIFY", 0x4: "ATTRIB", 0x40: "MOVED_FROM", 0x80: "MOVED_TO", 0x100: "CREATE", 0x200: "DELETE"}
DEMO = testing.SOURCE / "testdata/demo/node"
WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")
CHANGING = {"rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir",
            "symlink", "symlinkat", "mknod", "mknodat", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat",
            "lchown", "setxattr", "lsetxattr", "fsetxattr", "removexattr", "fremovexattr", "ftruncate", "truncate",
            "utimensat", "flock", "fsync", "fdatasync"}


class Watch:
    """inotify on one directory: the events for names that the kubelet would look at."""

    def __init__(self, directory):
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._libc.inotify_init1(os.O_NONBLOCK)
        mask = sum(IN_EVENTS)
        if self._fd < 0 or self._libc.inotify_add_watch(self._fd, os.fsencode(directory), mask) < 0:
            raise OSError(ctypes.get_errno(), "inotify")

    def events(self):
        try:
            data = os.read(self._fd, 1 << 16)
        except BlockingIOError:
            return []
        finally:
            os.close(self._fd)
        found = []
        while data:
            _, mask, _, length = struct.unpack_from("iIII", data)
            name = data[16:16 + length].rstrip(b"\0").decode()
            if not name.startswith("."):
                found.append((IN_EVENTS.get(mask & 0xfff, hex(mask)), name))
            data = data[16 + length:]
        return found


@unittest.skipIf(tracing.available(), tracing.available())
@unittest.skipUnless(os.path.exists("/proc/self/fd"), "strace names the paths of descriptors only where /proc is")
class Order(testing.TestCase):
    def setUp(self):
        self.node = testing.Node(self, skeleton=DEMO)
        self.log = self.node.base / "strace.log"
        self.words = ["enable", "--root", self.node.root, "--policy", self.node.policy, "--log", testing.LOG]

    def trace(self, *extra):
        done = tracing.traced([*self.words, *extra], self.log)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return tracing.calls_in(self.log)

    def test_a_dry_run_opens_nothing_for_writing_and_changes_nothing(self):
        for extra in (["--dry-run"], ["--dry-run", "--output", "json"]):
            calls = self.trace(*extra)
            self.assertGreater(len(calls), 50)
            guilty = [call for call in calls if call.name in CHANGING
                      or (call.name.startswith("open") and WRITING.search(call.text))]
            self.assertEqual([], guilty)
            self.assertEqual([], [call for call in calls if call.name == "write"
                                  and not call.text.startswith(("1<", "2<"))])

    def test_status_opens_nothing_for_writing_changes_and_locks_nothing(self):
        self.trace()
        (self.node.root / testing.LOG.lstrip("/")).write_text('{"stageTimestamp":"2026-01-31T12:00:00Z"}\n')
        self.assert_looks_only(0, [], ["--output", "json"], ["-q"], ["--follow"])
        run = next((self.node.state / "runs").iterdir())
        record = json.loads((run / "record.json").read_text())
        (run / "record.json").write_text(json.dumps({**record, "state": "prepared", "finished": None}, indent=2) + "\n")
        self.assert_looks_only(1, [], ["-v"])

    def assert_looks_only(self, status, *calls_of):
        for extra in calls_of:
            done = tracing.traced(["status", "--root", self.node.root, *extra], self.log)
            self.assertEqual(done.returncode, status, done.stderr.decode())
            calls = tracing.calls_in(self.log)
            self.assertGreater(len(calls), 20)
            guilty = [call for call in calls if call.name in CHANGING
                      or (call.name.startswith("open") and WRITING.search(call.text))]
            self.assertEqual([], guilty)
            self.assertEqual([], [call for call in calls if call.name == "write"
                                  and not call.text.startswith(("1<", "2<"))])

    def test_a_real_run_makes_one_change_that_the_kubelet_sees(self):
        watch = Watch(self.node.manifests)
        self.trace()
        self.assertEqual([("MOVED_TO", "kube-apiserver.yaml")], watch.events())

    def test_a_second_run_makes_none_and_writes_nothing(self):
        self.trace()
        watch = Watch(self.node.manifests)
        calls = self.trace()
        self.assertEqual([], watch.events())
        self.assertEqual([], [call for call in calls if call.name in CHANGING])

    def test_nothing_is_ever_truncated_in_place(self):
        calls = self.trace()
        self.assertEqual([], [call for call in calls if "O_TRUNC" in call.text or "truncate" in call.name])

    def test_owner_and_mode_are_set_and_the_file_is_synced_before_the_rename_and_the_directory_after(self):
        calls = self.trace()
        rename = self.only(calls, lambda call: call.name.startswith("rename") and '"kube-apiserver.yaml"' in call.text)
        temporary = re.search(r'"(\.[^"]+)"', calls[rename].text).group(1)
        create = self.only(calls, lambda call: call.name == "openat" and f'"{temporary}"' in call.text
                           and "O_CREAT" in call.text)
        self.assertIn("O_EXCL", calls[create].text)
        self.assertIn("O_NOFOLLOW", calls[create].text)
        of_it = [(index, call.name) for index, call in enumerate(calls) if f"/{temporary}>" in call.text]
        last_write = max(index for index, name in of_it if name == "write")
        sync = [index for index, name in of_it if name == "fsync"]
        self.assertTrue(any(last_write < index < rename for index in sync))
        for name in ("fchmod", "fchown", "fsetxattr"):
            self.assertTrue(all(index < rename for index, called in of_it if called == name))
        after = calls[rename + 1:]
        self.assertTrue(any(call.name == "fsync" and "/etc/kubernetes/manifests>" in call.text for call in after))
        self.assertFalse(any(call.name in ("fchmod", "fchown", "fsetxattr") and "manifests" in call.text
                             for call in after))

    def test_the_record_is_on_the_disk_before_anything_of_the_node_changes(self):
        calls = self.trace()
        first = next(index for index, call in enumerate(calls) if call.name.startswith(("rename", "link"))
                     and "/kaudit/" not in call.text)
        synced = [call.text for call in calls[:first] if call.name == "fsync"]
        for part in ("/record.json>", "/before/kube-apiserver.yaml>", "/after/kube-apiserver.yaml>",
                     "/after/prod-audit.yaml>", "/runs>"):
            self.assertTrue(any(part in text for text in synced), f"{part} in {synced}")
        runs = [text for text in synced if re.search(r"/runs/[^/>]+>", text)]
        self.assertTrue(runs, synced)

    def test_policy_and_log_are_on_the_disk_before_the_manifest_names_them(self):
        calls = self.trace()
        rename = self.only(calls, lambda call: call.name.startswith("rename") and '"kube-apiserver.yaml"' in call.text)
        synced = [call.text for call in calls[:rename] if call.name == "fsync"]
        for part in ("-prod-audit.yaml>", "/etc/kubernetes>", "/var/log>"):
            self.assertTrue(any(part in text for text in synced), f"{part} in {synced}")

    def only(self, calls, is_it):
        found = [index for index, call in enumerate(calls) if is_it(call)]
        self.assertEqual(1, len(found), [calls[index] for index in found])
        return found[0]


if __name__ == "__main__":
    testing.main()
