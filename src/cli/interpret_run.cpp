#include <algorithm>
#include <charconv>
#include <limits>

#include "kaudit/base/nearest.hpp"
#include "kaudit/patch/paths.hpp"
#include "typed.hpp"

namespace kaudit::cli {
namespace {

Status interpret_places(const TypedOptions& typed, RunOptions& options) {
  KAUDIT_TRY(manifest, node_path_of(typed, "--manifest"));
  options.manifest = manifest;
  KAUDIT_TRY(state_dir, node_path_of(typed, "--state-dir"));
  options.state_dir = state_dir.value_or(options.state_dir);
  KAUDIT_TRY_DO(refuse_empty(typed, "--root"));
  options.root = typed.text_of("--root").value_or(options.root);
  KAUDIT_TRY(keep, number_of(typed, "--keep-backups"));
  options.keep_backups = static_cast<std::size_t>(keep.value_or(10));
  if (options.keep_backups == 0) return usage_error("--keep-backups: at least 1, or there is no way back");
  return Done{};
}

Status check_ignore(const std::vector<std::string>& codes) {
  const std::vector<std::string>& known = ignorable_codes();
  const std::vector<std::string_view> words(known.begin(), known.end());
  for (const std::string& code : codes) {
    if (std::find(known.begin(), known.end(), code) != known.end()) continue;
    const std::string nearest = nearest_word(code, words);
    std::string all;
    for (const std::string& word : known) all += (all.empty() ? "" : ", ") + word;
    return usage_error("--ignore: no refusal that can be ignored has the code \"" + code + "\"",
                       nearest.empty() ? "there are: " + all : "did you mean " + nearest + "?");
  }
  return Done{};
}

Status interpret_watch(const TypedOptions& typed, RunOptions& options) {
  const auto on = [&](const char* name) { return typed.switches.contains(name); };
  if (int{on("--wait")} + int{on("--no-wait")} + int{on("--no-watch")} > 1) {
    return usage_error("--wait, --no-wait and --no-watch exclude one another");
  }
  if (on("--no-wait")) options.watch = WatchMode::no_wait;
  if (on("--no-watch")) options.watch = WatchMode::unwatched;
  if (on("--hasten")) options.lingering = Lingering::ended;
  if (on("--hasten") && options.watch == WatchMode::unwatched) {
    return usage_error("--hasten has no meaning with --no-watch: the guardian is what ends the old API server",
                       "leave one of the two out");
  }
  KAUDIT_TRY(timeout, number_of(typed, "--timeout"));
  if (!timeout) return Done{};
  if (options.watch == WatchMode::unwatched) return usage_error("--timeout has no meaning with --no-watch");
  constexpr std::int64_t k_shortest = 10;
  constexpr std::int64_t k_longest = 3600;
  if (*timeout < k_shortest || *timeout > k_longest) {
    return usage_error("--timeout: must be from 10 to 3600 seconds",
                       "a restart takes up to 46 s even when nothing is wrong: a shorter time undoes good changes");
  }
  options.timeout_seconds = static_cast<double>(*timeout);
  return Done{};
}

Status interpret_all(const TypedOptions& typed, RunOptions& options) {
  KAUDIT_TRY_DO(interpret_places(typed, options));
  KAUDIT_TRY(version, version_of(typed));
  KAUDIT_TRY(output, output_of(typed));
  KAUDIT_TRY(color, color_of(typed));
  KAUDIT_TRY(verbosity, verbosity_of(typed));
  options.version = version;
  options.output = output;
  options.color = color;
  options.verbosity = verbosity;
  if (typed.switches.contains("--dry-run")) options.mode = Mode::dry_run;
  if (typed.switches.contains("--check")) options.mode = Mode::check;
  options.ignore = typed.list_of("--ignore");
  KAUDIT_TRY_DO(check_ignore(options.ignore));
  return interpret_watch(typed, options);
}

}  // namespace

const std::vector<std::string>& ignorable_codes() {
  static const std::vector<std::string> k_codes = {"api-reference",
                                                   "api-server-down",
                                                   "api-server-unhealthy",
                                                   "auditd-label",
                                                   "differs-outside-auditing",
                                                   "disk-space",
                                                   "fixed-uid",
                                                   "foreign-owner",
                                                   "kubelet-down",
                                                   "kubelet-elsewhere",
                                                   "logrotate-rule",
                                                   "managed-elsewhere",
                                                   "no-other-api-server",
                                                   "policy-unreadable",
                                                   "selinux-label",
                                                   "unreadable-by-server",
                                                   "unwritable-by-server",
                                                   "writable-by-others"};
  return k_codes;
}

Result<std::optional<std::int64_t>> number_of(const TypedOptions& typed, const char* name) {
  const std::string* value = typed.value_of(name);
  if (value == nullptr) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const char* end = value->data() + value->size();
  const auto [stop, error] = std::from_chars(value->data(), end, number);
  if (error != std::errc() || stop != end || number < 0 || number > std::numeric_limits<std::int32_t>::max()) {
    return usage_error(std::string(name) + ": \"" + *value + "\" is not a whole number from 0 to 2147483647");
  }
  return std::optional(number);
}

Result<std::optional<std::string>> node_path_of(const TypedOptions& typed, const char* name) {
  const std::string* value = typed.value_of(name);
  if (value == nullptr) return std::optional<std::string>();
  const std::string prefix = std::string(name) + " \"" + *value + "\": ";
  if (!value->starts_with('/')) return usage_error(prefix + "must be an absolute path of the node");
  if (value->ends_with('/')) return usage_error(prefix + "must name a file, not a directory");
  if ((*value + "/").find("/../") != std::string::npos) return usage_error(prefix + "must not contain '..'");
  if (patch::is_expanded(*value)) return usage_error(prefix + R"(the kubelet would expand "$(" or "$$" in it)");
  if (has_control_characters(*value)) return usage_error(std::string(name) + ": must not contain control characters");
  return std::optional(patch::normalise_path(*value));
}

Status refuse_empty(const TypedOptions& typed, const char* name) {
  const std::string* value = typed.value_of(name);
  if (value != nullptr && value->empty()) return usage_error(std::string(name) + ": must not be empty");
  return Done{};
}

Result<RunOptions> interpret_run(const TypedOptions& typed) {
  RunOptions options;
  KAUDIT_TRY_DO(interpret_all(typed, options));
  return options;
}

Result<DisableOptions> interpret_disable(const TypedOptions& typed) {
  DisableOptions options;
  KAUDIT_TRY(run, interpret_run(typed));
  options.run = std::move(run);
  if (typed.switches.contains("--purge")) options.traces = Traces::purged;
  return options;
}

}  // namespace kaudit::cli
