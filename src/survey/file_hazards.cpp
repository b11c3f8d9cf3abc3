#include <string_view>

#include <fmt/format.h>

#include "hazard_list.hpp"
#include "kaudit/base/utc.hpp"
#include "kaudit/survey/words.hpp"

namespace kaudit::survey {
namespace {

/// The two files, and what is said about them.
struct Kind {
  std::string_view name;    ///< "audit policy"
  std::string_view code;    ///< what its codes begin with: "policy"
  std::string_view option;  ///< of kaudit enable
};

std::string code_of(const Kind& kind, std::string_view ending) { return fmt::format("{}-{}", kind.code, ending); }

void judge_age(const Survey& survey, const ServerFile& file, const Kind& kind, HazardList& hazards) {
  const auto& started = survey.process.started;
  if (!started || file.modified <= *started + 1) return;
  // Written again with the content that the pod was made for.
  if (!file.annotated.empty() && file.annotated == file.sha256) return;
  hazards.warning(
      code_of(kind, "not-in-force"),
      fmt::format("the {} {} was changed {} after the server started ({}): the server has the old one, it reads the "
                  "file only at its start",
                  kind.name, file.node_path, age_words(file.modified - *started), to_utc_text(file.modified)),
      fmt::format("kaudit enable {} {} puts it in force", kind.option, file.node_path));
}

void judge_digest(const ServerFile& file, const Kind& kind, HazardList& hazards) {
  if (file.annotated.empty() || file.annotated == file.sha256) return;
  hazards.warning(code_of(kind, "edited"),
                  fmt::format("the {} {} is not the one that kaudit put in force: its digest is {:.12}, the pod's "
                              "annotation has {:.12}",
                              kind.name, file.node_path, file.sha256, file.annotated),
                  fmt::format("kaudit enable {} {} takes it over; kaudit rollback brings the stored one back",
                              kind.option, file.node_path));
}

void judge_file(const Survey& survey, const ServerFile& file, const Kind& kind, HazardList& hazards) {
  if (file.node_path.empty()) {
    hazards.error(code_of(kind, "not-mounted"),
                  fmt::format("no volume shows the node's {} to the server: it does not find its {} when it starts",
                              file.path, kind.name),
                  fmt::format("kaudit enable {} FILE mounts it", kind.option));
    return;
  }
  if (!file.problem.empty()) {
    hazards.error(code_of(kind, "unreadable"),
                  fmt::format("the {} {} cannot be read: {}; the server does not start again without it", kind.name,
                              file.node_path, file.problem),
                  "put it back; kaudit rollback --list names the runs that have it");
    return;
  }
  judge_age(survey, file, kind, hazards);
  judge_digest(file, kind, hazards);
}

/// The server does not say that it misses one of them before it starts again.
void judge_webhook_files(const Setup& setup, HazardList& hazards) {
  bool all_there = true;
  for (const ServerFile& file : setup.webhook_files) {
    if (!file.node_path.empty() && file.problem.empty()) continue;
    all_there = false;
    const std::string why = file.node_path.empty() ? "no volume shows it to the server" : file.problem;
    hazards.error("webhook-file-unreadable",
                  fmt::format("{}, which the webhook config names, cannot be read: {}; the server does not start again "
                              "without it",
                              file.node_path.empty() ? file.path : file.node_path, why),
                  "put it back, or give another config with kaudit enable --webhook-config FILE");
  }
  const bool is_edited = all_there && !setup.webhook_files_annotated.empty() &&
                         setup.webhook_config->annotated == setup.webhook_config->sha256 &&
                         setup.webhook_files_annotated != setup.webhook_files_sha256;
  if (!is_edited) return;
  hazards.warning("webhook-files-edited",
                  "a file that the webhook config names is not the one that kaudit put in force: the server may still "
                  "have the old one, a mounted file that was replaced is seen only by a new container",
                  fmt::format("kaudit enable --webhook-config {} takes it over", setup.webhook_config->node_path));
}

}  // namespace

void judge_server_files(const Survey& survey, HazardList& hazards) {
  if (survey.setup.policy) judge_file(survey, *survey.setup.policy, {"audit policy", "policy", "--policy"}, hazards);
  if (survey.setup.webhook_config) {
    judge_file(survey, *survey.setup.webhook_config, {"webhook config", "webhook-config", "--webhook-config"}, hazards);
    judge_webhook_files(survey.setup, hazards);
  }
}

}  // namespace kaudit::survey
