#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kaudit/survey/hazards.hpp"

namespace kaudit::survey {

/// Collects what is found.
class HazardList {
 public:
  void error(std::string code, std::string message, std::string hint) {
    add(text::Severity::error, std::move(code), std::move(message), std::move(hint));
  }
  void warning(std::string code, std::string message, std::string hint) {
    add(text::Severity::warning, std::move(code), std::move(message), std::move(hint));
  }
  void info(std::string code, std::string message, std::string hint) {
    add(text::Severity::info, std::move(code), std::move(message), std::move(hint));
  }
  void add(text::Severity severity, std::string code, std::string message, std::string hint) {
    m_hazards.push_back({std::move(code), severity, std::move(message), std::move(hint)});
  }
  [[nodiscard]] std::vector<Hazard> take() && { return std::move(m_hazards); }

 private:
  std::vector<Hazard> m_hazards;
};

/// Of the log on the disk: how it is mounted, how full, how old, who rotates it.
void judge_log(const Survey& survey, HazardList& hazards);

/// Of what the server counts and says itself: lost events, refused requests, failed rotations.
void judge_losses(const Survey& survey, HazardList& hazards);

/// Of the files that the server read when it started.
void judge_server_files(const Survey& survey, HazardList& hazards);

/// Of the process beside the manifest, of other files that are the same pod, of the stored runs.
void judge_process(const Survey& survey, HazardList& hazards);
void judge_runs(const Survey& survey, HazardList& hazards);

}  // namespace kaudit::survey
