#include "kaudit/cli/options.hpp"

#include <array>

#include <CLI/CLI.hpp>

#include "help.hpp"
#include "kaudit/base/nearest.hpp"
#include "typed.hpp"
#include "verbs.hpp"

namespace kaudit::cli {
namespace {

Error unknown_argument(const VerbWords& verb, const std::string& argument) {
  if (!argument.starts_with('-')) {
    return usage_error("unexpected argument \"" + argument + "\"", "every option starts with --; see --help");
  }
  std::vector<std::string> names;
  for (const auto& words : {verb.valued, verb.lists, verb.switches}) {
    for (const char* name : words) names.push_back(long_name(name));
  }
  const std::string typed = argument.substr(0, argument.find('='));
  const std::string nearest = nearest_word(typed, {names.begin(), names.end()});
  return usage_error("unknown option " + typed, nearest.empty() ? "see --help" : "did you mean " + nearest + "?");
}

/// CLI11 says only "At Most 1 required but received 2".
Error bad_count(const CLI::App& app, const std::string& said, std::string_view verb) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() > 1 && said.starts_with(option->get_name() + ":")) {
      return usage_error(option->get_name() + " is given more than once", "give it once");
    }
  }
  return usage_error(said, "see kaudit " + std::string(verb) + " --help");
}

/// The words of a command line, sorted by what they are. Errors: status 2.
Result<TypedOptions> sort_words(const VerbWords& verb, const std::vector<std::string>& arguments) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  TypedOptions typed;
  std::map<std::string, std::string> values;
  std::map<std::string, bool> switches;
  for (const char* name : verb.valued) app.add_option(name, values[long_name(name)]);
  for (const char* name : verb.switches) app.add_flag(name, switches[long_name(name)]);
  for (const char* name : verb.lists) app.add_option(name, typed.lists[name])->allow_extra_args(false);
  if (auto* codes = app.get_option_no_throw("--ignore")) codes->delimiter(',');
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ArgumentMismatch& error) {
    return bad_count(app, error.what(), verb.verb);
  } catch (const CLI::ParseError& error) {
    return usage_error(error.what(), "see kaudit " + std::string(verb.verb) + " --help");
  }
  for (const auto& [name, value] : values) {
    if (app.count(name) != 0) typed.values.emplace(name, value);
  }
  for (const auto& [name, on] : switches) {
    if (on) typed.switches.insert(name);
  }
  typed.arguments = app.remaining();
  return typed;
}

template <typename Options>
Command command_of(Result<Options> options) {
  if (!options) return std::move(options).error();
  return std::move(options).value();
}

Command parse_verb(const VerbWords& verb, const std::vector<std::string>& arguments) {
  auto sorted = sort_words(verb, arguments);
  if (!sorted) return std::move(sorted).error();
  const TypedOptions& typed = *sorted;
  if (typed.switches.contains("--help")) return Printout{verb.help()};
  if (typed.switches.contains("--version")) return Printout{version_text()};
  for (const std::string& argument : typed.arguments) {
    if (verb.arguments == Arguments::none || argument.starts_with('-')) return unknown_argument(verb, argument);
  }
  if (verb.verb == "status") return command_of(interpret_status(typed));
  if (verb.verb == "rollback") return command_of(interpret_rollback(typed));
  if (verb.verb == "verify") return command_of(interpret_verify(typed));
  if (verb.verb == "guard") return command_of(interpret_guard(typed));
  if (verb.verb == "lint") return command_of(interpret_lint(typed));
  if (verb.verb == "explain") return command_of(interpret_explain(typed));
  if (verb.verb == "disable") return command_of(interpret_disable(typed));
  return command_of(interpret_enable(typed));
}

Error unknown_verb(const std::string& verb) {
  std::vector<std::string_view> known;
  for (const VerbWords& words : all_verbs()) known.push_back(words.verb);
  const std::string nearest = nearest_word(verb, known);
  return usage_error("unknown verb \"" + verb + "\"",
                     nearest.empty() ? "see kaudit --help" : "did you mean " + nearest + "?");
}

/// The verb that the program's own name carries: "kaudit-enable" → "enable"; "" when it carries none, as in
/// "kaudit-linux-amd64".
std::string verb_in_name(const char* program) {
  const std::string_view path = program != nullptr ? program : "";
  const std::string_view name = path.substr(path.rfind('/') + 1);
  constexpr std::string_view k_prefix = "kaudit-";
  const std::string_view verb = name.starts_with(k_prefix) ? name.substr(k_prefix.size()) : "";
  return find_verb(verb) != nullptr ? std::string(verb) : std::string();
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

std::string wished_verb(int argc, const char* const* argv) {
  std::string verb = verb_in_name(argc > 0 ? argv[0] : nullptr);
  if (verb.empty() && argc > 1) verb = argv[1];
  return verb;
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
  const VerbWords* words = find_verb(verb);
  return words != nullptr ? parse_verb(*words, arguments) : Command(unknown_verb(verb));
}

}  // namespace kaudit::cli
