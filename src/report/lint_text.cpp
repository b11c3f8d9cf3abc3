#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/report/lint_report.hpp"
#include "paint.hpp"

namespace kaudit::report {
namespace {

std::string_view color_of(text::Severity severity) {
  if (severity == text::Severity::error) return k_red;
  return severity == text::Severity::warning ? k_yellow : k_cyan;
}

std::string finding_text(const LintFinding& finding, Paint paint) {
  const std::string word = std::string(to_string(finding.severity)) + ":";
  std::string text = painted(word, color_of(finding.severity), paint) + " " + to_text(finding.what);
  text.insert(text.find('\n'), " [" + finding.what.code + "]");
  return text;
}

/// Lines of somebody's file: what is no text in them must not reach a terminal.
std::string lines_of(std::string_view lines) {
  std::string safe;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    safe += one_line(lines.substr(0, end)) + "\n";
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return safe;
}

std::string words_of_stages(const std::vector<std::string>& stages) {
  std::string words;
  for (const std::string& stage : stages) {
    words += (words.empty() ? "" : ", ") + stage;
    if (stage == "Panic") words += " (only if the handler panics)";
  }
  return words;
}

}  // namespace

std::string_view to_string(text::Severity severity) noexcept {
  constexpr std::array<std::string_view, 3> k_words = {"error", "warning", "info"};
  return k_words[static_cast<std::size_t>(severity)];
}

std::string lint_text(const LintResult& result, Paint paint) {
  const std::string_view verdict = result.is_accepted ? "accepted" : "refused";
  std::string text;
  if (result.is_read) {
    text = fmt::format("{}: {} by kube-apiserver {}\n", one_line(result.file),
                       painted(verdict, result.is_accepted ? k_green : k_red, paint), result.kubernetes_version);
  }
  for (const std::string& note : result.notes) text += "  (" + note + ")\n";
  if (result.is_read && !result.server_error.empty()) {
    constexpr std::size_t k_longest = 2000;
    text += "  it says: loading audit policy file: " + one_line(result.server_error.substr(0, k_longest)) + "\n";
  }
  for (const std::string& warning : result.server_warnings) text += "  it logs: " + one_line(warning) + "\n";
  for (const LintFinding& finding : result.findings) text += finding_text(finding, paint);
  for (const std::string& witness : result.witnesses) text += "  " + one_line(witness) + "\n";
  return text;
}

std::string explanation_text(const Explanation& explanation, Paint paint) {
  std::string text = one_line(explanation.request) + "\n";
  for (const std::string& note : explanation.notes) text += "  (" + one_line(note) + ")\n";
  const std::string file = one_line(explanation.file);
  const std::string level = painted(explanation.level, k_bold, paint);
  if (explanation.rule) {
    text += fmt::format("rule {} decides ({}:{}): level {}\n", *explanation.rule + 1, file, explanation.line, level);
    text += lines_of(explanation.rule_text);
  } else {
    text += fmt::format("no rule of {} matches: level {}, nothing is recorded\n", file, level);
  }
  if (explanation.level != "None") {
    text += explanation.stages.empty() ? "no stage is written: nothing is recorded\n"
                                       : fmt::format("stages written: {}\n", words_of_stages(explanation.stages));
    text += fmt::format("managed fields: {}\n", explanation.omits_managed_fields ? "left out" : "kept");
  }
  if (!explanation.passed.empty()) text += "rules before it:\n";
  for (const PassedRule& rule : explanation.passed) {
    text += fmt::format("  rule {} ({}:{}): {}\n", rule.number, file, rule.line, one_line(rule.reason));
  }
  text += fmt::format("by the rules of Kubernetes {}\n", explanation.kubernetes_version);
  return text;
}

void append_decision_line(std::string& out, std::optional<std::size_t> rule, std::string_view level,
                          const std::vector<std::string_view>& omit_stages, bool omits_managed_fields) {
  out += "{\"rule\":";
  out += rule ? std::to_string(*rule) : "null";
  out.append(R"(,"level":")").append(level).append(R"(","omitStages":[)");
  for (std::size_t i = 0; i < omit_stages.size(); ++i) {
    out.append(i == 0 ? "\"" : ",\"").append(omit_stages[i]).append("\"");
  }
  out += "],\"omitManagedFields\":";
  out += omits_managed_fields ? "true}\n" : "false}\n";
}

}  // namespace kaudit::report
