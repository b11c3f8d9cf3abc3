#include "kaudit/host/file_kind.hpp"

#include <string_view>

#include <sys/stat.h>

#include "kaudit/host/system_error.hpp"

namespace kaudit::host {

Status must_be_regular(std::uint32_t mode, const std::string& path) {
  const auto refused = [&](std::string_view code, std::string message, std::string hint) {
    return file_error(ExitStatus::refused, code, path, std::move(message), std::move(hint));
  };
  switch (mode & S_IFMT) {
    case S_IFREG:
      return Done{};
    case S_IFLNK:
      return refused("symlink", "is a symbolic link, which is never followed here", "name the file it points to");
    case S_IFDIR:
      return refused("directory", "is a directory, not a file", "name a file in it");
    case S_IFIFO:
      return refused("fifo", "is a named pipe, not a regular file", "it was not opened; name a regular file");
    case S_IFSOCK:
      return refused("socket", "is a socket, not a regular file", "it was not opened; name a regular file");
    default:
      return refused("device", "is a device, not a regular file", "it was not opened; name a regular file");
  }
}

}  // namespace kaudit::host
