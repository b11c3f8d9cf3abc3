#include "typed.hpp"

namespace kaudit::cli {

Result<LintOptions> interpret_lint(const TypedOptions& typed) {
  LintOptions options;
  options.files = typed.arguments;
  if (options.files.empty()) return usage_error("no policy is given", "kaudit lint FILE; see kaudit lint --help");
  for (const std::string& file : options.files) {
    if (file.empty()) return usage_error("the name of a policy must not be empty");
  }
  using text::Severity;
  KAUDIT_TRY(severity, choice_of<Severity>(
                           typed, "--severity",
                           {{"error", Severity::error}, {"warning", Severity::warning}, {"info", Severity::info}}));
  KAUDIT_TRY(version, version_of(typed));
  KAUDIT_TRY(output, output_of(typed));
  KAUDIT_TRY(color, color_of(typed));
  KAUDIT_TRY(verbosity, verbosity_of(typed));
  options.fails_at = severity.value_or(Severity::warning);
  options.version = version;
  options.output = output;
  options.color = color;
  options.verbosity = verbosity;
  return options;
}

}  // namespace kaudit::cli
