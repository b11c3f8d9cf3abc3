#include "walk.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

/// The kernel's own limit (path_resolution(7)).
constexpr std::size_t k_most_links = 40;

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    if (!part.empty() && part != ".") parts.emplace_back(part);
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

Error path_error(std::string_view path, std::string message) {
  return file_error(ExitStatus::refused, "path", std::string(path), std::move(message),
                    "give an absolute path of the node without '..'");
}

}  // namespace

Result<std::vector<std::string>> components_of(std::string_view node_path) {
  if (node_path.find('\0') != std::string_view::npos) return path_error("", "a path with a NUL byte");
  if (node_path.empty() || node_path.front() != '/') return path_error(node_path, "not an absolute path");
  if (node_path.size() >= PATH_MAX) return path_error(node_path.substr(0, 64), "the path is too long");
  std::vector<std::string> parts = split(node_path);
  if (parts.empty()) return path_error(node_path, "names the root directory, not something in it");
  for (const std::string& part : parts) {
    if (part == "..") return path_error(node_path, "'..' in a path of the node");
    if (part.size() > NAME_MAX) return path_error(node_path, "a name in the path is longer than 255 bytes");
  }
  return parts;
}

std::string joined(const std::vector<std::string>& components) {
  std::string path;
  for (const std::string& component : components) path += "/" + component;
  return path;
}

Status Walk::go(const std::vector<std::string>& components, Missing missing) {
  KAUDIT_TRY_DO(start());
  m_pending.assign(components.rbegin(), components.rend());
  while (!m_pending.empty()) {
    const std::string name = std::move(m_pending.back());
    m_pending.pop_back();
    if (name == "..") {  // of a link's target; above the root is the root
      if (m_steps.size() > 1) m_steps.pop_back();
      continue;
    }
    KAUDIT_TRY_DO(take(name, missing));
  }
  return Done{};
}

Status Walk::start() {
  Step& top = m_steps.front();
  if (::fstat(top.directory.get(), &top.status) != 0) return system_error("cannot look at it", shown(""), errno);
  if (!m_root->is_trusted_alone(top.status.st_mode, top.status.st_uid, top.status.st_gid)) m_offender = shown("");
  return Done{};
}

Status Walk::take(const std::string& name, Missing missing) {
  KAUDIT_TRY(opened, open_or_make(name, missing));
  struct stat status {};
  if (::fstat(opened.get(), &status) != 0) return system_error("cannot look at it", shown(name), errno);
  if (S_ISLNK(status.st_mode)) return follow(opened, status, name);
  if (!S_ISDIR(status.st_mode)) {
    return file_error(ExitStatus::refused, "path", shown(name), "not a directory, and other files shall lie below it",
                      "choose another path, or move this away");
  }
  arrive_in(std::move(opened), name, status);
  return Done{};
}

Result<Descriptor> Walk::open_or_make(const std::string& name, Missing missing) {
  const int parent = m_steps.back().directory.get();
  const auto open = [&] {
    return uninterrupted([&] { return ::openat(parent, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC); });
  };
  Descriptor opened(open());
  if (!opened.is_open() && errno == ENOENT && missing == Missing::is_made) {
    if (::mkdirat(parent, name.c_str(), 0700) == 0) {
      m_made.push_back(node_path(name));
    } else if (errno != EEXIST) {
      return system_error("cannot make the directory", shown(name), errno);
    }
    opened = Descriptor(open());
  }
  if (opened.is_open()) return opened;
  if (errno != ENOENT) return system_error("cannot open it", shown(name), errno);
  return file_error(ExitStatus::host_refused, "missing-directory", shown(name), "no such directory");
}

Status Walk::follow(const Descriptor& link, const struct stat& status, const std::string& name) {
  const struct stat& parent = m_steps.back().status;
  if (!m_root->is_trusted_owner(status.st_uid) ||
      !m_root->is_trusted_alone(parent.st_mode, parent.st_uid, parent.st_gid)) {
    return file_error(ExitStatus::refused, "untrusted-link", shown(name),
                      "a symbolic link that others than root may have made or may change",
                      "use the path it points to, or make the link and its directory root's alone to write");
  }
  if (++m_links > k_most_links) return path_error(shown(name), "too many symbolic links");
  std::array<char, PATH_MAX> target{};
  const ssize_t size = ::readlinkat(link.get(), "", target.data(), target.size());
  if (size < 0) return system_error("cannot read the link", shown(name), errno);
  const std::string_view text(target.data(), static_cast<std::size_t>(size));
  if (text.size() == target.size()) return path_error(shown(name), "the link's target is too long");
  if (text.substr(0, 1) == "/") m_steps.resize(1);
  const std::vector<std::string> parts = split(text);
  m_pending.insert(m_pending.end(), parts.rbegin(), parts.rend());
  return Done{};
}

void Walk::arrive_in(Descriptor directory, const std::string& name, const struct stat& status) {
  if (!m_offender && !m_root->is_trusted_alone(status.st_mode, status.st_uid, status.st_gid)) m_offender = shown(name);
  m_steps.push_back({std::move(directory), name, status});
}

std::string Walk::node_path(std::string_view name) const {
  std::string path;
  for (std::size_t i = 1; i < m_steps.size(); ++i) path += "/" + m_steps[i].name;
  if (!name.empty() || path.empty()) path += "/" + std::string(name);
  return path;
}

std::string Walk::shown(std::string_view name) const { return m_root->shown(node_path(name)); }

}  // namespace kaudit::host
