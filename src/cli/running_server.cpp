#include "running_server.hpp"

#include <fmt/format.h>

#include "kaudit/host/clock.hpp"
#include "kaudit/host/file_facts.hpp"
#include "kaudit/node/server_arguments.hpp"
#include "kaudit/patch/disable.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

/// A process's start is known to a tick, and a file's time to what the clock says: a file made for a server is older
/// than the server by more than this.
constexpr double k_same_moment = 1;

void warn_of_flags(Session& session, const ManifestInput& input, const host::ProcessId& process) {
  const std::vector<std::string> arguments = host::command_line_of(process.pid);
  if (arguments.empty() || node::audit_elements(arguments) == audit_flags_of(input.manifest)) return;
  session.warnings.push_back({"flags-differ",
                              fmt::format("the API server that runs (process {}) has other audit flags than the "
                                          "manifest: the kubelet has not restarted it with these",
                                          process.pid),
                              {},
                              session.root.shown(input.node_path),
                              0,
                              0});
}

void warn_of_policy(Session& session, const ManifestInput& input, const host::ProcessId& process) {
  const auto path = patch::node_path_of(input.manifest, input.manifest.flag_value("audit-policy-file"));
  const auto place = path ? session.root.locate(*path) : Result<host::Place>(Error{});
  const auto facts = place ? host::look_at(*place) : Result<std::optional<host::FileFacts>>(Error{});
  const auto started = host::started_at(process);
  if (!facts || !*facts || !started || (*facts)->modified <= *started + k_same_moment) return;
  session.warnings.push_back({"policy-newer",
                              "was written after the API server had started, which reads it only once: what is "
                              "recorded may be what it said before (kaudit enable --policy makes a new one effective)",
                              {},
                              session.root.shown(*path),
                              0,
                              0});
}

}  // namespace

void warn_of_running_server(Session& session, const ManifestInput& input) {
  const host::Listener listener = node::listener_of(api_server_of(input.manifest));
  if (!listener.process) return;
  warn_of_flags(session, input, *listener.process);
  warn_of_policy(session, input, *listener.process);
}

}  // namespace kaudit::cli
