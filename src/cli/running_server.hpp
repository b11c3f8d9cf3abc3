#pragma once

#include "session.hpp"

namespace kaudit::cli {

/// Warns where the API server that runs is not the one that the manifest describes: its audit flags are others
/// ("flags-differ"), or its policy was written after it had started ("policy-newer"), and it never reads it again.
/// Nothing where /proc does not show the process.
void warn_of_running_server(Session& session, const ManifestInput& input);

}  // namespace kaudit::cli
