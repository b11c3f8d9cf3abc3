#include <algorithm>

#include "kaudit/base/ascii.hpp"
#include "kaudit/base/units.hpp"
#include "kaudit/decode/decode.hpp"
#include "kaudit/host/file_end.hpp"
#include "kaudit/host/file_facts.hpp"
#include "kaudit/kube/go_values.hpp"
#include "kaudit/node/kubelet.hpp"
#include "kaudit/node/logrotate_drop_in.hpp"
#include "kaudit/patch/disable.hpp"
#include "kaudit/patch/paths.hpp"
#include "kaudit/patch/webhook_config.hpp"
#include "surveying.hpp"

namespace kaudit::cli {
namespace {

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

/// What the flags say: of a file that is mounted alone, nobody can rotate it.
survey::Rotation rotation_by_server(const Session& session, const manifest::Manifest& manifest,
                                    const survey::LogSetup& log) {
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

/// The bytes of our own drop-in; nothing: there is none, or its first line says that it is not ours any more.
std::optional<std::string> own_drop_in(const host::Root& root) {
  const auto place = root.locate(node::k_logrotate_drop_in);
  if (!place) return std::nullopt;
  auto image = host::read_file(*place, k_input_limit);
  if (!image || !*image || !node::is_own_drop_in((*image)->bytes)) return std::nullopt;
  return std::move((*image)->bytes);
}

/// Who rotates, if that is logrotate: by our drop-in or, of a log that the server cannot rename, by another rule that
/// truncates it. The sizes of one that was edited, or is somebody else's, are not known.
void look_at_rules(const host::Root& root, survey::LogSetup& log) {
  const auto own = own_drop_in(root);
  for (const node::LogrotateRule& rule : log.logrotate) {
    const bool is_own = own && rule.file == node::k_logrotate_drop_in;
    const bool truncates = rule.truncates && log.mount == survey::LogSetup::Mount::file;
    if (!is_own && (!truncates || !log.rotation_file.empty())) continue;
    const auto said = is_own ? node::read_drop_in(*own) : std::nullopt;
    log.rotation = said ? survey::Rotation{{}, said->size_bytes, said->backups, said->age_days} : survey::Rotation();
    log.rotation.by = survey::Rotation::By::logrotate;
    log.rotation_file = rule.file;
    log.is_rotated_by_own = is_own;
    log.is_own_broken = is_own && !said;
  }
}

std::string annotation_of(const manifest::Manifest& manifest, std::string_view key) {
  return manifest.annotation(key).value_or(std::string());
}

/// Digest and age of a file that the server reads. Its content; "" where it cannot be read.
std::string read_server_file(const Session& session, survey::ServerFile& file) {
  const auto place = host::locate_through_links(session.root, file.node_path);
  if (!place) {
    file.problem = one_line(place.error().message);
    return {};
  }
  auto image = host::read_file(*place, k_input_limit);
  if (!image || !*image) {
    file.problem = image ? "there is no such file" : one_line(image.error().message);
    return {};
  }
  file.sha256 = host::sha256((*image)->bytes);
  const auto facts = host::look_at(*place);
  if (facts && *facts) file.modified = (*facts)->modified;
  return std::move((*image)->bytes);
}

/// A file that a flag names, and what is in it.
struct Named {
  survey::ServerFile file;
  std::string bytes;
};

std::optional<Named> server_file(const Session& session, const manifest::Manifest& manifest, std::string_view flag,
                                 std::string_view annotation) {
  survey::ServerFile file;
  file.path = manifest.flag_value(flag);
  if (file.path.empty()) return std::nullopt;
  file.node_path = patch::node_path_of(manifest, file.path).value_or(std::string());
  file.annotated = annotation_of(manifest, annotation);
  std::string bytes = file.node_path.empty() ? std::string() : read_server_file(session, file);
  return Named{std::move(file), std::move(bytes)};
}

/// What the webhook config names, as far as it can be read; what is wrong with the config itself is said elsewhere.
void look_at_webhook_files(const Session& session, const manifest::Manifest& manifest, const Named& config,
                           survey::Setup& setup) {
  const text::Source source(config.file.node_path, config.bytes);
  const auto value = decode::as_kubernetes_reads_it(source);
  if (!value) return;
  const auto named = patch::files_named_by(source, *value);
  if (!named) return;
  std::vector<ListedFile> listed;
  for (const patch::NamedFile& one : *named) {
    survey::ServerFile file;
    file.path = patch::path_of(one, config.file.path);
    const auto is_same = [&](const survey::ServerFile& other) { return other.path == file.path; };
    if (std::any_of(setup.webhook_files.begin(), setup.webhook_files.end(), is_same)) continue;
    file.node_path = patch::node_path_of(manifest, file.path).value_or(std::string());
    if (!file.node_path.empty()) read_server_file(session, file);
    if (patch::is_beside_config(one)) listed.push_back({file.node_path, file.sha256});
    setup.webhook_files.push_back(std::move(file));
  }
  setup.webhook_files_sha256 = digest_of(listed);
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
  log.rotation = rotation_by_server(session, manifest, log);
  log.server_max_size = log.rotation.max_size;
  look_at_rules(session.root, log);
  if (log.rotation.by == survey::Rotation::By::logrotate) {
    const node::LogrotateSchedule schedule = node::find_logrotate(session.root).schedule;
    log.logrotate_runs = schedule.words;
    log.is_out_of_reach = !schedule.reaches(log.node_path);
  }
  if (!session.root.is_host()) return log;
  const auto space = host::space_for(session.root, log.node_path);
  if (!space) return log;
  log.space = *space;
  log.reserve = node::find_kubelet(session.root).eviction_reserve(space->total);
  return log;
}

}  // namespace

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
  if (auto policy = server_file(session, manifest, "audit-policy-file", "kaudit/policy-sha256")) {
    setup.policy = std::move(policy->file);
  }
  if (const auto config = server_file(session, manifest, "audit-webhook-config-file", "kaudit/webhook-config-sha256")) {
    setup.webhook_config = config->file;
    setup.webhook_files_annotated = annotation_of(manifest, "kaudit/webhook-files-sha256");
    look_at_webhook_files(session, manifest, *config, setup);
  }
  setup.log = log_setup(session, manifest);
  return setup;
}

}  // namespace kaudit::cli
