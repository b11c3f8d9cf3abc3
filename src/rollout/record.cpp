#include "record.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace kaudit::rollout {
namespace {

/// Names of copies for people: the file's own name, with its place in the run before it when that is taken.
class CopyNames {
 public:
  std::string name_for(const std::string& node_path) {
    const std::string leaf = node_path.substr(node_path.rfind('/') + 1);
    ++m_count;
    std::string name = leaf;
    // The longest name leaves no room for a prefix: cut it.
    if (!m_taken.insert(name).second) name = (std::to_string(m_count) + "-" + leaf).substr(0, 255);
    m_taken.insert(name);
    return name;
  }

 private:
  std::set<std::string> m_taken;
  std::size_t m_count = 0;
};

RecordedFile recorded(const FileIntent& intent, const std::string& name) {
  RecordedFile file;
  file.role = intent.role;
  file.node_path = intent.node_path;
  if (intent.before) {
    const host::FileImage& before = *intent.before;
    file.before = StoredImage{host::sha256(before.bytes),
                              before.bytes.size(),
                              before.metadata,
                              before.device,
                              before.inode,
                              "before/" + name};
  }
  file.after = StoredImage{host::sha256(intent.after), intent.after.size(), intent.metadata, 0, 0, "after/" + name};
  return file;
}

}  // namespace

Record make_record(const Intent& intent, std::string id, std::string started) {
  Record record;
  record.program_version = intent.program_version;
  record.id = std::move(id);
  record.verb = intent.verb;
  record.started = std::move(started);
  record.summary = intent.summary;
  CopyNames names;
  record.files.push_back(recorded(intent.manifest, names.name_for(intent.manifest.node_path)));
  record.files.front().role = Role::manifest;
  for (const FileIntent& file : intent.files) record.files.push_back(recorded(file, names.name_for(file.node_path)));
  for (const Provision& provision : intent.provisions) record.provisions.push_back({provision, false});
  record.watch = intent.watch;
  record.removals = intent.removals;
  return record;
}

std::string_view to_string(Role role) {
  switch (role) {
    case Role::manifest:
      return "manifest";
    case Role::policy:
      return "policy";
    case Role::webhook_config:
      return "webhook_config";
    case Role::webhook_file:
      return "webhook_file";
    case Role::drop_in:
      break;
  }
  return "drop_in";
}

std::string_view to_string(RunState state) {
  switch (state) {
    case RunState::prepared:
      return "prepared";
    case RunState::watching:
      return "watching";
    case RunState::restoring:
      return "restoring";
    case RunState::written:
      return "written";
    case RunState::healthy:
      return "healthy";
    case RunState::restored:
      return "restored";
    case RunState::failed:
      return "failed";
    case RunState::abandoned:
      break;
  }
  return "abandoned";
}

std::optional<Role> role_of(std::string_view name) {
  for (const Role role : {Role::manifest, Role::policy, Role::webhook_config, Role::webhook_file, Role::drop_in}) {
    if (name == to_string(role)) return role;
  }
  return std::nullopt;
}

std::optional<RunState> run_state_of(std::string_view name) {
  for (const RunState state : {RunState::prepared, RunState::watching, RunState::restoring, RunState::written,
                               RunState::healthy, RunState::restored, RunState::failed, RunState::abandoned}) {
    if (name == to_string(state)) return state;
  }
  return std::nullopt;
}

bool is_copy_name(std::string_view copy) {
  const std::size_t slash = copy.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view folder = copy.substr(0, slash);
  const std::string_view name = copy.substr(slash + 1);
  const bool is_name = !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos;
  return is_name && (folder == "before" || folder == "after");
}

bool is_unfinished(RunState state) {
  return state == RunState::prepared || state == RunState::watching || state == RunState::restoring;
}

bool is_in_force(RunState state) { return state == RunState::written || state == RunState::healthy; }

}  // namespace kaudit::rollout
