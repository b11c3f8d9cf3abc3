#include "kaudit/cli/options.hpp"

#include <array>

#include <CLI/CLI.hpp>

#include "help.hpp"
#include "kaudit/base/nearest.hpp"
#include "typed.hpp"

namespace kaudit::cli {
namespace {

constexpr std::array<const char*, 15> k_valued = {
    "--policy",     "--policy-dest", "--log",  "--webhook-config",     "--max-age",   "--max-backup",   "--max-size",
    "--log-volume", "--manifest",    "--root", "--kubernetes-version", "--state-dir", "--keep-backups", "--output",
    "--color"};
constexpr std::array<const char*, 7> k_switches = {"--dry-run",    "--check",   "--strict", "-q,--quiet",
                                                   "-v,--verbose", "-h,--help", "--version"};

constexpr std::string_view k_enable = "enable";

std::string long_name(std::string_view name) { return std::string(name.substr(name.find("--"))); }

Error unknown_argument(const std::string& argument) {
  if (!argument.starts_with('-')) {
    return usage_error("unexpected argument \"" + argument + "\"", "every option starts with --; see --help");
  }
  std::vector<std::string_view> known = {"--flag", "--ignore"};
  for (const std::string_view name : k_valued) known.push_back(name);
  for (const std::string_view name : k_switches) known.push_back(name.substr(name.find("--")));
  const std::string typed = argument.substr(0, argument.find('='));
  const std::string nearest = nearest_word(typed, known);
  return usage_error("unknown option " + typed, nearest.empty() ? "see --help" : "did you mean " + nearest + "?");
}

/// The verb that the program's own name carries: "kaudit-enable" → "enable"; "" when it carries none, as in
/// "kaudit-linux-amd64".
std::string verb_in_name(const char* program) {
  const std::string_view path = program != nullptr ? program : "";
  const std::string_view name = path.substr(path.rfind('/') + 1);
  constexpr std::string_view k_prefix = "kaudit-";
  const std::string_view verb = name.starts_with(k_prefix) ? name.substr(k_prefix.size()) : "";
  return verb == k_enable ? std::string(verb) : std::string();
}

/// CLI11 says only "At Most 1 required but received 2".
Error bad_count(const CLI::App& app, const std::string& said) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() > 1 && said.starts_with(option->get_name() + ":")) {
      return usage_error(option->get_name() + " is given more than once", "give it once");
    }
  }
  return usage_error(said, "see kaudit enable --help");
}

Command parse_enable(std::vector<std::string> arguments) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  TypedOptions typed;
  std::map<std::string, std::string> values;
  std::map<std::string, bool> switches;
  for (const char* name : k_valued) app.add_option(name, values[name]);
  for (const char* name : k_switches) app.add_flag(name, switches[long_name(name)]);
  app.add_option("--flag", typed.flags)->allow_extra_args(false);
  app.add_option("--ignore", typed.ignore)->delimiter(',')->allow_extra_args(false);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ArgumentMismatch& error) {
    return bad_count(app, error.what());
  } catch (const CLI::ParseError& error) {
    return usage_error(error.what(), "see kaudit enable --help");
  }
  for (const auto& [name, value] : values) {
    if (app.count(name) != 0) typed.values.emplace(name, value);
  }
  for (const auto& [name, on] : switches) {
    if (on) typed.switches.insert(name);
  }
  if (typed.switches.contains("--help")) return Printout{enable_help()};
  if (typed.switches.contains("--version")) return Printout{version_text()};
  const std::vector<std::string> extras = app.remaining();
  if (!extras.empty()) return unknown_argument(extras.front());
  auto options = interpret(typed);
  if (!options) return std::move(options).error();
  return std::move(options).value();
}

Error unknown_verb(const std::string& verb) {
  const std::string nearest = nearest_word(verb, {k_enable});
  return usage_error("unknown verb \"" + verb + "\"",
                     nearest.empty() ? "see kaudit --help" : "did you mean " + nearest + "?");
}

}  // namespace

Output wished_output(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--output=json") return Output::json;
    if (word == "--output" && i + 1 < argc && std::string_view(argv[i + 1]) == "json") return Output::json;
  }
  return Output::text;
}

Command parse_command_line(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  for (int i = 1; i < argc; ++i) arguments.emplace_back(argv[i]);
  std::string verb = verb_in_name(argc > 0 ? argv[0] : nullptr);
  if (verb.empty()) {
    if (arguments.empty()) return usage_error("no verb", "try: kaudit enable --help");
    verb = arguments.front();
    arguments.erase(arguments.begin());
  }
  if (verb == "-h" || verb == "--help" || verb == "help") return Printout{program_help()};
  if (verb == "--version") return Printout{version_text()};
  if (verb != k_enable) return unknown_verb(verb);
  return parse_enable(std::move(arguments));
}

}  // namespace kaudit::cli
