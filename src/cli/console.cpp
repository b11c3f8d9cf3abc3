#include "console.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

#include "kaudit/host/system_error.hpp"
#include "kaudit/report/lint_report.hpp"

namespace kaudit::cli {
namespace {

/// NO_COLOR (no-color.org) counts when it is set and not empty; `--color` given by hand goes before it.
report::Paint paint_for(int descriptor, Color color) {
  if (color == Color::always) return report::Paint::colored;
  if (color == Color::never) return report::Paint::plain;
  const char* no_color =
      std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): nothing here changes the environment
  const bool unwanted = no_color != nullptr && *no_color != '\0';
  return !unwanted && isatty(descriptor) == 1 ? report::Paint::colored : report::Paint::plain;
}

void print_error(std::string_view text) {
  // There is nowhere left to say that standard error cannot be written.
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

}  // namespace

report::Paint paint_of(Color color) { return paint_for(STDOUT_FILENO, color); }

bool print(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

void print_failure(std::string_view verb, Output output, Color color, const Error& error) {
  print_error(report::error_text(error, paint_for(STDERR_FILENO, color)));
  if (output == Output::json && !print(report::failure_json(verb, error))) {
    print_error("warning: the report cannot be written to standard output\n");
  }
}

Console::Console(Output output, Color color, Verbosity verbosity)
    : m_output(output),
      m_verbosity(verbosity),
      m_paint_out(paint_for(STDOUT_FILENO, color)),
      m_paint_err(paint_for(STDERR_FILENO, color)) {}

Status Console::show_plan(const report::Report& report) {
  if (m_output != Output::text || m_verbosity == Verbosity::quiet) return Done{};
  if (print(report::plan_text(report, m_paint_out))) return Done{};
  return host::file_error(ExitStatus::host_refused, "stdout", "standard output", "the plan cannot be written",
                          "nothing was changed; -q does without the plan");
}

void Console::progress(std::string_view line) {
  if (m_verbosity != Verbosity::quiet) print_error(std::string(line) + "\n");
}

void Console::detail(std::string_view line) {
  if (m_verbosity == Verbosity::verbose) print_error(std::string(line) + "\n");
}

void Console::warn(const Warning& warning) { print_error(report::warning_text(warning, m_paint_err)); }

void Console::fail(const Error& error) { print_error(report::error_text(error, m_paint_err)); }

void Console::document(std::string_view text) {
  if (!print(text)) print_error("warning: the report cannot be written to standard output\n");
}

void Console::finish(const report::Report& report) {
  if (report.error) fail(*report.error);
  if (m_output == Output::json) document(report::to_json(report));
}

}  // namespace kaudit::cli
