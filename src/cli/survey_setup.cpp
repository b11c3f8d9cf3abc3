#include <algorithm>

#include "kaudit/base/ascii.hpp"
#include "kaudit/host/file_end.hpp"
#include "kaudit/host/file_facts.hpp"
#include "kaudit/kube/go_values.hpp"
#include "kaudit/node/kubelet.hpp"
#include "kaudit/node/logrotate_drop_in.hpp"
#include "kaudit/patch/disable.hpp"
#include "kaudit/patch/paths.hpp"
#include "surveying.hpp"

namespace kaudit::cli {
namespace {

constexpr std::uint64_t k_megabyte = std::uint64_t{1} << 20U;

kube::Version version_of(const Session& session, const manifest::Manifest& manifest) {
  return session.options.version.value_or(manifest.version.value_or(kube::k_newest_known));
}

/// A whole number that is in force: the flag's value, or the default of the version.
std::int64_t number_of(const Session& session, const manifest::Manifest& manifest, std::string_view flag) {
  std::string value = manifest.flag_value(flag);
  const kube::Version version = version_of(session, manifest);
  const kube::AuditFlag* known = kube::find_audit_flag(flag, version);
  if (value.empty() && known != nullptr) value = kube::default_of(*known, version);
  const auto parsed = kube::parse_int(value);
  const auto* number = std::get_if<std::int64_t>(&parsed);
  return number != nullptr ? *number : 0;
}

/// What our own drop-in says; one that was edited beyond it rotates by a size that is not known.
survey::Rotation rotation_in_drop_in(const host::Root& root) {
  survey::Rotation rotation;
  rotation.by = survey::Rotation::By::logrotate;
  const auto place = root.locate(node::k_logrotate_drop_in);
  if (!place) return rotation;
  const auto image = host::read_file(*place, k_input_limit);
  const auto said = image && *image ? node::read_drop_in((*image)->bytes) : std::nullopt;
  if (said) rotation = {rotation.by, said->size_bytes, said->backups, said->age_days};
  return rotation;
}

std::string annotation_of(const manifest::Manifest& manifest, std::string_view key) {
  return manifest.annotation(key).value_or(std::string());
}

/// Digest and age of a file that the server reads.
void read_server_file(const Session& session, survey::ServerFile& file) {
  const auto place = host::locate_through_links(session.root, file.node_path);
  if (!place) {
    file.problem = one_line(place.error().message);
    return;
  }
  const auto image = host::read_file(*place, k_input_limit);
  if (!image || !*image) {
    file.problem = image ? "there is no such file" : one_line(image.error().message);
    return;
  }
  file.sha256 = host::sha256((*image)->bytes);
  const auto facts = host::look_at(*place);
  if (facts && *facts) file.modified = (*facts)->modified;
}

std::optional<survey::ServerFile> server_file(const Session& session, const manifest::Manifest& manifest,
                                              std::string_view flag, std::string_view annotation) {
  survey::ServerFile file;
  file.path = manifest.flag_value(flag);
  if (file.path.empty()) return std::nullopt;
  file.node_path = patch::node_path_of(manifest, file.path).value_or(std::string());
  file.annotated = annotation_of(manifest, annotation);
  if (!file.node_path.empty()) read_server_file(session, file);
  return file;
}

std::optional<survey::LogSetup> log_setup(const Session& session, const manifest::Manifest& manifest) {
  survey::LogSetup log;
  log.path = manifest.flag_value("audit-log-path");
  if (log.path.empty()) return std::nullopt;
  if (log.path == "-") return log;
  log.node_path = patch::node_path_of(manifest, log.path).value_or(std::string());
  if (log.node_path.empty()) return log;
  const manifest::Mount& mount = *patch::mount_of(manifest, log.path);
  const bool is_itself = patch::normalise_path(mount.path) == patch::normalise_path(log.path);
  log.mount = is_itself ? survey::LogSetup::Mount::file : survey::LogSetup::Mount::directory;
  log.is_read_only = mount.read_only;
  log.found = node::look_at_audit_log(session.root, log.node_path);
  log.logrotate = node::logrotate_rules_for(session.root, log.node_path);
  log.rotation = rotation_of(session, manifest, log);
  if (log.rotation.by == survey::Rotation::By::logrotate) {
    log.logrotate_runs = node::find_logrotate(session.root).schedule.words;
  }
  if (!session.root.is_host()) return log;
  const auto space = host::space_for(session.root, log.node_path);
  if (!space) return log;
  log.space = *space;
  log.reserve = node::find_kubelet(session.root).eviction_reserve(space->total);
  return log;
}

}  // namespace

survey::Rotation rotation_of(const Session& session, const manifest::Manifest& manifest, const survey::LogSetup& log) {
  const auto own = std::find_if(log.logrotate.begin(), log.logrotate.end(),
                                [](const node::LogrotateRule& rule) { return rule.file == node::k_logrotate_drop_in; });
  if (own != log.logrotate.end()) return rotation_in_drop_in(session.root);
  survey::Rotation rotation;
  if (log.mount == survey::LogSetup::Mount::directory) rotation.by = survey::Rotation::By::server;
  std::int64_t size = number_of(session, manifest, "audit-log-maxsize");
  // Up to 1.35 a size of 0 is lumberjack's own default; from 1.36 on there is no rotation (apiserver
  // pkg/server/options/audit.go getWriter).
  if (size == 0 && version_of(session, manifest) < kube::Version{1, 36}) size = 100;
  rotation.max_size = size > 0 ? static_cast<std::uint64_t>(size) * k_megabyte : 0;
  rotation.max_backups = number_of(session, manifest, "audit-log-maxbackup");
  rotation.max_age_days = number_of(session, manifest, "audit-log-maxage");
  return rotation;
}

survey::Setup setup_of(const Session& session, const ManifestInput& input) {
  const manifest::Manifest& manifest = input.manifest;
  survey::Setup setup;
  setup.manifest = session.root.shown(input.node_path);
  setup.image = manifest.image;
  setup.kubernetes_version = kube::to_string(version_of(session, manifest));
  for (const manifest::Flag& flag : manifest.flags) {
    const bool is_audit = flag.name.starts_with("audit-");
    (is_audit ? setup.flags : setup.others).push_back({flag.name, flag.value});
  }
  for (const auto& annotation : manifest.annotation_values) {
    if (annotation.first.starts_with("kaudit/")) setup.annotations.push_back(annotation);
  }
  setup.policy = server_file(session, manifest, "audit-policy-file", "kaudit/policy-sha256");
  setup.webhook_config = server_file(session, manifest, "audit-webhook-config-file", "kaudit/webhook-config-sha256");
  setup.log = log_setup(session, manifest);
  return setup;
}

}  // namespace kaudit::cli
