#include <algorithm>
#include <map>
#include <set>

#include "kaudit/decode/decode.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/node/audit_log.hpp"
#include "kaudit/node/stray_pods.hpp"
#include "kaudit/patch/disable.hpp"
#include "kaudit/patch/paths.hpp"
#include "withdraw.hpp"

namespace kaudit::cli {
namespace {

const char* name_of_role(rollout::Role role) {
  if (role == rollout::Role::policy) return "audit policy";
  if (role == rollout::Role::drop_in) return "logrotate drop-in";
  return role == rollout::Role::webhook_config ? "webhook config" : "file of the webhook config";
}

/// A file of the node as it is; nothing if it is not there or cannot be read.
std::optional<NodeFile> read_node_file(const Session& session, rollout::Role role, const std::string& node_path) {
  const auto place = session.root.locate(node_path);
  if (!place) return std::nullopt;
  auto image = host::read_file(*place, k_input_limit);
  if (!image || !*image) return std::nullopt;
  NodeFile file;
  file.role = role;
  file.node_path = node_path;
  file.bytes = (*image)->bytes;
  file.digest = host::sha256(file.bytes);
  file.metadata = (*image)->metadata;
  file.before = std::move(*image);
  return file;
}

/// Where the node has the file that a flag of the server names.
std::string node_path_of(const ManifestInput& input, std::string_view flag) {
  const std::string path = input.manifest.flag_value(flag);
  if (!path.starts_with('/')) return {};
  return patch::node_path_of(input.manifest, path).value_or("");
}

void warn_kept(Session& session, const std::string& node_path, const std::string& why) {
  Warning warning;
  warning.code = "not-purged";
  warning.message = why;
  warning.file = session.root.shown(node_path);
  session.warnings.push_back(std::move(warning));
}

/// What runs for this manifest have written below /etc/kubernetes and nothing has changed since.
Result<std::vector<Purged>> installed_files(const Session& session, const ManifestInput& source) {
  KAUDIT_TRY(runs, rollout::list_runs(session.root, session.state()));
  std::map<std::string, std::pair<rollout::Role, std::set<std::string>>> written;  // by path: digests
  std::set<std::string> of_others;
  for (const rollout::StoredRun& run : runs) {
    if (!rollout::is_in_force(run.state) || run.files.empty()) continue;
    const bool is_its_run = run.files.front().node_path == source.node_path;
    for (auto file = run.files.begin() + 1; file != run.files.end(); ++file) {
      if (!is_its_run) of_others.insert(file->node_path);
      if (!is_its_run || file->before_sha256 == file->after_sha256) continue;
      if (!patch::below(file->node_path, "/etc/kubernetes")) continue;
      written[file->node_path].first = file->role;
      written[file->node_path].second.insert(file->after_sha256);
    }
  }
  std::vector<Purged> purged;
  for (const auto& [path, what] : written) {
    auto file = read_node_file(session, what.first, path);
    if (!file || of_others.contains(path) || !what.second.contains(file->digest)) continue;
    purged.push_back({{path, file->digest}, name_of_role(what.first), std::move(file)});
  }
  return purged;
}

/// The log and its rotated files, as far as they are regular files with one link.
Status add_log(Session& session, const std::string& node_path, std::vector<Purged>& purged) {
  const auto place = session.root.locate(node_path);
  if (!place) return Done{};
  KAUDIT_TRY(names, host::list_beside(*place, host::Hidden::skipped));
  for (const std::string& name : names) {
    const bool is_log = name == place->leaf;
    if (!is_log && node::rotated_by(name, place->leaf) == node::RotatedBy::nobody) continue;
    const std::string path = patch::join_path(patch::directory_of(node_path), name);
    KAUDIT_TRY(file, host::sibling(*place, name));
    if (const auto fit = host::check_log(file); !fit) {
      warn_kept(session, path, fit.error().message + ": it stays");
      continue;
    }
    purged.push_back({{path, ""}, is_log ? "audit log" : "rotated audit log", std::nullopt});
  }
  return Done{};
}

/// Takes out what some pod still mounts or writes.
Status keep_used(Session& session, const ManifestInput& source, const std::string& new_text,
                 std::vector<Purged>& purged) {
  KAUDIT_TRY(used, node::paths_of_other_pods(session.root, source.node_path));
  if (const auto now = decode::as_kubernetes_reads_it(text::Source(source.node_path, new_text))) {
    for (std::string& path : manifest::node_paths_of(*now)) used.push_back(std::move(path));
  }
  std::erase_if(purged, [&](const Purged& one) {
    const std::string& path = one.removal.node_path;
    if (std::find(used.begin(), used.end(), path) == used.end()) return false;
    warn_kept(session, path, "a pod in the manifests directory still uses this " + one.what + ": it stays");
    return true;
  });
  return Done{};
}

}  // namespace

std::vector<NodeFile> named_files(const Session& session, const ManifestInput& input) {
  std::vector<NodeFile> files;
  for (const auto& [flag, role] : {std::pair("audit-policy-file", rollout::Role::policy),
                                   std::pair("audit-webhook-config-file", rollout::Role::webhook_config)}) {
    const std::string path = node_path_of(input, flag);
    if (path.empty()) continue;
    if (auto file = read_node_file(session, role, path)) files.push_back(std::move(*file));
  }
  return files;
}

Result<std::vector<Purged>> files_to_purge(Session& session, const ManifestInput& source, const std::string& new_text) {
  KAUDIT_TRY(purged, installed_files(session, source));
  for (const NodeFile& file : named_files(session, source)) {
    const bool goes = std::any_of(purged.begin(), purged.end(),
                                  [&](const Purged& one) { return one.removal.node_path == file.node_path; });
    if (!goes) {
      warn_kept(session, file.node_path,
                std::string("this ") + name_of_role(file.role) +
                    " was not installed by a stored run, or changed since: it stays");
    }
  }
  const std::string log = node_path_of(source, "audit-log-path");
  if (!log.empty()) KAUDIT_TRY_DO(add_log(session, log, purged));
  KAUDIT_TRY_DO(keep_used(session, source, new_text, purged));
  return std::move(purged);
}

}  // namespace kaudit::cli
