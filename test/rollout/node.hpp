#pragma once

#include <string>
#include <vector>

#include "host/scratch.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/rollout/history.hpp"
#include "kaudit/rollout/run.hpp"

namespace kaudit::test {

inline constexpr const char* k_manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
inline constexpr const char* k_policy = "/etc/kubernetes/prod-audit.yaml";
inline constexpr const char* k_log = "/var/log/prod-secrets.log";
inline constexpr const char* k_runs = "/var/lib/kaudit/runs";

/// A scratch node with a manifest, and what a run of `enable` would do to it.
class Node {
 public:
  Node() {
    scratch.write(k_manifest, "old manifest\n", 0640);
    scratch.make_directory("/var/log");
  }

  [[nodiscard]] std::optional<host::FileImage> image(const std::string& node_path) const {
    auto read = host::read_file(scratch.place(node_path), 1 << 20);
    REQUIRE(read);
    return *std::move(read);
  }

  [[nodiscard]] rollout::FileIntent file(rollout::Role role, const std::string& node_path,
                                         const std::string& after) const {
    rollout::FileIntent intent;
    intent.role = role;
    intent.node_path = node_path;
    intent.before = image(node_path);
    intent.after = after;
    intent.metadata = intent.before ? intent.before->metadata : metadata(0600);
    return intent;
  }

  [[nodiscard]] static host::Metadata metadata(unsigned mode) { return {mode, ::geteuid(), ::getegid(), {}}; }

  /// New manifest, policy and log.
  [[nodiscard]] rollout::Intent intent(const std::string& manifest = "new manifest\n",
                                       const std::string& policy = "new policy\n") const {
    rollout::Intent made;
    made.verb = "enable";
    made.summary = {"add --audit-policy-file"};
    made.program_version = "1.2.3";
    made.manifest = file(rollout::Role::manifest, k_manifest, manifest);
    made.files.push_back(file(rollout::Role::policy, k_policy, policy));
    made.provisions.push_back({rollout::Provision::Kind::empty_file, k_log, metadata(0600)});
    return made;
  }

  [[nodiscard]] Result<rollout::Outcome> execute(const rollout::Intent& intent) const {
    return rollout::execute(scratch.root(), state, intent);
  }
  [[nodiscard]] Result<std::vector<std::string>> tidy() const { return rollout::tidy(scratch.root(), state); }
  [[nodiscard]] std::vector<rollout::StoredRun> runs() const {
    auto listed = rollout::list_runs(scratch.root(), state);
    REQUIRE(listed);
    return std::move(listed).value();
  }

  /// The names in a directory, the hidden ones too.
  [[nodiscard]] std::vector<std::string> names(const std::string& node_path) const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(scratch.at(node_path))) {
      found.push_back(entry.path().filename());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  Scratch scratch;
  rollout::StateOptions state;
};

using Names = std::vector<std::string>;

}  // namespace kaudit::test
