#pragma once

#include <optional>
#include <string>

#include "kaudit/survey/survey.hpp"
#include "session.hpp"

namespace kaudit::cli {

/// What `status` looks at, and nothing of it is changed: no file is opened for writing, nothing is made or locked.

/// What the manifest says, and the files that it names.
[[nodiscard]] survey::Setup setup_of(const Session& session, const ManifestInput& input);

/// The process that listens on the server's port, and its health. Nobody is asked in another root than `/`.
[[nodiscard]] survey::Process process_of(const Session& session, const manifest::Manifest& manifest,
                                         const survey::Setup& setup);

/// What the server counts, as the user of `kubeconfig`, or of the usual one. Errors: those of a kubeconfig that was
/// named and cannot be read.
[[nodiscard]] Result<survey::Metrics> metrics_of(const Session& session, const manifest::Manifest& manifest,
                                                 const survey::Process& process,
                                                 const std::optional<std::string>& kubeconfig);

/// How often `can't rename log file` stands in the end of the newest log of the server's container.
[[nodiscard]] std::size_t rename_failures(const Session& session, const manifest::Manifest& manifest);

/// What the stored runs say of this manifest.
[[nodiscard]] survey::Runs runs_of(Session& session, const ManifestInput& input);

}  // namespace kaudit::cli
