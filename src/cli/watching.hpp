#pragma once

#include <string>
#include <vector>

#include "console.hpp"
#include "kaudit/report/report.hpp"
#include "kaudit/rollout/guardian.hpp"
#include "session.hpp"

namespace kaudit::cli {

/// How this node's API server is reached, by its manifest: addresses, port, certificates, a client certificate.
[[nodiscard]] node::ApiServer api_server_of(const manifest::Manifest& manifest);

/// The elements of the server's command line that begin with `--audit`.
[[nodiscard]] std::vector<std::string> audit_flags_of(const manifest::Manifest& manifest);

/// What a guardian needs to watch the server of `new_text` come in the place of the present one; nothing where nobody
/// watches: another root than `/`, or `--no-watch`. Errors, status 3: the new text cannot be read, which is a defect.
[[nodiscard]] Result<std::optional<rollout::WatchPlan>> watch_plan_of(Session& session, const ManifestInput& input,
                                                                      const std::string& new_text);

/// The same where `backup` comes back, and `now` is what it replaces: that one may be no manifest at all.
[[nodiscard]] Result<std::optional<rollout::WatchPlan>> watch_way_back(Session& session, const ManifestInput& backup,
                                                                       const std::string& now);

/// Refuses `--hasten` where nobody would watch: in another root than the node's. Errors, status 3: "hasten-root".
[[nodiscard]] Status check_hasten_root(const Session& session);

/// What is about to happen: a change of a server that works, or the way back of one that may not.
enum class Purpose : std::uint8_t { change, way_back };

/// What must not be begun on this node as it is now: an API server that is down already, a kubelet that does not run or
/// does not read that directory, a disk that the log will fill, … Each has a code for `--ignore`. For a way back the
/// state of the API server is a warning, and so is everything for a dry run. Nothing in a root that is not the node's.
[[nodiscard]] Status check_node(Session& session, const ManifestInput& input, const patch::Plan& plan, Purpose purpose);

/// Writes with a guardian and follows it: to the end, or (`--no-wait`) until the manifest is replaced.
[[nodiscard]] Status write_guarded(Session& session, Console& console, const rollout::Intent& intent,
                                   report::Report& report);

/// Has every run finished whose guardian has gone.
[[nodiscard]] Status finish_orphans(Session& session, Console& console);

/// A line of the journal for people: "  12 s  starting    the old API server is gone".
[[nodiscard]] std::string journal_text(const rollout::JournalLine& line);

}  // namespace kaudit::cli
