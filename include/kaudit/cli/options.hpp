#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kaudit/base/error.hpp"
#include "kaudit/kube/version.hpp"
#include "kaudit/patch/desired.hpp"
#include "kaudit/text/diagnostic.hpp"

namespace kaudit::cli {

enum class Mode : std::uint8_t { real, dry_run, check };
enum class Output : std::uint8_t { text, json };
enum class Color : std::uint8_t { automatic, always, never };
enum class Verbosity : std::uint8_t { quiet, normal, verbose };
/// Who watches the API server come back after a write.
enum class WatchMode : std::uint8_t {
  wait,       ///< the guardian, and this process waits for it
  no_wait,    ///< the guardian alone
  unwatched,  ///< nobody
};
/// What happens to an old API server that has closed its listener and only lingers (`--hasten`).
enum class Lingering : std::uint8_t { left, ended };
/// Whether `enable` has the audit trail proven before it calls the server good.
enum class Proving : std::uint8_t { no, yes };
enum class Strictness : std::uint8_t { normal, strict };

/// What all verbs have that may change the node, as typed. Paths of the node are absolute.
struct RunOptions {
  std::optional<std::string> manifest;
  std::string root = "/";
  std::optional<kube::Version> version;
  std::string state_dir = "/var/lib/kaudit";
  std::size_t keep_backups = 10;
  WatchMode watch = WatchMode::wait;
  Lingering lingering = Lingering::left;
  double timeout_seconds = 300;  ///< for the new API server, and again for the old one on the way back
  Mode mode = Mode::real;
  std::vector<std::string> ignore;
  Output output = Output::text;
  Color color = Color::automatic;
  Verbosity verbosity = Verbosity::normal;
};

/// `kaudit enable`.
struct EnableOptions {
  RunOptions run;
  std::optional<std::string> policy;       ///< a file of the person who types
  std::optional<std::string> policy_dest;  ///< path on the node
  std::optional<std::string> log;          ///< path on the node, or "-"
  std::optional<std::string> webhook_config;
  std::optional<std::int64_t> max_age_days;
  std::optional<std::int64_t> max_backups;
  std::optional<std::int64_t> max_size_mb;
  std::vector<patch::FlagWish> flags;
  std::optional<patch::LogVolume> log_volume;
  std::optional<patch::Rotator> rotate;
  Strictness strictness = Strictness::normal;
  Proving proving = Proving::no;
  std::optional<std::string> kubeconfig;  ///< for the proof: a file of the person who types
};

/// What `disable` does with the policy, the webhook config and the log.
enum class Traces : std::uint8_t { kept, purged };

/// `kaudit disable`.
struct DisableOptions {
  RunOptions run;
  Traces traces = Traces::kept;
};

/// `kaudit lint`.
struct LintOptions {
  std::vector<std::string> files;  ///< of the person who types
  std::optional<kube::Version> version;
  text::Severity fails_at = text::Severity::warning;  ///< findings of this severity or worse make exit status 1
  Output output = Output::text;
  Color color = Color::automatic;
  Verbosity verbosity = Verbosity::normal;
};

/// `kaudit explain`: one request, or a file of them.
struct ExplainOptions {
  std::string policy;
  std::optional<std::string> requests;  ///< JSON lines; "-" is standard input
  std::string verb;
  std::string target;  ///< RESOURCE[.GROUP][/NAME] or /path
  std::string subresource;
  std::string name_space;
  std::optional<std::string> user;
  std::vector<std::string> groups;
  std::optional<kube::Version> version;
  Output output = Output::text;
  Color color = Color::automatic;
};

/// `kaudit status`. Of `run` only the places, the version and what is printed have a meaning.
struct StatusOptions {
  RunOptions run;
  std::optional<std::string> kubeconfig;  ///< a file of the person who types
  bool follows = false;                   ///< `--follow`: the newest run, as it goes
};

/// `kaudit rollback`.
struct RollbackOptions {
  RunOptions run;
  std::string id;      ///< of the run whose "before" comes back; "": the newest that changed something
  bool lists = false;  ///< `--list`: say what there is, and that is all
};

/// `kaudit verify`.
struct VerifyOptions {
  RunOptions run;                         ///< as far as it has a meaning: nothing is written
  std::optional<std::string> kubeconfig;  ///< a file of the person who types
  std::optional<double> wait_seconds;     ///< for the event
};

/// `kaudit guard`: the guardian of one run, or with an empty id of every run that lost its own. Started by the program
/// itself, by systemd and by the unit at boot; not for people.
struct GuardOptions {
  std::string root = "/";
  std::string state_dir = "/var/lib/kaudit";
  std::size_t keep_backups = 10;
  std::string id;
};

/// Something to print on standard output, and that is all.
struct Printout {
  std::string text;
};

/// What the command line asks for. Errors: status 2, with the nearest known word for a misspelt one.
using Command = std::variant<EnableOptions, DisableOptions, LintOptions, ExplainOptions, StatusOptions, RollbackOptions,
                             VerifyOptions, GuardOptions, Printout, Error>;
[[nodiscard]] Command parse_command_line(int argc, const char* const* argv);

/// What `--output` asks for on a command line that may be wrong elsewhere: a program that wants JSON wants its error
/// in JSON, too.
[[nodiscard]] Output wished_output(int argc, const char* const* argv);

/// The verb of a command line that may be wrong elsewhere, or what stands in its place; empty when nothing does.
[[nodiscard]] std::string wished_verb(int argc, const char* const* argv);

/// The codes that `--ignore` takes: refusals about surroundings (design promises 1 to 5 are never among them).
[[nodiscard]] const std::vector<std::string>& ignorable_codes();

}  // namespace kaudit::cli
