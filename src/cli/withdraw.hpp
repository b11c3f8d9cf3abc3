#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/rollout/history.hpp"
#include "session.hpp"

namespace kaudit::cli {

/// The manifest as it was before auditing came, and the run that stored it.
struct Original {
  std::string bytes;
  std::string run_id;
};

/// The way back to the very bytes: nothing but runs of `enable` of ours stands between the manifest as it is and one
/// without audit settings, each having begun with what the one before it wrote. Nothing: somebody else edited it in
/// between, or those runs are not kept any more.
[[nodiscard]] Result<std::optional<Original>> original_of(const Session& session, const ManifestInput& input);

/// The manifest that the newest `disable` replaced, for what is to be purged afterwards. Nothing: there was none, or it
/// cannot be read any more.
[[nodiscard]] Result<std::unique_ptr<ManifestInput>> last_disabled(const Session& session, const ManifestInput& input);

/// A file of the node that goes, and what it is.
struct Purged {
  rollout::Removal removal;
  std::string what;                ///< "audit policy", "rotated audit log"
  std::optional<NodeFile> stored;  ///< its content, where that is stored with the run
};

/// The policy and the webhook config that the manifest names, as they are: they belong to it, and a run that replaces
/// it stores them as the way back. What cannot be read is left out.
[[nodiscard]] std::vector<NodeFile> named_files(const Session& session, const ManifestInput& input);

/// What `--purge` removes: files below /etc/kubernetes that a stored run for this manifest has written and nobody has
/// changed since, and the log with its rotated files. What stays although one would expect it to go is warned about.
/// `source` is the manifest that has the audit settings. What a pod still has of the node stays as well, be it the
/// server's own by its new manifest, `new_text`, or another pod in the manifests directory: a hostPath volume of type
/// File without its file keeps the whole pod from starting.
[[nodiscard]] Result<std::vector<Purged>> files_to_purge(Session& session, const ManifestInput& source,
                                                         const std::string& new_text);

}  // namespace kaudit::cli
