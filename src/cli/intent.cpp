#include <algorithm>

#include "kaudit/cli/version.hpp"
#include "kaudit/patch/paths.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

rollout::FileIntent intent_for(const NodeFile& file) {
  return {file.role, file.node_path, file.before, file.bytes, file.metadata};
}

/// The log or its own directory, with the directories that are missing above it: made before the manifest is replaced,
/// because the kubelet's FileOrCreate and DirectoryOrCreate would make them readable by everybody.
Result<std::vector<rollout::Provision>> provisions_of(Session& session, const Job& job) {
  std::vector<rollout::Provision> provisions;
  const patch::Plan& plan = job.plan;
  if (plan.log_host_path.empty()) return provisions;
  const bool is_directory = plan.log_mount == patch::Plan::LogMount::directory;
  KAUDIT_TRY(missing, missing_directories(session.root, plan.log_host_path));
  KAUDIT_TRY(metadata, metadata_for_log(session, *job.input, plan));
  for (const std::string& directory : missing) {
    host::Metadata above;
    above.mode = 0700;
    above.attributes = metadata.attributes;
    provisions.push_back({rollout::Provision::Kind::directory, directory, std::move(above)});
  }
  provisions.push_back({is_directory ? rollout::Provision::Kind::directory : rollout::Provision::Kind::empty_file,
                        plan.log_host_path, std::move(metadata)});
  return provisions;
}

std::vector<std::string> summary_of(const Job& job) {
  std::vector<std::string> lines;
  for (const patch::Change& change : job.plan.changes) {
    lines.push_back(change.path + ": " + (change.before.empty() ? "" : change.before + " -> ") + change.after);
  }
  return lines;
}

}  // namespace

Result<rollout::Intent> intent_of(Session& session, const Job& job) {
  rollout::Intent intent;
  intent.verb = "enable";
  intent.program_version = k_version;
  intent.summary = summary_of(job);
  const ManifestInput& input = *job.input;
  intent.manifest = {rollout::Role::manifest, input.node_path, input.image, job.plan.new_text, input.image.metadata};
  // Those that are in place already are stored with the run all the same: their content belongs to this manifest.
  if (job.policy) intent.files.push_back(intent_for(*job.policy));
  if (job.webhook) {
    for (const NodeFile& file : job.webhook->installed) intent.files.push_back(intent_for(file));
    intent.files.push_back(intent_for(job.webhook->config));
  }
  KAUDIT_TRY(provisions, provisions_of(session, job));
  intent.provisions = std::move(provisions);

  KAUDIT_TRY_DO(rollout::check_host(session.root, intent));
  return intent;
}

}  // namespace kaudit::cli
