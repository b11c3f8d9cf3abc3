#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/kube/version.hpp"
#include "kaudit/manifest/manifest.hpp"
#include "kaudit/patch/desired.hpp"
#include "kaudit/text/edit.hpp"

namespace kaudit::patch {

enum class Action : std::uint8_t { add, replace, remove };

/// One change of the manifest in the field's words.
struct Change {
  std::string path;  ///< `spec.containers[0].command`, `spec.volumes`, `metadata.annotations[kaudit/policy-sha256]`
  Action action = Action::add;
  std::string before;  ///< empty when added
  std::string after;   ///< empty when removed
};

/// What enable would do to one manifest. Proven: the judge read `new_text` and found the old tree plus exactly
/// `changes`. No edits: nothing to do, `new_text` is the old text.
struct Plan {
  std::vector<Change> changes;
  std::vector<text::TextEdit> edits;
  std::string new_text;
  std::vector<Warning> warnings;

  kube::Version version;  ///< whose rules were applied
  std::string log_path;   ///< effective after the change; "" = no log backend
  std::string policy_path;
  std::string webhook_path;
  /// How the log reaches the host after the change.
  enum class LogMount : std::uint8_t { none, file, directory } log_mount = LogMount::none;
  /// The host path to make before the write: the log file (`file`) or its directory (`directory`) when this plan
  /// mounts it. Empty otherwise.
  std::string log_host_path;
  /// Who rotates a log that is mounted as a file, after the change.
  Rotator rotator = Rotator::server;
  /// Rotation in force after the change, logrotate's where that rotates; 0: unlimited, off, or not known.
  std::int64_t log_max_size_mb = 0;  ///< MB = 2^20 bytes
  std::int64_t log_max_backups = 0;
  std::int64_t log_max_age_days = 0;
  bool compresses_log = false;
  std::uint32_t run_as_user = 0;
  std::uint32_t run_as_group = 0;
};

/// Finds what is missing, turns each into an edit, applies them, reads the result as the kubelet does and compares
/// it with the intended tree. Pure. `value` is the manifest as the judge read it; it is taken over to become the
/// intended tree.
///
/// Errors, status 3: a manifest or a wish that the kubelet or kube-apiserver would refuse, a mountPath taken by another
/// host path, a shape that is not modelled; with position where there is one. Status 70: the proof failed; the
/// message says where the trees differ.
[[nodiscard]] Result<Plan> plan(const manifest::Manifest& manifest, decode::Value value, const Desired& desired);

}  // namespace kaudit::patch
