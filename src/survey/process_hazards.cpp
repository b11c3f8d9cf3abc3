#include <fmt/format.h>

#include "hazard_list.hpp"

namespace kaudit::survey {
namespace {

using Answer = node::Health::Answer;

/// "audit-log-maxsize (manifest: 100, process: 200), …"
std::string in_words(const std::vector<FlagDifference>& differences) {
  constexpr std::size_t k_most = 5;
  const auto side = [](const std::optional<std::string>& value) { return value ? *value : std::string("not set"); };
  std::string text;
  for (std::size_t i = 0; i < differences.size() && i < k_most; ++i) {
    const FlagDifference& one = differences[i];
    text += fmt::format("{}--{} (manifest: {}, process: {})", i == 0 ? "" : ", ", one.name, side(one.in_manifest),
                        side(one.in_process));
  }
  if (differences.size() > k_most) text += fmt::format(" and {} more", differences.size() - k_most);
  return text;
}

void judge_health(const Process& process, HazardList& hazards) {
  const node::Health& health = process.health;
  if (health.answer == Answer::none) {
    hazards.error("api-server-down", "no API server answers on this node: " + health.detail,
                  "kaudit rollback puts the last backup back; crictl ps -a and the container's log say why");
  } else if (health.answer == Answer::stranger) {
    hazards.error("api-server-down", "another program than the API server of this manifest answers on its port",
                  "see who listens there: ss -ltnp");
  } else if (health.answer == Answer::not_ready) {
    hazards.error("api-server-unhealthy", "the API server is not ready: " + health.detail,
                  "the failing check names what to look at");
  }
}

}  // namespace

void judge_process(const Survey& survey, HazardList& hazards) {
  const Process& process = survey.process;
  if (process.known != Process::Known::not_looked) judge_health(process, hazards);
  if (!process.differences.empty()) {
    hazards.warning(
        "process-differs",
        "the running server was started with other flags than the manifest has: " + in_words(process.differences),
        "the kubelet has not acted on the manifest: see that it runs, reads this directory, and says "
        "nothing about the file");
  }
  for (const std::string& stray : survey.strays) {
    hazards.error("stray-pod",
                  fmt::format("{} is the same pod as the manifest: the kubelet takes every file of the directory whose "
                              "name does not begin with a dot for a pod, and may run this one instead",
                              stray),
                  "move it out of that directory");
  }
}

void judge_runs(const Survey& survey, HazardList& hazards) {
  const Runs& runs = survey.runs;
  for (const std::string& id : runs.unfinished) {
    hazards.warning("unfinished-run", fmt::format("run {} was not finished, and nobody works on it", id),
                    "the next kaudit enable, disable or rollback finishes it first");
  }
  if (!runs.at_work.empty()) {
    hazards.info("run-at-work", fmt::format("run {} is being carried out now: what is said here changes", runs.at_work),
                 "kaudit status --follow shows it");
  }
  if (!runs.problem.empty()) {
    hazards.warning("runs-unreadable", "the stored runs cannot be read: " + runs.problem,
                    "there is no way back while that is so");
  }
  if (runs.manifest == Runs::Manifest::as_left || !runs.last) return;
  const bool is_audit = runs.manifest == Runs::Manifest::rewritten_audit;
  hazards.add(is_audit ? text::Severity::warning : text::Severity::info, "manifest-rewritten",
              fmt::format("the manifest is not what run {} left: somebody else has written it since{}", runs.last->id,
                          is_audit ? ", and its audit settings are others now" : "; its audit settings are the same"),
              is_audit ? "kaudit enable, with the options of that run, sets them again"
                       : "nothing, if that was kubeadm upgrade or a change of yours");
}

}  // namespace kaudit::survey
