#include "kaudit/survey/hazards.hpp"

#include <algorithm>

#include "hazard_list.hpp"

namespace kaudit::survey {
namespace {

void judge_auditing(const Survey& survey, HazardList& hazards) {
  switch (auditing_of(survey.setup)) {
    case Auditing::off:
      hazards.warning("auditing-off", "auditing is off: the manifest names neither an audit policy nor a backend",
                      "kaudit enable --policy FILE --log PATH turns it on");
      break;
    case Auditing::no_backend:
      hazards.error("no-backend", "there is an audit policy but no backend: kube-apiserver records nothing",
                    "kaudit enable --log PATH, or --webhook-config FILE, gives it one");
      break;
    case Auditing::no_policy:
      hazards.error("no-policy", "there is a backend but no audit policy: kube-apiserver records nothing",
                    "kaudit enable --policy FILE gives it one");
      break;
    case Auditing::on:
      break;
  }
}

}  // namespace

std::vector<Hazard> hazards_of(const Survey& survey) {
  HazardList list;
  judge_auditing(survey, list);
  judge_losses(survey, list);
  judge_log(survey, list);
  judge_server_files(survey, list);
  judge_process(survey, list);
  judge_runs(survey, list);
  std::vector<Hazard> hazards = std::move(list).take();
  std::stable_sort(hazards.begin(), hazards.end(),
                   [](const Hazard& left, const Hazard& right) { return left.severity < right.severity; });
  return hazards;
}

const std::vector<std::string>& hazard_codes() {
  static const std::vector<std::string> k_codes = {
      "auditing-off",
      "no-policy",
      "no-backend",
      "events-lost",
      "requests-rejected",
      "rename-failed",
      "log-full",
      "log-nearly-full",
      "log-cannot-rotate",
      "drop-in-missing",
      "drop-in-broken",
      "log-unbounded",
      "log-outgrown",
      "logrotate-not-run",
      "logrotate-out-of-reach",
      "other-logrotate",
      "disk-nearly-full",
      "log-stdout",
      "log-not-mounted",
      "log-read-only",
      "log-missing",
      "log-unreadable",
      "log-broken",
      "log-idle",
      "policy-not-in-force",
      "policy-edited",
      "policy-not-mounted",
      "policy-unreadable",
      "webhook-config-not-in-force",
      "webhook-config-edited",
      "webhook-file-unreadable",
      "webhook-files-edited",
      "webhook-config-not-mounted",
      "webhook-config-unreadable",
      "api-server-down",
      "api-server-unhealthy",
      "process-differs",
      "stray-pod",
      "manifest-rewritten",
      "unfinished-run",
      "run-at-work",
      "runs-unreadable",
  };
  return k_codes;
}

ExitStatus exit_status_of(const std::vector<Hazard>& hazards) {
  const bool is_problem = std::any_of(hazards.begin(), hazards.end(),
                                      [](const Hazard& hazard) { return hazard.severity != text::Severity::info; });
  return is_problem ? ExitStatus::work_found : ExitStatus::done;
}

}  // namespace kaudit::survey
