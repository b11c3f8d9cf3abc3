#pragma once

#include <string>
#include <vector>

#include "kaudit/base/error.hpp"
#include "kaudit/report/report.hpp"
#include "kaudit/survey/hazards.hpp"
#include "kaudit/survey/survey.hpp"

namespace kaudit::report {

/// How much `status` says in text.
enum class Detail : std::uint8_t {
  hazards,   ///< these alone
  overview,  ///< what there is, a line each, and the hazards
  flags,     ///< the same with every audit flag and annotation
};

/// As people read it. Ends in a line feed, or is empty where there is no hazard to say.
[[nodiscard]] std::string status_text(const survey::Survey& survey, const std::vector<survey::Hazard>& hazards,
                                      Detail detail, Paint paint);

/// One JSON document as docs/status.schema.json describes it. Ends in a line feed.
[[nodiscard]] std::string status_json(const survey::Survey& survey, const std::vector<survey::Hazard>& hazards);

}  // namespace kaudit::report
