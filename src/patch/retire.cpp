#include <algorithm>
#include <array>

#include "draft.hpp"
#include "kaudit/base/ascii.hpp"
#include "kaudit/patch/paths.hpp"

namespace kaudit::patch {
namespace {

/// Whether an element of a list belongs to an audit flag.
bool is_audit_element(const manifest::Manifest& manifest, yaml::NodeId list, std::size_t index) {
  return std::any_of(manifest.flags.begin(), manifest.flags.end(), [&](const manifest::Flag& flag) {
    return flag.name.starts_with("audit-") && flag.list == list && index >= flag.index &&
           index < flag.index + flag.elements;
  });
}

/// Text of every scalar of the server's container but the audit flags and the mounts: where another use of a path would
/// show (a flag, a variable, a probe).
void collect_texts(const manifest::Manifest& manifest, yaml::NodeId id, std::vector<std::string_view>& texts) {
  const yaml::Document& document = *manifest.document;
  const yaml::Node& node = document.node(id);
  if (id == manifest.mounts_place.list) return;
  if (node.kind == yaml::Kind::scalar) texts.emplace_back(node.value);
  for (std::size_t i = 0; i < node.child_count; ++i) {
    if (!is_audit_element(manifest, id, i)) collect_texts(manifest, document.child(id, i).value, texts);
  }
}

/// Characters that a path goes on with: "--x=/var/log/kube,/y" names /var/log/kube and /y, not /var/log/ku.
bool goes_on(char c) {
  const char letter = lower_case(c);
  return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/// Whether the server sees `path` through a mount that lies deeper than `above`, and would without it.
bool has_deeper_mount(const Draft& draft, std::string_view path, std::string_view above) {
  const manifest::Mount* mount = governing_mount(draft, path);
  return mount != nullptr && normalise_path(mount->path).size() > above.size();
}

/// Whether `text` names `path` or something below it that has no mount of its own.
bool names(const Draft& draft, std::string_view text, std::string_view path) {
  for (std::size_t at = text.find(path); at != std::string_view::npos; at = text.find(path, at + 1)) {
    std::size_t end = at + path.size();
    if ((at != 0 && goes_on(text[at - 1])) || (end != text.size() && goes_on(text[end]))) continue;
    while (end != text.size() && (goes_on(text[end]) || text[end] == '/')) ++end;
    if (!has_deeper_mount(draft, normalise_path(text.substr(at, end - at)), path)) return true;
  }
  return false;
}

/// Whether anything the server will be told names `path` or something below it.
bool is_named(const Draft& draft, const std::vector<kube::FlagSetting>& after, std::string_view path) {
  for (const kube::FlagSetting& setting : after) {
    if (!setting.value || !setting.value->starts_with('/')) continue;
    const std::string named = normalise_path(*setting.value);
    if (below(named, path) && !has_deeper_mount(draft, named, path)) return true;
  }
  return is_named_elsewhere(draft, path);
}

/// Mounts that served only `old_path`: of the file itself, or of its own directory.
void retire(Draft& draft, const std::vector<kube::FlagSetting>& after, const std::string& old_path) {
  if (!old_path.starts_with('/')) return;
  const std::string file = normalise_path(old_path);
  const std::string directory = directory_of(file);
  for (const manifest::Mount& mount : draft.manifest.mounts) {
    const std::string at = normalise_path(mount.path);
    const bool served_it = at == file || (at == directory && (!is_system_directory(directory) || is_log_mount(mount)));
    if (served_it && !draft.removed_mounts.contains(mount.index) && !is_named(draft, after, at)) {
      remove_mount(draft, mount);
    }
  }
}

/// Mounts for files that only the previous webhook config named.
void retire_webhook_files(Draft& draft, const std::vector<kube::FlagSetting>& after) {
  const std::vector<MountedFile>& files = draft.desired.webhook_files;
  for (const manifest::Mount& mount : draft.manifest.mounts) {
    const std::string at = normalise_path(mount.path);
    const bool wanted = std::any_of(files.begin(), files.end(),
                                    [&](const MountedFile& file) { return normalise_path(file.path) == at; });
    if (!wanted && mount.volume.starts_with("audit-webhook-") && !is_named(draft, after, at))
      remove_mount(draft, mount);
  }
}

/// The flags that name files of the node.
constexpr std::array<std::string_view, 3> k_path_flags = {"audit-log-path", "audit-policy-file",
                                                          "audit-webhook-config-file"};

}  // namespace

bool is_log_mount(const manifest::Mount& mount) {
  return mount.volume == "audit-log" || mount.volume.starts_with("audit-log-");
}

bool is_named_elsewhere(const Draft& draft, std::string_view path) {
  std::vector<std::string_view> texts;
  collect_texts(draft.manifest, draft.manifest.container, texts);
  return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) { return names(draft, text, path); });
}

void retire_mounts(Draft& draft, const std::vector<kube::FlagSetting>& after) {
  const bool has_webhook = draft.manifest.flag("audit-webhook-config-file") != nullptr;
  if (draft.desired.webhook_path || (has_webhook && effective(after, "audit-webhook-config-file").empty())) {
    retire_webhook_files(draft, after);
  }
  // One that is set twice may have had mounts for both values.
  for (const manifest::Flag& flag : draft.manifest.flags) {
    if (std::find(k_path_flags.begin(), k_path_flags.end(), flag.name) == k_path_flags.end()) continue;
    const std::string before = flag.value.value_or("");
    if (!before.empty() && before != effective(after, flag.name)) retire(draft, after, before);
  }
}

}  // namespace kaudit::patch
