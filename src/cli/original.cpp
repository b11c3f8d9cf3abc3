#include "kaudit/decode/decode.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/patch/disable.hpp"
#include "withdraw.hpp"

namespace kaudit::cli {
namespace {

/// What a run did to this manifest; null pointer if it did nothing, or has not come to its end.
const rollout::StoredFile* replaced_manifest(const rollout::StoredRun& run, const ManifestInput& input) {
  if (!rollout::is_in_force(run.state) || run.files.empty()) return nullptr;
  const rollout::StoredFile& file = run.files.front();
  const bool is_it = file.role == rollout::Role::manifest && file.node_path == input.node_path;
  return is_it && !file.before_sha256.empty() && file.before_sha256 != file.after_sha256 ? &file : nullptr;
}

/// The stored bytes of before a run, as a manifest; nothing if they are damaged or no such manifest.
std::unique_ptr<ManifestInput> read_stored(const Session& session, const ManifestInput& input,
                                           const rollout::StoredFile& file) {
  auto read = host::read_own_file(file.before_copy, kube::k_manifest_size_limit - 1);
  if (!read || host::sha256(read->bytes) != file.before_sha256) return nullptr;
  auto stored = std::make_unique<ManifestInput>();
  stored->node_path = input.node_path;
  stored->image = std::move(*read);
  const text::Source source(file.before_copy, stored->image.bytes);
  auto document = yaml::Document::parse(source);
  auto value = decode::as_kubernetes_reads_it(source);
  if (!document || !value) return nullptr;
  stored->document.emplace(std::move(*document));
  stored->value = std::move(*value);
  auto manifest = manifest::Manifest::read(*stored->document, stored->value, {session.options.ignore});
  if (!manifest) return nullptr;
  stored->manifest = std::move(*manifest);
  return stored;
}

}  // namespace

Result<std::optional<Original>> original_of(const Session& session, const ManifestInput& input) {
  KAUDIT_TRY(runs, rollout::list_runs(session.root, session.state()));
  std::string digest = host::sha256(input.image.bytes);
  for (const rollout::StoredRun& run : runs) {
    const rollout::StoredFile* file = replaced_manifest(run, input);
    if (file == nullptr || file->after_sha256 != digest || run.verb != "enable") continue;
    const auto stored = read_stored(session, input, *file);
    if (!stored) break;
    if (!patch::has_auditing(stored->manifest)) return std::optional(Original{stored->image.bytes, run.id});
    digest = file->before_sha256;
  }
  return std::optional<Original>();
}

Result<std::unique_ptr<ManifestInput>> last_disabled(const Session& session, const ManifestInput& input) {
  KAUDIT_TRY(runs, rollout::list_runs(session.root, session.state()));
  for (const rollout::StoredRun& run : runs) {
    const rollout::StoredFile* file = replaced_manifest(run, input);
    if (file != nullptr && run.verb == "disable") return read_stored(session, input, *file);
  }
  return std::unique_ptr<ManifestInput>();
}

}  // namespace kaudit::cli
