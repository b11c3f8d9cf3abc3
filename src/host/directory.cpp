#include "kaudit/host/directory.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kaudit/host/file_kind.hpp"
#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

struct CloseDirectory {
  void operator()(DIR* stream) const { ::closedir(stream); }
};

Result<std::vector<std::string>> names_in(int directory, Hidden hidden, const std::string& path) {
  const int copy = ::fcntl(directory, F_DUPFD_CLOEXEC, 0);
  const std::unique_ptr<DIR, CloseDirectory> stream(copy < 0 ? nullptr : ::fdopendir(copy));
  if (!stream) {
    const int number = errno;
    if (copy >= 0) ::close(copy);
    return system_error("cannot list the directory", path, number);
  }
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {  // NOLINT(concurrency-mt-unsafe): a stream of our own
    const std::string_view name = entry->d_name;
    if (name == "." || name == ".." || (hidden == Hidden::skipped && name.front() == '.')) continue;
    names.emplace_back(name);
  }
  if (errno != 0) return system_error("cannot list the directory", path, errno);
  std::sort(names.begin(), names.end());
  return names;
}

Descriptor open_below(const Place& place, const char* name, int flags) {
  return Descriptor(
      uninterrupted([&] { return ::openat(place.directory.get(), name, flags | O_NOFOLLOW | O_CLOEXEC); }));
}

Result<Descriptor> check_existing_directory(const Place& place) {
  struct stat status {};
  if (::fstatat(place.directory.get(), place.leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return system_error("cannot look at it", place.path, errno);
  }
  if (S_ISDIR(status.st_mode)) return Descriptor();
  return file_error(ExitStatus::refused, "path", place.path, "is in the way of a directory of that name");
}

}  // namespace

Result<std::vector<std::string>> list_directory(const Place& place, Hidden hidden) {
  const Descriptor directory = open_below(place, place.leaf.c_str(), O_RDONLY | O_DIRECTORY);
  if (directory.is_open()) return names_in(directory.get(), hidden, place.path);
  if (errno == ENOENT) return std::vector<std::string>();
  if (errno == ENOTDIR || errno == ELOOP) {
    return file_error(ExitStatus::refused, "path", place.path, "is not a directory");
  }
  return system_error("cannot open the directory", place.path, errno);
}

Result<std::vector<std::string>> list_beside(const Place& place, Hidden hidden) {
  KAUDIT_TRY(directory, open_parent(place));
  return names_in(directory.get(), hidden, place.path.substr(0, place.path.rfind('/') + 1));
}

Result<Descriptor> make_directory(const Place& place, const Metadata& metadata, Ownership ownership) {
  if (::mkdirat(place.directory.get(), place.leaf.c_str(), 0700) != 0) {
    if (errno == EEXIST) return check_existing_directory(place);
    return system_error("cannot make the directory", place.path, errno);
  }
  KAUDIT_TRY(made, open_directory(place));
  KAUDIT_TRY_DO(apply_metadata(made.get(), metadata, ownership, place.path));
  return std::move(made);
}

Result<Descriptor> make_empty_file(const Place& place, const Metadata& metadata, Ownership ownership) {
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Descriptor made(
      uninterrupted([&] { return ::openat(place.directory.get(), place.leaf.c_str(), flags, S_IRUSR | S_IWUSR); }));
  if (!made.is_open()) {
    if (errno != EEXIST) return system_error("cannot create it", place.path, errno);
    KAUDIT_TRY_DO(check_log(place));
    return Descriptor();
  }
  KAUDIT_TRY_DO(apply_metadata(made.get(), metadata, ownership, place.path));
  return made;
}

Status check_log(const Place& place) {
  struct stat status {};
  if (::fstatat(place.directory.get(), place.leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return Done{};
    return system_error("cannot look at it", place.path, errno);
  }
  KAUDIT_TRY_DO(must_be_regular(status.st_mode, place.path));
  if (status.st_nlink == 1) return Done{};
  return file_error(
      ExitStatus::refused, "hard-linked", place.path,
      "has " + std::to_string(status.st_nlink) + " hard links: what is logged would land in another file too",
      "find the others with: find / -xdev -samefile " + place.path);
}

Result<Descriptor> open_parent(const Place& place) {
  Descriptor opened = open_below(place, ".", O_RDONLY | O_DIRECTORY);
  if (!opened.is_open()) return system_error("cannot open its directory", place.path, errno);
  return opened;
}

Result<Descriptor> open_directory(const Place& place) {
  Descriptor opened = open_below(place, place.leaf.c_str(), O_RDONLY | O_DIRECTORY);
  if (!opened.is_open()) return system_error("cannot open the directory", place.path, errno);
  return opened;
}

Status sync(const Descriptor& file, const std::string& path) {
  if (uninterrupted([&] { return ::fsync(file.get()); }) == 0 || errno == EINVAL) return Done{};
  return system_error("cannot write it to the disk", path, errno);
}

Status sync_parent(const Place& place) {
  KAUDIT_TRY(directory, open_parent(place));
  return sync(directory, place.path);
}

Status remove_file(const Place& place) {
  if (::unlinkat(place.directory.get(), place.leaf.c_str(), 0) == 0 || errno == ENOENT) return Done{};
  return system_error("cannot remove it", place.path, errno);
}

Status remove_directory(const Place& place) {
  if (::unlinkat(place.directory.get(), place.leaf.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return Done{};
  const int number = errno;
  Error error = system_error("cannot remove the directory", place.path, number);
  if (number == ENOTEMPTY || number == EEXIST) error.code = "not-empty";
  return error;
}

Status remove_tree(const Place& place) {
  KAUDIT_TRY(names, list_directory(place, Hidden::included));
  for (std::string& name : names) {
    KAUDIT_TRY(entry, descend(place, std::move(name)));
    if (::unlinkat(entry.directory.get(), entry.leaf.c_str(), 0) == 0 || errno == ENOENT) continue;
    if (errno != EISDIR) return system_error("cannot remove it", entry.path, errno);
    KAUDIT_TRY_DO(remove_tree(entry));
  }
  return remove_directory(place);
}

}  // namespace kaudit::host
