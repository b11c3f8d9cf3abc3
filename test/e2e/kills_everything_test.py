#!/usr/bin/env python3
"""Everything on the node is killed in the middle of a run and comes up again, with what the unit at boot calls: kaudit guard.

No reboot: the kernel's boot id stays, so the whole-timeout rule of a real one is for the unit tests.
"""

import namespaces
import scenario
from kills import Kills
from scenario import ENABLE


class Everything(Kills):
    def killed_at(self, word):
        self.begin_until(word)
        for pid in self.cluster.inside.processes():
            if namespaces.program(pid) in {"kaudit", "kubelet", "kube-apiserver", "etcd"}:
                scenario.kill(pid)
        namespaces.until(lambda: not self.cluster.node.kubelet_pid(), 10, "the kubelet's end")
        self.cluster.kubelet_start()
        guard = self.kaudit("guard")
        self.cluster.wait_ready()
        state = self.state()
        if word == "writing" and state == "prepared":
            # Killed before its guardian had begun: nothing was changed, and the next verb that may write tidies up.
            self.assert_old()
            again = self.kaudit(*ENABLE)
            self.assert_new()
            self.saw(f"kaudit guard: nothing to do; the next enable: status 0 after {again.seconds:.1f} s")
            return
        self.assertIn(state, ("healthy", "restored", "abandoned"), guard.err + "\n".join(self.journal()))
        self.assert_complete(word, state)
        how = "resumed" if any(" resumed " in line for line in self.journal()) else "it had just ended"
        self.saw(f"kaudit guard: {how}, {state} after {guard.seconds:.1f} s")


Everything.each(("writing", "starting", "settling", "restoring"), Everything.killed_at)

if __name__ == "__main__":
    scenario.main()
