#include "kaudit/host/file_end.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kaudit/host/file.hpp"
#include "kaudit/host/file_kind.hpp"
#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

/// More than anybody has for a log; the kernel gives up after 40 on one path.
constexpr int k_most_log_links = 8;

Result<std::string> read_at(const Descriptor& file, std::uint64_t from, std::size_t size, const std::string& path) {
  std::string bytes(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t got = uninterrupted(
        [&] { return ::pread(file.get(), bytes.data() + filled, size - filled, static_cast<off_t>(from + filled)); });
    if (got < 0) return system_error("cannot read it", path, errno);
    if (got == 0) break;  // emptied while it is read
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

Status check_link(const Root& root, const Place& place, const struct stat& link) {
  struct stat directory {};
  if (::fstat(place.directory.get(), &directory) != 0) return system_error("cannot look at it", place.path, errno);
  if (root.is_trusted_owner(link.st_uid) &&
      root.is_trusted_alone(directory.st_mode, directory.st_uid, directory.st_gid)) {
    return Done{};
  }
  return file_error(ExitStatus::refused, "untrusted-link", place.path, "is a link that others than root may replace");
}

/// Not open: there is no such file. Size and inode go into `part`.
Result<Descriptor> open_to_read(const Place& place, FileEnd& part) {
  struct stat status {};
  if (::fstatat(place.directory.get(), place.leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return Descriptor();
    return system_error("cannot look at it", place.path, errno);
  }
  KAUDIT_TRY_DO(must_be_regular(status.st_mode, place.path));
  const int flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
  Descriptor file(uninterrupted([&] { return ::openat(place.directory.get(), place.leaf.c_str(), flags); }));
  if (!file.is_open()) return system_error("cannot open it", place.path, errno);
  if (::fstat(file.get(), &status) != 0) return system_error("cannot look at it", place.path, errno);
  KAUDIT_TRY_DO(must_be_regular(status.st_mode, place.path));
  part.size = static_cast<std::uint64_t>(status.st_size);
  part.inode = status.st_ino;
  return file;
}

}  // namespace

Result<std::optional<FileEnd>> read_end(const Place& place, std::uint64_t from, std::size_t limit) {
  FileEnd end;
  KAUDIT_TRY(file, open_to_read(place, end));
  if (!file.is_open()) return std::optional<FileEnd>();
  const std::uint64_t wanted = from > end.size ? 0 : from;
  const std::uint64_t begin = std::max(wanted, end.size - std::min<std::uint64_t>(end.size, limit));
  end.is_cut = begin > wanted;
  KAUDIT_TRY(bytes, read_at(file, begin, end.size - begin, place.path));
  end.bytes = std::move(bytes);
  return std::optional(std::move(end));
}

Result<std::optional<FileEnd>> read_part(const Place& place, std::uint64_t from, std::size_t limit) {
  FileEnd part;
  KAUDIT_TRY(file, open_to_read(place, part));
  if (!file.is_open()) return std::optional<FileEnd>();
  const std::uint64_t there = part.size - std::min(from, part.size);
  part.is_cut = there > limit;
  KAUDIT_TRY(bytes, read_at(file, from, std::min<std::uint64_t>(there, limit), place.path));
  part.bytes = std::move(bytes);
  return std::optional(std::move(part));
}

Result<Place> locate_through_links(const Root& root, std::string_view node_path) {
  std::string path(node_path);
  for (int links = 0;; ++links) {
    KAUDIT_TRY(place, root.locate(path));
    struct stat status {};
    const bool is_there = ::fstatat(place.directory.get(), place.leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (!is_there || !S_ISLNK(status.st_mode)) return std::move(place);
    if (links == k_most_log_links) {
      return file_error(ExitStatus::refused, "path", place.path, "leads through too many links");
    }
    KAUDIT_TRY_DO(check_link(root, place, status));
    KAUDIT_TRY(target, read_link(place));
    const std::string directory = place.node_path.substr(0, place.node_path.rfind('/') + 1);
    path = target.starts_with('/') ? target : directory + target;
  }
}

}  // namespace kaudit::host
