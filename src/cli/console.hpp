#pragma once

#include <string_view>

#include "kaudit/base/result.hpp"
#include "kaudit/cli/options.hpp"
#include "kaudit/report/report.hpp"

namespace kaudit::cli {

/// The one part that prints. Plan, diff and JSON go to standard output; progress, warnings and errors to standard
/// error.
class Console {
 public:
  Console(Output output, Color color, Verbosity verbosity);

  /// In text output, unless quiet. Errors: status 4 "stdout" when it cannot be written: a person who has not seen the
  /// plan has not agreed to it.
  [[nodiscard]] Status show_plan(const report::Report& report);
  /// A line on standard error, unless quiet.
  void progress(std::string_view line);
  /// A line on standard error, only when verbose.
  void detail(std::string_view line);
  void warn(const Warning& warning);
  void fail(const Error& error);
  /// On standard output, whatever form it has.
  void document(std::string_view text);
  /// Everything that can only be said at the end: the error, and the document in JSON output.
  void finish(const report::Report& report);

 private:
  Output m_output;
  Verbosity m_verbosity;
  report::Paint m_paint_out;
  report::Paint m_paint_err;
};

/// What ends a verb before it has a result: the error, and in JSON output the verb's document with nothing in it else.
void print_failure(std::string_view verb, Output output, Color color, const Error& error);

/// Colours for standard output: those asked for, or where it is a terminal and NO_COLOR does not forbid them.
[[nodiscard]] report::Paint paint_of(Color color);

/// Prints to standard output; false if that failed.
[[nodiscard]] bool print(std::string_view text);

}  // namespace kaudit::cli
