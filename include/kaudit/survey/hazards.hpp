#pragma once

#include <string>
#include <vector>

#include "kaudit/base/exit_status.hpp"
#include "kaudit/survey/survey.hpp"
#include "kaudit/text/diagnostic.hpp"

namespace kaudit::survey {

/// Something about a node's auditing that somebody must know. Each code has a section in docs/status.md.
struct Hazard {
  std::string code;  ///< stable kebab-case word
  text::Severity severity = text::Severity::warning;
  std::string message;  ///< lower case, no final full stop
  std::string hint;     ///< what to do about it
};

/// What is wrong, or soon will be, the worst first. error: events are being lost or not recorded, or the API server
/// would not start again; warning: it needs somebody; info: worth knowing, and often intended. Pure.
[[nodiscard]] std::vector<Hazard> hazards_of(const Survey& survey);

/// Every code there is, in the order of docs/status.md.
[[nodiscard]] const std::vector<std::string>& hazard_codes();

/// The exit status of `kaudit status`: 1 for a hazard of severity warning or worse. Auditing that is off is one: who
/// runs this wants to be told when a node does not audit.
[[nodiscard]] ExitStatus exit_status_of(const std::vector<Hazard>& hazards);

}  // namespace kaudit::survey
