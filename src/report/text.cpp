#include <string_view>

#include <fmt/format.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/report/report.hpp"
#include "paint.hpp"

namespace kaudit::report {
namespace {

std::string_view color_of(patch::Action action) {
  switch (action) {
    case patch::Action::add:
      return k_green;
    case patch::Action::remove:
      return k_red;
    case patch::Action::replace:
      break;
  }
  return k_yellow;
}

char sign_of(patch::Action action) {
  switch (action) {
    case patch::Action::add:
      return '+';
    case patch::Action::remove:
      return '-';
    case patch::Action::replace:
      break;
  }
  return '~';
}

std::string change_line(const patch::Change& change) {
  std::string what = change.action == patch::Action::remove ? change.before : change.after;
  if (change.action == patch::Action::replace) what = change.before + " -> " + change.after;
  return fmt::format("  {} {}: {}", sign_of(change.action), change.path, one_line(what));
}

std::string_view color_of_diff_line(std::string_view line) {
  if (line.starts_with("--- ") || line.starts_with("+++ ")) return k_bold;
  if (line.starts_with("@@")) return k_cyan;
  if (line.starts_with('-')) return k_red;
  if (line.starts_with('+')) return k_green;
  return {};
}

std::string diff_text(std::string_view diff, Paint paint) {
  if (paint == Paint::plain) return std::string(diff);
  std::string text;
  while (!diff.empty()) {
    const std::size_t end = diff.find('\n');
    const std::string_view line = diff.substr(0, end);
    text += painted(line, color_of_diff_line(line), paint);
    text += '\n';
    diff = end == std::string_view::npos ? std::string_view() : diff.substr(end + 1);
  }
  return text;
}

/// Warnings that say that events will be lost stand above everything else in the plan.
bool loses_events(const Warning& warning) { return warning.code == "log-cannot-rotate"; }

}  // namespace

std::string warning_text(const Warning& warning, Paint paint) {
  std::string place = one_line(warning.file);
  if (!place.empty() && warning.line != 0) place += fmt::format(":{}:{}", warning.line, warning.column);
  if (!place.empty()) place += ": ";
  if (!warning.field.empty()) place += one_line(warning.field) + ": ";
  return fmt::format("{} {}{} [{}]\n", painted("warning:", k_yellow, paint), place, one_line(warning.message),
                     warning.code);
}

std::string error_text(const Error& error, Paint paint) {
  std::string text = painted("error:", k_red, paint) + " " + to_text(error);
  if (!error.code.empty() && error.code != "usage" && error.code != "internal") {
    const std::size_t line_end = text.find('\n');
    text.insert(line_end, " [" + error.code + "]");
  }
  return text;
}

std::string plan_text(const Report& report, Paint paint) {
  if (!report.changed) return fmt::format("nothing to do: {} is as asked\n", report.manifest);
  std::string text;
  for (const Warning& warning : report.warnings) {
    if (loses_events(warning)) text += painted("! " + one_line(warning.message), k_yellow, paint) + "\n";
  }
  text += fmt::format("plan for {} (Kubernetes {}):\n", report.manifest, report.kubernetes_version);
  for (const SideEffect& effect : report.side_effects) {
    const std::string line = fmt::format("  {} {}: {}", sign_of(effect.action), effect.path, one_line(effect.what));
    text += painted(line, color_of(effect.action), paint) + "\n";
  }
  for (const patch::Change& change : report.changes) {
    text += painted(change_line(change), color_of(change.action), paint) + "\n";
  }
  text += "\n";
  for (const FileDiff& diff : report.diffs) text += diff_text(diff.unified, paint);
  return text;
}

}  // namespace kaudit::report
