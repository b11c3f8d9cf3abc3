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
enum class Strictness : std::uint8_t { normal, strict };

/// `kaudit enable`, as typed. Paths of the node are absolute.
struct EnableOptions {
  std::optional<std::string> policy;       ///< a file of the person who types
  std::optional<std::string> policy_dest;  ///< path on the node
  std::optional<std::string> log;          ///< path on the node, or "-"
  std::optional<std::string> webhook_config;
  std::optional<std::int64_t> max_age_days;
  std::optional<std::int64_t> max_backups;
  std::optional<std::int64_t> max_size_mb;
  std::vector<patch::FlagWish> flags;
  std::optional<patch::LogVolume> log_volume;
  std::optional<std::string> manifest;
  std::string root = "/";
  std::optional<kube::Version> version;
  std::string state_dir = "/var/lib/kaudit";
  std::size_t keep_backups = 10;
  Mode mode = Mode::real;
  Strictness strictness = Strictness::normal;
  std::vector<std::string> ignore;
  Output output = Output::text;
  Color color = Color::automatic;
  Verbosity verbosity = Verbosity::normal;
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

/// Something to print on standard output, and that is all.
struct Printout {
  std::string text;
};

/// What the command line asks for. Errors: status 2, with the nearest known word for a misspelt one.
using Command = std::variant<EnableOptions, LintOptions, ExplainOptions, Printout, Error>;
[[nodiscard]] Command parse_command_line(int argc, const char* const* argv);

/// What `--output` asks for on a command line that may be wrong elsewhere: a program that wants JSON wants its error
/// in JSON, too.
[[nodiscard]] Output wished_output(int argc, const char* const* argv);

/// The verb of a command line that may be wrong elsewhere, or what stands in its place; empty when nothing does.
[[nodiscard]] std::string wished_verb(int argc, const char* const* argv);

/// The codes that `--ignore` takes: refusals about surroundings (design promises 1 to 5 are never among them).
[[nodiscard]] const std::vector<std::string>& ignorable_codes();

}  // namespace kaudit::cli
