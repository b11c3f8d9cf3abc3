#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/kube/audit_flags.hpp"
#include "kaudit/manifest/manifest.hpp"
#include "kaudit/patch/desired.hpp"
#include "kaudit/patch/plan.hpp"
#include "operations.hpp"

namespace kaudit::patch {

/// A plan while it is being made: what was asked, what is there, and what has been decided so far.
struct Draft {
  const manifest::Manifest& manifest;
  const Desired& desired;
  std::vector<Operation> operations = {};
  std::vector<Change> changes = {};
  std::vector<Warning> warnings = {};
  std::set<std::size_t> removed_mounts = {};   ///< indices in manifest.mounts' list
  std::set<std::size_t> removed_volumes = {};  ///< indices in manifest.volumes' list
  std::set<std::string> new_volumes = {};      ///< names given in this plan

  /// The entry that this draft already puts into a mapping; null pointer if it does not. What else goes there joins it.
  [[nodiscard]] InsertEntry* inserted_entry(yaml::NodeId mapping, std::string_view key);

  [[nodiscard]] const text::Source& source() const { return manifest.document->source(); }
};

/// What a flag shall be.
struct WantedFlag {
  std::string name;
  std::optional<std::string> value;  ///< nothing: it shall not be there
  enum class Force { enforced, only_if_absent } force = Force::enforced;
};

/// The audit flags that follow from what was asked, sorted by name.
[[nodiscard]] std::vector<WantedFlag> wanted_flags(const manifest::Manifest& manifest, const Desired& desired);

/// The server's audit flags in command line order as they will be.
[[nodiscard]] std::vector<kube::FlagSetting> settings_after(const manifest::Manifest& manifest,
                                                            const std::vector<WantedFlag>& wanted);
/// Effective value of a flag among settings: the last one counts. "" when not set.
[[nodiscard]] std::string effective(const std::vector<kube::FlagSetting>& settings, std::string_view name);

/// Decides who rotates the log, into `plan`, and changes the wish for max-size to what follows from that. Nothing of
/// the draft that is being made is touched. Errors: status 3 for a wish that cannot be: "rotate-needs-file",
/// "rotate-needs-size".
[[nodiscard]] Status decide_rotation(const manifest::Manifest& manifest, const Desired& desired,
                                     std::vector<WantedFlag>& wanted, Plan& plan);

/// Adds, replaces and removes flags; of one set twice the last stays.
void change_flags(Draft& draft, const std::vector<WantedFlag>& wanted);

/// Takes out one flag, in one or two elements.
void remove_flag(Draft& draft, const manifest::Flag& flag);

/// Refuses settings with which kube-apiserver of this version (nothing: of any known version) would not start.
[[nodiscard]] Status check_flags(const Draft& draft, const std::vector<kube::FlagSetting>& settings,
                                 std::optional<kube::Version> version);

enum class Access { read, write };

/// A path of the node that the server must see at the same path.
struct WantedMount {
  std::string path;         ///< normalised
  std::string volume_name;  ///< wished for
  std::string type;         ///< hostPath type of a new volume
  Access access = Access::read;
  std::string why;  ///< "audit policy", for messages
  /// Whether a mount of a directory above it will do.
  enum class Own : std::uint8_t { if_not_covered, always } own = Own::if_not_covered;
};

/// The mount through which the server sees `path`: the deepest one at or above it that is not being removed.
[[nodiscard]] const manifest::Mount* governing_mount(const Draft& draft, std::string_view path);

/// The host path that a mount shows at `path`; nothing if it is no hostPath or cannot be known (subPathExpr).
[[nodiscard]] std::optional<std::string> host_path_at(const Draft& draft, const manifest::Mount& mount,
                                                      std::string_view path);

/// Whether the server already sees exactly `path` of the node at `path`, writable where it must be.
[[nodiscard]] bool is_covered(const Draft& draft, std::string_view path, Access access);

/// Adds volume and mount for what is not covered.
[[nodiscard]] Status ensure_mount(Draft& draft, const WantedMount& wanted);

/// Takes out the mounts that served only a path the audit flags (`after`: those that stay) do not name any more, and
/// their volumes. What anything else in the server's container names stays.
void retire_mounts(Draft& draft, const std::vector<kube::FlagSetting>& after);

/// Whether a mount bears the name that this program gives to a log's.
[[nodiscard]] bool is_log_mount(const manifest::Mount& mount);

/// Whether anything in the server's container but its audit flags and its mounts names `path`, or something below it
/// that has no deeper mount of its own.
[[nodiscard]] bool is_named_elsewhere(const Draft& draft, std::string_view path);

/// Takes out one mount, and its volume if nothing else mounts it.
void remove_mount(Draft& draft, const manifest::Mount& mount);

/// How the log reaches the host once the draft is done, and what must be mounted for it.
[[nodiscard]] Status mount_log(Draft& draft, Plan& plan);

/// Sets an annotation of the pod. A new value recreates the pod.
void set_annotation(Draft& draft, const std::string& key, const std::string& value);

/// The last sentences of every plan: turns the draft's operations into edits, applies them, and proves the result: the
/// judge, who is not the parser that made the edits, reads the new text and must find the old tree (`value`) with
/// exactly the planned changes, and the kubelet must take it for a pod. Edits, text, changes and warnings go into
/// `plan`.
[[nodiscard]] Status finish(Draft& draft, decode::Value value, Plan& plan);

/// Promise 8: every configuration in which events would vanish is told, whether or not this plan made it.
void warn_of_hazards(Draft& draft, const Plan& plan, const std::vector<kube::FlagSetting>& settings);

/// Index at which a new item goes so that a sorted list stays sorted: in front of the first greater name; at the end of
/// a list that is not sorted or too short to tell.
[[nodiscard]] std::size_t sorted_position(const std::vector<std::string>& names, std::string_view name);

/// The same for an entry of a mapping.
[[nodiscard]] std::size_t entry_position(const yaml::Document& document, yaml::NodeId mapping, std::string_view key);

/// A refusal (status 3) without a position: what was asked for is at fault, not a place in the file.
[[nodiscard]] Error refused(std::string code, std::string message, std::string hint);

}  // namespace kaudit::patch
