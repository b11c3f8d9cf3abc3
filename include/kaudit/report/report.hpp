#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/base/error.hpp"
#include "kaudit/node/trail.hpp"
#include "kaudit/patch/plan.hpp"

namespace kaudit::report {

/// One file of the node before and after, as a reviewer sees it.
struct FileDiff {
  std::string before_header;  ///< "a/etc/kubernetes/…", or "/dev/null" for a new file
  std::string after_header;   ///< "b/etc/kubernetes/…"
  std::string before;
  std::string after;
  std::string unified;  ///< the unified diff; for a secret file one comment line with path and digest
};

/// What else a run makes, replaces or removes, for the plan's list: a path and words.
struct SideEffect {
  std::string path;
  patch::Action action = patch::Action::add;
  std::string what;  ///< "audit policy from prod-audit.yaml (root:root 0600)"
};

/// What became of the API server (docs/enable.schema.json).
struct Rollout {
  std::string state;  ///< the run's own (docs/run-record.md), or "unwatched" where nobody watches
  double seconds = 0;
  std::string reason;
  std::vector<std::string> log_tail;
};

struct RunReference {
  std::string id;
  std::string folder;
  std::string backup;
};

/// Everything there is to say about one call of a verb that changes the node. Holds no secret: the content of a webhook
/// config is never put into it.
struct Report {
  std::string manifest;            ///< path as shown
  std::string kubernetes_version;  ///< whose rules were applied; "" before that is known
  bool changed = false;            ///< something was, or (dry run) would be, changed
  std::vector<FileDiff> diffs;
  std::vector<patch::Change> changes;
  std::vector<SideEffect> side_effects;
  std::vector<Warning> warnings;
  std::optional<RunReference> run;
  std::optional<Rollout> rollout;
  std::optional<node::Proof> proof;  ///< of the audit trail (`enable --verify`); nothing: none was tried
  std::optional<Error> error;
  ExitStatus exit_status = ExitStatus::done;
};

enum class Paint : std::uint8_t { plain, colored };

/// The plan as a short list in the field's words, then the diff. Ends in a line feed.
[[nodiscard]] std::string plan_text(const Report& report, Paint paint);

/// `warning: …` lines, as many as there are warnings.
[[nodiscard]] std::string warning_text(const Warning& warning, Paint paint);

/// `error: …` with source line, caret and hint.
[[nodiscard]] std::string error_text(const Error& error, Paint paint);

/// One JSON document as docs/enable.schema.json describes it. Ends in a line feed.
[[nodiscard]] std::string to_json(const Report& report);

}  // namespace kaudit::report
