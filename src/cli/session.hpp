#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/cli/options.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/manifest/manifest.hpp"
#include "kaudit/patch/desired.hpp"
#include "kaudit/patch/plan.hpp"
#include "kaudit/patch/webhook_config.hpp"
#include "kaudit/rollout/run.hpp"
#include "kaudit/yaml/document.hpp"

namespace kaudit::cli {

/// A policy, a webhook config or a file it names is read up to this many bytes.
inline constexpr std::size_t k_input_limit = 10U << 20U;

/// What one call of a verb works with, and what it has to say on the way.
struct Session {
  const RunOptions& options;
  host::Root root;
  std::vector<Warning> warnings = {};

  [[nodiscard]] rollout::StateOptions state() const { return {options.state_dir, options.keep_backups}; }
  /// A refusal about surroundings: an error, unless `--ignore` names its code; then a warning.
  [[nodiscard]] Status refuse_surroundings(Error error);
  /// The same for what the server's user may do with a file. In a scratch root it is a warning at most: owners there
  /// are those that the caller could set, not those that the node will have.
  [[nodiscard]] Status refuse_access(Error error);
  void warn(Error error);
};

/// The manifest as it was found. Stays where it is: `manifest` points into `document`.
struct ManifestInput {
  std::string node_path;
  host::FileImage image;
  std::optional<yaml::Document> document;
  decode::Value value;
  manifest::Manifest manifest;
};

/// A file of the node that the server will read, as it is or as this run will write it.
struct NodeFile {
  rollout::Role role = rollout::Role::policy;
  std::string node_path;
  std::string origin;  ///< the file of the person who types
  std::string bytes;
  std::string digest;
  std::optional<host::FileImage> before;
  host::Metadata metadata;
  /// Whether its bytes, its owner or its mode are to change.
  [[nodiscard]] bool must_write() const;
};

/// The webhook config and the files that it names.
struct WebhookInput {
  NodeFile config;
  patch::Receiver receiver;
  std::string authority;  ///< PEM: by whom the receiver's certificate must be signed; "": nobody is named
  std::vector<patch::MountedFile> mounted;
  std::vector<NodeFile> installed;
};

/// A file and the digest of its content.
struct ListedFile {
  std::string node_path;
  std::string digest;
};

/// One digest for all files beside the webhook config, in its order: a running server's mounts go on showing the old
/// ones. "": there are none.
[[nodiscard]] std::string digest_of(const std::vector<ListedFile>& files);

/// The manifest's path on the node: `--manifest`, the default, or the one API server manifest in the kubelet's own
/// staticPodPath. Errors: status 4 "missing".
[[nodiscard]] Result<std::string> find_manifest(Session& session);

/// The manifest's file as it is, whoever may write it and whatever lies beside it.
struct ManifestFile {
  std::string node_path;
  std::string shown;
  host::FileImage image;
};

/// Errors: those of find_manifest; status 3 for what is no regular file, status 4 "missing" and for what the host
/// refuses.
[[nodiscard]] Result<ManifestFile> read_manifest_file(Session& session);

/// Reads and proves the manifest, and looks at what lies beside it. Errors: status 3 for everything unacceptable,
/// "stray-pod" among it; status 4 for what the host refuses.
[[nodiscard]] Result<std::unique_ptr<ManifestInput>> read_manifest(Session& session);

/// The same for bytes that are at hand; `shown` is what people call them. Nothing beside it is looked at.
[[nodiscard]] Result<std::unique_ptr<ManifestInput>> understand_manifest(Session& session, const std::string& node_path,
                                                                         const std::string& shown,
                                                                         host::FileImage image);

/// Files beside the manifest that decode to the same pod: refused.
[[nodiscard]] Status refuse_strays(Session& session, const ManifestInput& input);

/// What the manifest's owner needs so that the change survives its next upgrade, as a warning.
void hint_of_owner(Session& session, const ManifestInput& input);

/// What `--policy` and `--policy-dest` mean on this node; nothing when not given.
[[nodiscard]] Result<std::optional<NodeFile>> read_policy(Session& session, const EnableOptions& options,
                                                          const ManifestInput& input);

/// The same for `--webhook-config`.
[[nodiscard]] Result<std::optional<WebhookInput>> read_webhook(Session& session, const EnableOptions& options,
                                                               const ManifestInput& input);

/// What can be known of the receiver before anything is written, as warnings: its name, from the host's network, as the
/// API server will look it up; whether it can be connected to, and its certificate, without sending it a request. With
/// another root than the node's only what the config's text tells. Takes up to a few seconds.
void check_webhook(Session& session, const WebhookInput& webhook, const decode::Value& manifest);

/// Whether the server of `manifest` would load a policy. Errors, status 3: its first reason. Findings become warnings.
[[nodiscard]] Status check_policy(Session& session, const manifest::Manifest& manifest, const std::string& shown,
                                  const std::string& bytes);

/// Whether this run makes the kubelet start the API server again.
enum class ServerRestart { comes, not_planned };

/// The same for the policy that the manifest names, as it lies on the node: the server reads it when it starts. What
/// cannot be read is refused as "policy-unreadable", which `--ignore` may name; a file that is missing below another
/// root than the node's is nothing. Where no restart is planned, whatever is wrong is a warning.
[[nodiscard]] Status check_named_policy(Session& session, const manifest::Manifest& manifest, ServerRestart restart);

/// Where a file given by a person shall be on the node.
struct Placement {
  rollout::Role role;
  std::string given;                ///< path of the person who types
  std::optional<std::string> dest;  ///< chosen path on the node; nothing: used in place, or /etc/kubernetes/<name>
  std::string_view flag;            ///< the server's flag that names such a file …
  std::string flag_names = {};  ///< … and what it must name for the destination to be the server's own; "": itself
};
[[nodiscard]] Result<NodeFile> place_file(Session& session, const ManifestInput& input, const Placement& placement);

/// Owner, mode and label for a new file that the server must read but not write.
[[nodiscard]] Result<host::Metadata> metadata_for_reading(Session& session, const ManifestInput& input);
/// The same for what it must write: the log, or its directory.
[[nodiscard]] Result<host::Metadata> metadata_for_log(Session& session, const ManifestInput& input,
                                                      const patch::Plan& plan);

/// Refuses a log, or a directory for it, that a server which is not root could not write; warns of one that is every
/// user's.
[[nodiscard]] Status check_log_owner(Session& session, const patch::Plan& plan);

/// Refuses a path below the manifest's directory or the conventional one: the kubelet takes every file there for a pod.
[[nodiscard]] Status refuse_below_manifests(const ManifestInput& input, std::string_view node_path,
                                            std::string_view what);

/// Checks the log's path and says whether its directory is its own (absent, or holding nothing but this log and its
/// rotated files).
[[nodiscard]] Result<bool> look_at_log(Session& session, const EnableOptions& options, const ManifestInput& input);

/// Directories that are missing on the way to `node_path`, outermost first.
[[nodiscard]] Result<std::vector<std::string>> missing_directories(const host::Root& root, std::string_view node_path);

/// What `enable` would do: everything together.
struct Job {
  std::unique_ptr<ManifestInput> input;
  std::optional<NodeFile> policy;
  std::optional<WebhookInput> webhook;
  patch::Plan plan;
  std::optional<NodeFile> drop_in;          ///< logrotate's, as it shall be
  std::optional<NodeFile> drop_in_removed;  ///< the one that goes, as it is
  [[nodiscard]] bool changes_something() const;
  /// Whether anything changes that the API server reads.
  [[nodiscard]] bool changes_server() const;
};
[[nodiscard]] Result<Job> prepare(Session& session, const EnableOptions& options);

/// Paths that cannot go together: two of the server's on one place, one in the program's own state, one that is no
/// file.
[[nodiscard]] Status refuse_collisions(const EnableOptions& options, const Job& job);

[[nodiscard]] std::vector<std::string> summary_of(const std::vector<patch::Change>& changes);

/// A file that is stored with the run and, where it has to be, written.
[[nodiscard]] rollout::FileIntent intent_for(const NodeFile& file);

/// Adds the log or its own directory to what a run makes before it replaces the manifest: the kubelet's FileOrCreate
/// and DirectoryOrCreate would make them readable by everybody.
[[nodiscard]] Status provide_log(Session& session, const ManifestInput& input, const patch::Plan& plan,
                                 std::vector<rollout::Provision>& provisions);

/// What is to be written. Errors: what the host would refuse (read-only, immutable, bind-mounted, …), found before
/// anything is written.
[[nodiscard]] Result<rollout::Intent> intent_of(Session& session, const Job& job);

}  // namespace kaudit::cli
