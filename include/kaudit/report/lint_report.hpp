#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kaudit/base/error.hpp"
#include "kaudit/report/report.hpp"
#include "kaudit/text/diagnostic.hpp"

namespace kaudit::report {

/// One line of what `lint` found, with its position and source line.
struct LintFinding {
  text::Severity severity = text::Severity::error;
  Error what;
};

/// What there is to say about one policy.
struct LintResult {
  std::string file;
  std::string kubernetes_version;
  bool is_read = true;  ///< false: there is no content to judge, `findings` says why
  bool is_accepted = false;
  std::string server_error;  ///< empty: none
  std::vector<std::string> server_warnings;
  std::vector<std::string> notes;      ///< how the version was understood; text output only
  std::vector<LintFinding> findings;   ///< why it is refused, and what the server does not say
  std::vector<std::string> witnesses;  ///< -v: a line for each rule
};

/// As people read it: the verdict, what the server would log, the findings. Ends in a line feed.
[[nodiscard]] std::string lint_text(const LintResult& result, Paint paint);

/// One JSON document as docs/lint.schema.json describes it. Ends in a line feed.
[[nodiscard]] std::string lint_json(const std::vector<LintResult>& results, const std::optional<Error>& error,
                                    ExitStatus exit_status);

/// "error", "warning", "info".
[[nodiscard]] std::string_view to_string(text::Severity severity) noexcept;

/// One earlier rule that does not decide, and why.
struct PassedRule {
  std::size_t number = 0;  ///< counted from 1
  std::size_t line = 0;
  std::string reason;
};

/// What `explain` says of one request.
struct Explanation {
  std::string file;
  std::string kubernetes_version;
  std::string request;              ///< in words
  std::vector<std::string> notes;   ///< how it was understood
  std::optional<std::size_t> rule;  ///< 0-based
  std::size_t line = 0;             ///< of the rule
  std::string rule_text;            ///< its lines
  std::string level;
  std::vector<std::string> stages;       ///< that can be written, in the order of a request's life
  std::vector<std::string> omit_stages;  ///< sorted
  bool omits_managed_fields = false;
  std::vector<PassedRule> passed;
};

[[nodiscard]] std::string explanation_text(const Explanation& explanation, Paint paint);

/// One JSON document as docs/explain.schema.json describes it.
[[nodiscard]] std::string explanation_json(const Explanation& explanation);

/// The document of a verb that ended before it had a result: that of `enable` for every verb but `lint`, `explain` and
/// `status`.
[[nodiscard]] std::string failure_json(std::string_view verb, const Error& error);

/// One line of the batch form: `{"rule":0,"level":"Metadata","omitStages":[],"omitManagedFields":false}`.
void append_decision_line(std::string& out, std::optional<std::size_t> rule, std::string_view level,
                          const std::vector<std::string_view>& omit_stages, bool omits_managed_fields);

}  // namespace kaudit::report
