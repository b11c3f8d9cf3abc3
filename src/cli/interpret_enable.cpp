#include <algorithm>
#include <charconv>
#include <limits>

#include "kaudit/base/nearest.hpp"
#include "kaudit/patch/paths.hpp"
#include "typed.hpp"

namespace kaudit::cli {
namespace {

/// A whole number from 0 up, in plain decimal digits.
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

/// A path of the node: absolute, without `..`, nothing that the kubelet or a shell would read as something else.
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

Status interpret_paths(const TypedOptions& typed, EnableOptions& options) {
  options.policy = typed.text_of("--policy");
  options.webhook_config = typed.text_of("--webhook-config");
  KAUDIT_TRY(policy_dest, node_path_of(typed, "--policy-dest"));
  options.policy_dest = policy_dest;
  if (typed.value_of("--log") != nullptr && *typed.value_of("--log") == "-") {
    options.log = "-";
  } else {
    KAUDIT_TRY(log, node_path_of(typed, "--log"));
    options.log = log;
  }
  KAUDIT_TRY(manifest, node_path_of(typed, "--manifest"));
  options.manifest = manifest;
  KAUDIT_TRY(state_dir, node_path_of(typed, "--state-dir"));
  options.state_dir = state_dir.value_or(options.state_dir);
  options.root = typed.text_of("--root").value_or(options.root);
  for (const char* name : {"--policy", "--webhook-config", "--root"}) {
    if (typed.value_of(name) != nullptr && typed.value_of(name)->empty()) {
      return usage_error(std::string(name) + ": must not be empty");
    }
  }
  if (options.policy_dest && !options.policy) return usage_error("--policy-dest needs --policy");
  return Done{};
}

Status interpret_numbers(const TypedOptions& typed, EnableOptions& options) {
  KAUDIT_TRY(age, number_of(typed, "--max-age"));
  KAUDIT_TRY(backups, number_of(typed, "--max-backup"));
  KAUDIT_TRY(size, number_of(typed, "--max-size"));
  KAUDIT_TRY(keep, number_of(typed, "--keep-backups"));
  options.max_age_days = age;
  options.max_backups = backups;
  options.max_size_mb = size;
  options.keep_backups = static_cast<std::size_t>(keep.value_or(10));
  if (options.keep_backups == 0) return usage_error("--keep-backups: at least 1, or there is no way back");
  KAUDIT_TRY(version, version_of(typed));
  options.version = version;
  return Done{};
}

Status interpret_choices(const TypedOptions& typed, EnableOptions& options) {
  using patch::LogVolume;
  KAUDIT_TRY(volume,
             choice_of<LogVolume>(
                 typed, "--log-volume",
                 {{"auto", LogVolume::automatic}, {"file", LogVolume::file}, {"directory", LogVolume::directory}}));
  KAUDIT_TRY(output, output_of(typed));
  KAUDIT_TRY(color, color_of(typed));
  KAUDIT_TRY(verbosity, verbosity_of(typed));
  options.log_volume = volume;
  options.output = output;
  options.color = color;
  options.verbosity = verbosity;
  const auto on = [&](const char* name) { return typed.switches.contains(name); };
  if (on("--dry-run")) options.mode = Mode::dry_run;
  if (on("--check")) options.mode = Mode::check;
  if (on("--strict")) options.strictness = Strictness::strict;
  if (options.log == "-" && options.log_volume) {
    return usage_error("--log-volume has no meaning for --log -, which needs no volume");
  }
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

bool asks_for_something(const EnableOptions& options) {
  return options.policy || options.log || options.webhook_config || options.max_age_days || options.max_backups ||
         options.max_size_mb || options.log_volume || !options.flags.empty();
}

}  // namespace

const std::vector<std::string>& ignorable_codes() {
  static const std::vector<std::string> k_codes = {"api-reference",        "fixed-uid",         "foreign-owner",
                                                   "managed-elsewhere",    "selinux-label",     "unreadable-by-server",
                                                   "unwritable-by-server", "writable-by-others"};
  return k_codes;
}

Result<EnableOptions> interpret_enable(const TypedOptions& typed) {
  EnableOptions options;
  KAUDIT_TRY_DO(interpret_paths(typed, options));
  KAUDIT_TRY_DO(interpret_numbers(typed, options));
  KAUDIT_TRY_DO(interpret_choices(typed, options));
  KAUDIT_TRY(flags, interpret_flags(typed.list_of("--flag")));
  options.flags = std::move(flags);
  options.ignore = typed.list_of("--ignore");
  KAUDIT_TRY_DO(check_ignore(options.ignore));
  if (!asks_for_something(options)) {
    return usage_error("nothing is asked for", "give --policy FILE and --log PATH; see kaudit enable --help");
  }
  return options;
}

}  // namespace kaudit::cli
