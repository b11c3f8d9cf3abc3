#pragma once

#include <optional>

#include "kaudit/base/result.hpp"
#include "kaudit/node/logrotate.hpp"
#include "kaudit/node/logrotate_drop_in.hpp"
#include "session.hpp"

namespace kaudit::cli {

/// The node's logrotate, and the drop-in with which this program has it rotate the audit log.
struct RotationOnNode {
  node::Logrotate logrotate;
  std::optional<NodeFile> own;                    ///< the drop-in that is there, where it is this manifest's
  std::optional<node::LogrotateDropIn> settings;  ///< what it says; nothing: it was edited beyond what is understood
  std::optional<Error> obstacle;                  ///< why none can be put there
};

/// There is one drop-in on a node. It belongs to the manifest of the newest run that wrote it; where no run is stored
/// that did, to one whose log (or one of `logs`, paths of the node) it takes. Another manifest's is an obstacle: the
/// server of that one goes on writing.
[[nodiscard]] RotationOnNode look_at_rotation(const Session& session, const std::string& manifest,
                                              const std::vector<std::string>& logs);

/// The log that a manifest names, as the node knows it; none: it has none, or not as a file of the node.
[[nodiscard]] std::vector<std::string> logs_of(const manifest::Manifest& manifest);

/// When a manifest's auditing ends and the file at the drop-in's place still takes its log, but is not this manifest's
/// to remove: warns that it stays.
void warn_of_kept_drop_in(Session& session, const RotationOnNode& on_node, const std::vector<std::string>& logs);

/// For the plan: what was asked, and what the node has.
[[nodiscard]] patch::RotationWish rotation_wish(const EnableOptions& options, const ManifestInput& input,
                                                const RotationOnNode& on_node);

/// What follows from the plan for the drop-in, into `job` (the plan's figures become those of the drop-in), and what is
/// to be said of rules of logrotate's that take the log too, and of how often logrotate runs.
///
/// Errors, status 3: "no-logrotate", "logrotate-out-of-reach", "unrotatable-path", "drop-in-taken", "drop-in-edited";
/// those of a place that is no file; "logrotate-rule" unless it is ignored.
[[nodiscard]] Status settle_rotation(Session& session, const EnableOptions& options, const RotationOnNode& on_node,
                                     Job& job);

}  // namespace kaudit::cli
