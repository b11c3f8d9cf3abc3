#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kaudit/host/attributes.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/file_kind.hpp"
#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

/// Where a file is looked for: a name in a directory, or a path of the caller.
struct Source {
  int directory;
  const char* name;
  const std::string& path;
  int stat_flags;  ///< AT_SYMLINK_NOFOLLOW or 0
  int open_flags;  ///< O_NOFOLLOW or 0
};

/// "10 MiB" for a limit one below it too: whoever gives such a limit means "less than".
std::string in_words(std::size_t bytes) {
  constexpr std::size_t k_mebibyte = std::size_t{1} << 20U;
  if (bytes % k_mebibyte == 0) return "at most " + std::to_string(bytes / k_mebibyte) + " MiB";
  if ((bytes + 1) % k_mebibyte == 0) return "less than " + std::to_string((bytes + 1) / k_mebibyte) + " MiB";
  return "at most " + std::to_string(bytes) + " bytes";
}

Error too_large(const std::string& path, std::size_t limit) {
  return file_error(ExitStatus::refused, "too-large", path, "is too large: " + in_words(limit) + " are read",
                    "look whether this is the file you mean");
}

/// At most limit + 1 bytes, from the beginning. `expected` is what the file system says (0 in /proc).
Result<std::string> read_bytes(int file, std::size_t expected, std::size_t limit, const std::string& path) {
  std::string bytes;
  bytes.resize(std::min(std::max<std::size_t>(expected + 1, 4096), limit + 1));
  std::size_t size = 0;
  while (true) {
    const ssize_t got = uninterrupted([&] { return ::read(file, bytes.data() + size, bytes.size() - size); });
    if (got < 0) return system_error("cannot read it", path, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size > limit) return too_large(path, limit);
    if (size == bytes.size()) bytes.resize(std::min(bytes.size() * 2, limit + 1));
  }
  bytes.resize(size);
  return bytes;
}

Result<FileImage> image_of(int file, const struct stat& status, std::size_t limit, const std::string& path) {
  FileImage image;
  KAUDIT_TRY(bytes, read_bytes(file, static_cast<std::size_t>(status.st_size), limit, path));
  KAUDIT_TRY(attributes, read_attributes(file, path));
  image.bytes = std::move(bytes);
  image.metadata = {status.st_mode & 07777U, status.st_uid, status.st_gid, std::move(attributes)};
  image.device = status.st_dev;
  image.inode = status.st_ino;
  image.links = status.st_nlink;
  return image;
}

Result<std::optional<FileImage>> read_from(const Source& source, std::size_t limit) {
  struct stat seen {};
  if (::fstatat(source.directory, source.name, &seen, source.stat_flags) != 0) {
    if (errno == ENOENT) return std::optional<FileImage>();
    return system_error("cannot look at it", source.path, errno);
  }
  KAUDIT_TRY_DO(must_be_regular(seen.st_mode, source.path));
  if (static_cast<std::size_t>(seen.st_size) > limit) return too_large(source.path, limit);
  // O_NONBLOCK: should a FIFO have taken its place meanwhile, opening it must not wait for a writer.
  const int flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | source.open_flags;
  const Descriptor file(uninterrupted([&] { return ::openat(source.directory, source.name, flags); }));
  if (!file.is_open()) return system_error("cannot open it", source.path, errno);
  struct stat opened {};
  if (::fstat(file.get(), &opened) != 0) return system_error("cannot look at it", source.path, errno);
  if (opened.st_dev != seen.st_dev || opened.st_ino != seen.st_ino || !S_ISREG(opened.st_mode)) {
    return file_error(ExitStatus::host_refused, "changed-underneath", source.path,
                      "was replaced by another program while it was opened", "run it again");
  }
  KAUDIT_TRY(image, image_of(file.get(), opened, limit, source.path));
  return std::optional(std::move(image));
}

}  // namespace

Result<std::optional<FileImage>> read_file(const Place& place, std::size_t limit) {
  if (!place.directory.is_open()) return std::optional<FileImage>();
  return read_from({place.directory.get(), place.leaf.c_str(), place.path, AT_SYMLINK_NOFOLLOW, O_NOFOLLOW}, limit);
}

Result<FileImage> read_own_file(const std::string& path, std::size_t limit) {
  if (path.find('\0') != std::string::npos) {
    return file_error(ExitStatus::refused, "path", "", "a path with a NUL byte");
  }
  KAUDIT_TRY(image, read_from({AT_FDCWD, path.c_str(), path, 0, 0}, limit));
  if (!image) return file_error(ExitStatus::host_refused, "missing", path, "no such file");
  return *std::move(image);
}

Result<std::optional<Metadata>> read_owner(const Place& place) {
  struct stat status {};
  if (::fstatat(place.directory.get(), place.leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::optional<Metadata>();
    return system_error("cannot look at it", place.path, errno);
  }
  return std::optional(Metadata{status.st_mode & 07777U, status.st_uid, status.st_gid, {}});
}

Result<std::string> read_link(const Place& place) {
  std::string target(PATH_MAX, '\0');
  const ssize_t size = ::readlinkat(place.directory.get(), place.leaf.c_str(), target.data(), target.size());
  if (size < 0) return system_error("cannot read the link", place.path, errno);
  target.resize(static_cast<std::size_t>(size));
  return target;
}

}  // namespace kaudit::host
