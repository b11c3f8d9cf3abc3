#include "kaudit/host/root.hpp"

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kaudit/host/system_error.hpp"
#include "walk.hpp"

namespace kaudit::host {
namespace {

std::string resolved(const std::string& path) {
  struct Free {
    void operator()(char* text) const { std::free(text); }  // NOLINT: realpath(3) allocates with malloc
  };
  const std::unique_ptr<char, Free> text(::realpath(path.c_str(), nullptr));
  return text ? text.get() : "";
}

Error root_error(const std::string& directory, int number) {
  Error error = system_error("cannot use it as the root directory", directory, number);
  error.code = "root";
  error.hint = "--root names an existing directory that stands for the node's /";
  return error;
}

Result<Descriptor> open_path(int directory, const char* name, const std::string& path) {
  Descriptor opened(
      uninterrupted([&] { return ::openat(directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }));
  if (!opened.is_open()) return system_error("cannot open the directory", path, errno);
  return opened;
}

}  // namespace

Result<Root> Root::open(std::string directory) {
  Root root;
  if (directory.empty()) return root_error(directory, ENOENT);
  root.m_directory =
      Descriptor(uninterrupted([&] { return ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC); }));
  if (!root.m_directory.is_open()) return root_error(directory, errno);
  root.m_resolved = resolved(directory);
  if (root.m_resolved.empty()) return root_error(directory, errno);
  root.m_is_host = root.m_resolved == "/";
  if (root.m_is_host) {
    root.m_resolved.clear();
  } else {
    while (directory.size() > 1 && directory.back() == '/') directory.pop_back();
    root.m_prefix = std::move(directory);
  }
  return root;
}

std::string Root::shown(std::string_view node_path) const { return m_prefix + std::string(node_path); }

std::string Root::node_path_of(const std::string& own_path) const {
  std::string path = resolved(own_path);
  if (m_is_host) return path;
  if (path.size() <= m_resolved.size() + 1 || path.compare(0, m_resolved.size(), m_resolved) != 0) return {};
  if (path[m_resolved.size()] != '/') return {};
  return path.substr(m_resolved.size());
}

Result<Place> Root::locate(std::string_view node_path) const {
  KAUDIT_TRY(components, components_of(node_path));
  Place place;
  place.node_path = joined(components);
  place.path = shown(place.node_path);
  place.leaf = std::move(components.back());
  components.pop_back();
  KAUDIT_TRY(start, top());
  Walk walk(*this, std::move(start));
  KAUDIT_TRY_DO(walk.go(components, Missing::is_error));
  place.directory = std::move(walk).arrive();
  return place;
}

Result<Place> Root::locate_or_make(std::string_view node_path, std::vector<std::string>& made) const {
  KAUDIT_TRY(components, components_of(node_path));
  Place place;
  place.node_path = joined(components);
  place.path = shown(place.node_path);
  place.leaf = std::move(components.back());
  components.pop_back();
  KAUDIT_TRY(start, top());
  Walk walk(*this, std::move(start));
  const Status gone = walk.go(components, Missing::is_made);
  made.insert(made.end(), walk.made().begin(), walk.made().end());
  if (!gone) return gone.error();
  place.directory = std::move(walk).arrive();
  return place;
}

bool Root::is_trusted_owner(unsigned uid) const noexcept { return uid == 0 || (!m_is_host && uid == ::geteuid()); }

bool Root::is_trusted_alone(std::uint32_t mode, unsigned uid, unsigned gid) const noexcept {
  if (!is_trusted_owner(uid) || (mode & S_IWOTH) != 0) return false;
  return (mode & S_IWGRP) == 0 || (!m_is_host && gid == ::getegid());
}

Result<Descriptor> Root::top() const {
  return open_path(m_directory.get(), ".", m_is_host ? std::string("/") : m_prefix);
}

Result<Place> descend(const Place& directory, std::string leaf) {
  Place place;
  KAUDIT_TRY(opened, open_path(directory.directory.get(), directory.leaf.c_str(), directory.path));
  place.directory = std::move(opened);
  place.path = directory.path + "/" + leaf;
  place.node_path = directory.node_path + "/" + leaf;
  place.leaf = std::move(leaf);
  return place;
}

Result<Place> sibling(const Place& place, std::string leaf) {
  Place other;
  const auto above = [&](const std::string& path) { return path.substr(0, path.rfind('/') + 1); };
  KAUDIT_TRY(opened, open_path(place.directory.get(), ".", above(place.path)));
  other.directory = std::move(opened);
  other.path = above(place.path) + leaf;
  other.node_path = above(place.node_path) + leaf;
  other.leaf = std::move(leaf);
  return other;
}

}  // namespace kaudit::host
