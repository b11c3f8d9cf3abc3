#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kaudit/base/ascii.hpp"
#include "kaudit/policy/lint.hpp"

namespace kaudit::policy {

/// What the themes of lint look at.
struct LintInput {
  const Policy& policy;
  const std::vector<DroppedKey>& dropped;
  const std::vector<Reach>& reaches;  ///< one for each rule
  kube::Version version;
};

/// More than a person reads; what is beyond is counted only in the last finding.
inline constexpr std::size_t k_most_findings = 1000;

/// What one theme has found, in the order it found it.
class Findings {
 public:
  /// A theme stops looking then: a file of a million wrong words costs no more than one of a thousand.
  [[nodiscard]] bool are_enough() const noexcept { return m_found.size() > k_most_findings; }

  void add(text::Severity severity, std::string_view code, std::string field, std::size_t offset, std::string message,
           std::string hint) {
    if (are_enough()) return;
    m_found.push_back({severity, std::string(code), std::move(field), std::move(message), std::move(hint), offset});
  }

  [[nodiscard]] std::vector<text::Diagnostic> take() && { return std::move(m_found); }

 private:
  std::vector<text::Diagnostic> m_found;
};

/// `rules[3]`, `rules[3].verbs`, `rules[3].verbs[0]`.
[[nodiscard]] std::string rule_path(std::size_t rule);
[[nodiscard]] std::string rule_path(std::size_t rule, std::string_view field);
[[nodiscard]] std::string item_path(std::string_view list, std::size_t item);
/// `rules[3].resources[1].group`.
[[nodiscard]] std::string entry_path(std::size_t rule, std::size_t entry, std::string_view field);

/// `a`, `a and b`, `a, b and c`.
[[nodiscard]] std::string enumerate(const std::vector<std::string>& words);
/// In single quotes, cut when it is long, control characters replaced: for messages.
[[nodiscard]] std::string quoted(std::string_view text);

/// Matches every request there is.
[[nodiscard]] bool is_unconditional(const Rule& rule);
/// Has another level than None, and is not proved to decide nothing.
[[nodiscard]] bool has_level(const LintInput& input, std::size_t index);
/// The same, and writes events: a stage is left that its requests have. ResponseStarted is for those that stay open.
/// Source: apiserver pkg/endpoints/filters/audit.go, v0.20 to v0.37.
[[nodiscard]] bool records(const LintInput& input, std::size_t index);
/// Whether its events can have a body: those of ResponseComplete do, RequestReceived comes too early.
/// Source: apiserver pkg/endpoints/filters/audit.go, pkg/audit/request.go.
[[nodiscard]] bool records_bodies(const LintInput& input, std::size_t index);
/// Whether events of the stage are left out by this rule or by the policy.
[[nodiscard]] bool omits(const Policy& policy, const Rule& rule, Stage stage);

/// The themes, one a source file.
void lint_keys(const LintInput& input, Findings& findings);
void lint_order(const LintInput& input, Findings& findings);
void lint_recording(const LintInput& input, Findings& findings);
void lint_bodies(const LintInput& input, Findings& findings);
void lint_subjects(const LintInput& input, Findings& findings);
void lint_places(const LintInput& input, Findings& findings);
void lint_verbs(const LintInput& input, Findings& findings);
void lint_groups(const LintInput& input, Findings& findings);
void lint_resources(const LintInput& input, Findings& findings);

}  // namespace kaudit::policy
