#include <algorithm>

#include "kaudit/cli/version.hpp"
#include "kaudit/patch/paths.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

using Provisions = std::vector<rollout::Provision>;

/// Directories that are missing on the way to `node_path`, each once, with the label of what will lie in them.
Status provide_parents(const Session& session, Provisions& provisions, const std::string& node_path,
                       const host::Metadata& metadata) {
  KAUDIT_TRY(missing, missing_directories(session.root, node_path));
  for (const std::string& directory : missing) {
    const bool known = std::any_of(provisions.begin(), provisions.end(), [&](const rollout::Provision& provision) {
      return provision.node_path == directory;
    });
    if (known) continue;
    host::Metadata above;
    above.mode = 0700;
    above.attributes = metadata.attributes;
    provisions.push_back({rollout::Provision::Kind::directory, directory, std::move(above)});
  }
  return Done{};
}

}  // namespace

Status provide_log(Session& session, const ManifestInput& input, const patch::Plan& plan,
                   std::vector<rollout::Provision>& provisions) {
  if (plan.log_host_path.empty()) return Done{};
  const bool is_directory = plan.log_mount == patch::Plan::LogMount::directory;
  KAUDIT_TRY(metadata, metadata_for_log(session, input, plan));
  KAUDIT_TRY_DO(provide_parents(session, provisions, plan.log_host_path, metadata));
  provisions.push_back({is_directory ? rollout::Provision::Kind::directory : rollout::Provision::Kind::empty_file,
                        plan.log_host_path, std::move(metadata)});
  return Done{};
}

rollout::FileIntent intent_for(const NodeFile& file) {
  return {file.role, file.node_path, file.before, file.bytes, file.metadata};
}

std::vector<std::string> summary_of(const std::vector<patch::Change>& changes) {
  std::vector<std::string> lines;
  for (const patch::Change& change : changes) {
    const std::string after = change.action == patch::Action::remove ? "taken out" : change.after;
    lines.push_back(change.path + ": " + (change.before.empty() ? "" : change.before + " -> ") + after);
  }
  return lines;
}

Result<rollout::Intent> intent_of(Session& session, const Job& job) {
  rollout::Intent intent;
  intent.verb = "enable";
  intent.program_version = k_version;
  intent.summary = summary_of(job.plan.changes);
  const ManifestInput& input = *job.input;
  intent.manifest = {rollout::Role::manifest, input.node_path, input.image, job.plan.new_text, input.image.metadata};
  // First, for it harms nobody before the manifest is replaced; one that goes does so when all is over.
  if (job.drop_in) {
    if (job.drop_in->must_write()) intent.summary.push_back(job.drop_in->node_path + ": logrotate drop-in");
    intent.files.push_back(intent_for(*job.drop_in));
  }
  if (job.drop_in_removed) {
    const NodeFile& gone = *job.drop_in_removed;
    intent.summary.push_back(gone.node_path + ": logrotate drop-in -> removed");
    intent.files.push_back(intent_for(gone));
    intent.removals.push_back({gone.node_path, gone.digest});
  }
  // Those that are in place already are stored with the run all the same: their content belongs to this manifest.
  if (job.policy) intent.files.push_back(intent_for(*job.policy));
  if (job.webhook) {
    for (const NodeFile& file : job.webhook->installed) intent.files.push_back(intent_for(file));
    intent.files.push_back(intent_for(job.webhook->config));
  }
  for (const rollout::FileIntent& file : intent.files) {
    KAUDIT_TRY_DO(provide_parents(session, intent.provisions, file.node_path, file.metadata));
  }
  KAUDIT_TRY_DO(provide_log(session, input, job.plan, intent.provisions));
  KAUDIT_TRY_DO(rollout::check_host(session.root, intent));
  return intent;
}

}  // namespace kaudit::cli
