#include <algorithm>

#include <fmt/format.h>

#include "draft.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/patch/paths.hpp"

namespace kaudit::patch {
namespace {

bool fits(std::string_view existing, std::string_view wanted) {
  if (existing.empty() || existing == wanted) return true;
  if (wanted == "FileOrCreate") return existing == "File";
  if (wanted == "DirectoryOrCreate") return existing == "Directory";
  // kubelet: FileOrCreate takes an existing file as File does.
  return wanted == "File" && existing == "FileOrCreate";
}

std::vector<std::string> names_of(const std::vector<manifest::Volume>& volumes) {
  std::vector<std::string> names;
  names.reserve(volumes.size());
  for (const manifest::Volume& volume : volumes) names.push_back(volume.name);
  return names;
}

std::vector<std::string> volumes_of(const std::vector<manifest::Mount>& mounts) {
  std::vector<std::string> names;
  names.reserve(mounts.size());
  for (const manifest::Mount& mount : mounts) names.push_back(mount.volume);
  return names;
}

/// A list item goes into the list, or with the list itself where there is none.
void insert_item(Draft& draft, const manifest::ListPlace& place, std::size_t before, yaml::Fragment item) {
  const yaml::Document& document = *draft.manifest.document;
  if (place.list) {
    draft.operations.emplace_back(InsertItem{*place.list, before, std::move(item)});
    return;
  }
  if (InsertEntry* made = draft.inserted_entry(place.parent, place.key)) {
    auto items = std::get<yaml::Fragment::List>(made->value.value());
    items.push_back(std::move(item));
    made->value = std::move(items);
    return;
  }
  draft.operations.emplace_back(InsertEntry{place.parent, entry_position(document, place.parent, place.key), place.key,
                                            yaml::Fragment::List{std::move(item)}});
}

bool is_name_taken(const Draft& draft, const std::string& name) {
  if (draft.new_volumes.contains(name)) return true;
  return std::any_of(draft.manifest.volumes.begin(), draft.manifest.volumes.end(), [&](const manifest::Volume& volume) {
    return volume.name == name && !draft.removed_volumes.contains(volume.index);
  });
}

std::string free_name(const Draft& draft, const std::string& wished) {
  std::string name = wished;
  for (int n = 2; is_name_taken(draft, name); ++n) name = wished + "-" + std::to_string(n);
  return name;
}

/// A volume of the pod that shows this path already, whatever it is called.
const manifest::Volume* volume_for(const Draft& draft, const WantedMount& wanted) {
  for (const manifest::Volume& volume : draft.manifest.volumes) {
    if (draft.removed_volumes.contains(volume.index) || !volume.host_path) continue;
    if (normalise_path(*volume.host_path) == wanted.path && fits(volume.host_path_type, wanted.type)) return &volume;
  }
  return nullptr;
}

std::string add_volume(Draft& draft, const WantedMount& wanted) {
  std::string name = free_name(draft, wanted.volume_name);
  draft.new_volumes.insert(name);
  const std::size_t before = sorted_position(names_of(draft.manifest.volumes), name);
  insert_item(draft, draft.manifest.volumes_place, before,
              yaml::Fragment::Map{{"hostPath", yaml::Fragment::Map{{"path", wanted.path}, {"type", wanted.type}}},
                                  {"name", name}});
  draft.changes.push_back({draft.manifest.volumes_place.path, Action::add, "",
                           fmt::format("{} (hostPath {}, {})", name, wanted.path, wanted.type)});
  return name;
}

void add_mount(Draft& draft, const WantedMount& wanted, const std::string& volume) {
  yaml::Fragment::Map mount = {{"mountPath", wanted.path}, {"name", volume}};
  if (wanted.access == Access::read) mount.emplace_back("readOnly", true);
  const std::size_t before = sorted_position(volumes_of(draft.manifest.mounts), volume);
  insert_item(draft, draft.manifest.mounts_place, before, std::move(mount));
  draft.changes.push_back(
      {draft.manifest.mounts_place.path, Action::add, "",
       fmt::format("{} at {} ({})", volume, wanted.path, wanted.access == Access::read ? "read-only" : "writable")});
}

Error taken_path(const Draft& draft, const manifest::Mount& mount, const WantedMount& wanted,
                 const std::optional<std::string>& shown) {
  text::Diagnostic finding;
  finding.code = "mount-path-taken";
  finding.field = fmt::format("{}[{}].mountPath", draft.manifest.mounts_place.path, mount.index);
  finding.message = fmt::format("volume \"{}\" is mounted here{}, but the {} needs the node's {} at this path",
                                mount.volume, shown ? " and shows the node's " + *shown : "", wanted.why, wanted.path);
  finding.hint = "choose another path, or take this mount out if nothing needs it";
  finding.offset = draft.manifest.document->node(mount.node).span.begin;
  return text::refuse(draft.source(), finding);
}

/// Mounted over the container's own, it would hide what the server needs there, and give it the node's to write.
Error system_directory(const WantedMount& wanted) {
  Error error;
  error.status = ExitStatus::refused;
  error.code = "system-directory";
  error.message =
      fmt::format("{} is a directory of the system and cannot be mounted for the {}", wanted.path, wanted.why);
  error.hint = "put the log into a directory of its own, such as /var/log/kubernetes/audit, or use --log-volume file";
  return error;
}

/// Whether a mount shows a single file, so that nothing can lie below it.
bool is_file_mount(const Draft& draft, const manifest::Mount& mount) {
  const manifest::Volume* volume = draft.manifest.volume(mount.volume);
  return volume != nullptr && mount.sub_path.empty() && volume->host_path_type.starts_with("File");
}

/// Makes an existing mount of the very path writable.
void make_writable(Draft& draft, const manifest::Mount& mount) {
  const yaml::NodeId node = *draft.manifest.document->find(mount.node, "readOnly");
  draft.operations.emplace_back(Replace{node, false});
  draft.changes.push_back({fmt::format("{}[{}].readOnly", draft.manifest.mounts_place.path, mount.index),
                           Action::replace, "true", "false"});
}

/// Gives a volume of the very path the type that lets the kubelet mount it.
void correct_type(Draft& draft, const manifest::Volume& volume, const WantedMount& wanted) {
  const yaml::Document& document = *draft.manifest.document;
  const yaml::NodeId host_path = *document.find(volume.node, "hostPath");
  draft.operations.emplace_back(Replace{*document.find(host_path, "type"), wanted.type});
  draft.changes.push_back({fmt::format("spec.volumes[{}].hostPath.type", volume.index), Action::replace,
                           volume.host_path_type, wanted.type});
}

/// A mount stands at the very path: it must show the node's same path, as the right type, writable where needed.
Status adopt_mount(Draft& draft, const manifest::Mount& mount, const WantedMount& wanted) {
  const auto shown = host_path_at(draft, mount, wanted.path);
  if (shown != wanted.path) return taken_path(draft, mount, wanted, shown);
  if (wanted.access == Access::write && mount.read_only) {
    const bool recursive = draft.manifest.document->find(mount.node, "recursiveReadOnly").has_value();
    if (recursive) return taken_path(draft, mount, wanted, wanted.path + " read-only, recursively");
    if (is_system_directory(wanted.path)) return taken_path(draft, mount, wanted, wanted.path + " read-only");
    make_writable(draft, mount);
  }
  const manifest::Volume* volume = draft.manifest.volume(mount.volume);
  if (mount.sub_path.empty() && !fits(volume->host_path_type, wanted.type)) correct_type(draft, *volume, wanted);
  return Done{};
}

}  // namespace

const manifest::Mount* governing_mount(const Draft& draft, std::string_view path) {
  const manifest::Mount* deepest = nullptr;
  for (const manifest::Mount& mount : draft.manifest.mounts) {
    if (draft.removed_mounts.contains(mount.index)) continue;
    const std::string at = normalise_path(mount.path);
    if (!below(path, at)) continue;
    if (deepest == nullptr || normalise_path(deepest->path).size() <= at.size()) deepest = &mount;
  }
  return deepest;
}

std::optional<std::string> host_path_at(const Draft& draft, const manifest::Mount& mount, std::string_view path) {
  const manifest::Volume* volume = draft.manifest.volume(mount.volume);
  if (volume == nullptr || !volume->host_path || mount.sub_path.find('$') != std::string::npos) return std::nullopt;
  const auto rest = below(path, normalise_path(mount.path));
  if (!rest) return std::nullopt;
  return join_path(join_path(normalise_path(*volume->host_path), mount.sub_path), *rest);
}

bool is_covered(const Draft& draft, std::string_view path, Access access) {
  const manifest::Mount* mount = governing_mount(draft, path);
  if (mount == nullptr || (access == Access::write && mount->read_only)) return false;
  if (normalise_path(mount->path) != path && is_file_mount(draft, *mount)) return false;
  return host_path_at(draft, *mount, path) == path;
}

Status ensure_mount(Draft& draft, const WantedMount& wanted) {
  const manifest::Mount* mount = governing_mount(draft, wanted.path);
  if (mount != nullptr && normalise_path(mount->path) == wanted.path) return adopt_mount(draft, *mount, wanted);
  if (wanted.own == WantedMount::Own::if_not_covered && is_covered(draft, wanted.path, wanted.access)) return Done{};
  if (mount != nullptr && is_file_mount(draft, *mount)) {
    return taken_path(draft, *mount, wanted, normalise_path(mount->path) + " as a single file");
  }
  if (wanted.type == "DirectoryOrCreate" && is_system_directory(wanted.path) && wanted.path != "/var/log") {
    return system_directory(wanted);
  }
  const manifest::Volume* volume = volume_for(draft, wanted);
  add_mount(draft, wanted, volume != nullptr ? volume->name : add_volume(draft, wanted));
  return Done{};
}

void remove_mount(Draft& draft, const manifest::Mount& mount) {
  const manifest::Manifest& manifest = draft.manifest;
  draft.operations.emplace_back(RemoveItem{*manifest.mounts_place.list, mount.index});
  draft.removed_mounts.insert(mount.index);
  draft.changes.push_back(
      {manifest.mounts_place.path, Action::remove, fmt::format("{} at {}", mount.volume, mount.path), ""});
  const manifest::Volume* volume = manifest.volume(mount.volume);
  if (volume == nullptr || draft.removed_volumes.contains(volume->index)) return;
  const auto& elsewhere = manifest.volumes_used_elsewhere;
  if (std::find(elsewhere.begin(), elsewhere.end(), volume->name) != elsewhere.end()) return;
  for (const manifest::Mount& other : manifest.mounts) {
    if (other.volume == volume->name && !draft.removed_mounts.contains(other.index)) return;
  }
  draft.operations.emplace_back(RemoveItem{*manifest.volumes_place.list, volume->index});
  draft.removed_volumes.insert(volume->index);
  draft.changes.push_back({manifest.volumes_place.path, Action::remove,
                           fmt::format("{} (hostPath {})", volume->name, volume->host_path.value_or("none")), ""});
}

}  // namespace kaudit::patch
