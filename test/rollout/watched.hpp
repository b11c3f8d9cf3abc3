#pragma once

#include <utility>

#include "rollout/node.hpp"
#include "rollout/record.hpp"
#include "rollout/store.hpp"

namespace kaudit::test {

inline constexpr const char* k_watched_id = "20260131T081530.123Z-5f3c9a";

/// What a guardian would need; nothing answers on that port.
inline rollout::WatchPlan watch_plan() {
  rollout::WatchPlan plan;
  plan.server.pod_name = "kube-apiserver";
  plan.server.container = "kube-apiserver";
  plan.server.bind_address = "192.0.2.10";
  plan.server.secure_port = 6443;
  plan.server.certificate_files = {"/etc/kubernetes/pki/apiserver.crt"};
  plan.server.client_certificate_file = "/etc/kubernetes/pki/client.crt";
  plan.server.client_key_file = "/etc/kubernetes/pki/client.key";
  plan.audit_flags_before = {"--audit-log-path=/old.log"};
  plan.audit_flags_after = {"--audit-log-path=/new.log", "--audit-policy-file=/p.yaml"};
  plan.pod_log_directory = "/data/pods";
  plan.times = {120, 25.5};
  plan.restart = rollout::WatchPlan::Restart::none;
  plan.hasten = rollout::WatchPlan::Hasten::yes;
  return plan;
}

inline rollout::Baseline baseline() {
  return {"6f2d7e5e-boot",
          1234.5,
          rollout::Baseline::Boot::later,
          {{17, 99}, {18, 100}},
          {"uid/0", "uid/1"},
          {"/var/log/kubelet", 42, 7, "@1.5", 17},
          rollout::Baseline::Signal::not_sent};
}

/// A watched run whose folder is on the disk, in the state that a guardian left it in.
struct Watched {
  Watched(const Node& on, rollout::Intent intent, rollout::RunState state)
      : node(&on), root(on.scratch.root()), store(root, on.state) {
    intent.watch = watch_plan();
    record = rollout::make_record(intent, k_watched_id, "2026-01-31T08:15:30Z");
    record.state = state;
    record.baseline = baseline();
    REQUIRE(store.create(record, intent, {}));
  }

  /// What the run wrote before it was left: as carry_out() does it, but the policy is not looked at again.
  void write_everything() const {
    node->scratch.write(k_policy, node->scratch.read(folder() + "/after/prod-audit.yaml"), 0600);
    node->scratch.write(k_log, "", 0600);
    node->scratch.write(k_manifest, node->scratch.read(folder() + "/after/kube-apiserver.yaml"), 0640);
  }

  [[nodiscard]] static std::string folder() { return std::string(k_runs) + "/" + k_watched_id; }

  const Node* node;
  host::Root root;
  rollout::Store store;
  rollout::Record record;
};

}  // namespace kaudit::test
