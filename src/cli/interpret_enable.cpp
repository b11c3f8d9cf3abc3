#include "typed.hpp"

namespace kaudit::cli {
namespace {

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
  for (const char* name : {"--policy", "--webhook-config"}) KAUDIT_TRY_DO(refuse_empty(typed, name));
  if (options.policy_dest && !options.policy) return usage_error("--policy-dest needs --policy");
  return Done{};
}

Status interpret_numbers(const TypedOptions& typed, EnableOptions& options) {
  KAUDIT_TRY(age, number_of(typed, "--max-age"));
  KAUDIT_TRY(backups, number_of(typed, "--max-backup"));
  KAUDIT_TRY(size, number_of(typed, "--max-size"));
  options.max_age_days = age;
  options.max_backups = backups;
  options.max_size_mb = size;
  return Done{};
}

Status interpret_choices(const TypedOptions& typed, EnableOptions& options) {
  using patch::LogVolume;
  KAUDIT_TRY(volume,
             choice_of<LogVolume>(
                 typed, "--log-volume",
                 {{"auto", LogVolume::automatic}, {"file", LogVolume::file}, {"directory", LogVolume::directory}}));
  options.log_volume = volume;
  using patch::Rotator;
  KAUDIT_TRY(rotate,
             choice_of<Rotator>(typed, "--rotate", {{"server", Rotator::server}, {"logrotate", Rotator::logrotate}}));
  options.rotate = rotate;
  if (typed.switches.contains("--strict")) options.strictness = Strictness::strict;
  if (options.log == "-" && options.log_volume) {
    return usage_error("--log-volume has no meaning for --log -, which needs no volume");
  }
  return Done{};
}

Status interpret_proving(const TypedOptions& typed, EnableOptions& options) {
  KAUDIT_TRY_DO(refuse_empty(typed, "--kubeconfig"));
  options.kubeconfig = typed.text_of("--kubeconfig");
  if (!typed.switches.contains("--verify")) {
    if (options.kubeconfig) return usage_error("--kubeconfig has no meaning without --verify");
    return Done{};
  }
  options.proving = Proving::yes;
  if (options.run.watch == WatchMode::unwatched) {
    return usage_error("--verify and --no-watch exclude each other: the proof is part of the watch",
                       "kaudit verify proves the trail whenever it is called");
  }
  if (options.run.root != "/") {
    return usage_error("--verify has no meaning with --root: no API server runs there");
  }
  return Done{};
}

bool asks_for_something(const EnableOptions& options) {
  return options.policy || options.log || options.webhook_config || options.max_age_days || options.max_backups ||
         options.max_size_mb || options.log_volume || options.rotate || !options.flags.empty();
}

Status interpret_all(const TypedOptions& typed, EnableOptions& options) {
  KAUDIT_TRY(run, interpret_run(typed));
  options.run = std::move(run);
  KAUDIT_TRY_DO(interpret_paths(typed, options));
  KAUDIT_TRY_DO(interpret_numbers(typed, options));
  KAUDIT_TRY_DO(interpret_choices(typed, options));
  KAUDIT_TRY(flags, interpret_flags(typed.list_of("--flag")));
  options.flags = std::move(flags);
  KAUDIT_TRY_DO(interpret_proving(typed, options));
  if (!asks_for_something(options)) {
    return usage_error("nothing is asked for", "give --policy FILE and --log PATH; see kaudit enable --help");
  }
  return Done{};
}

}  // namespace

Result<EnableOptions> interpret_enable(const TypedOptions& typed) {
  EnableOptions options;
  KAUDIT_TRY_DO(interpret_all(typed, options));
  return options;
}

}  // namespace kaudit::cli
