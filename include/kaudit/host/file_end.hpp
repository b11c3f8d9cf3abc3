#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::host {

/// A part of a regular file that others write to while it is read: a log.
struct FileEnd {
  std::string bytes;
  std::uint64_t size = 0;   ///< of the whole file when it was opened
  std::uint64_t inode = 0;  ///< another one: the file was rotated
  /// Bytes behind the place that was asked for are missing, because of the limit. read_end(): at the beginning, so that
  /// `bytes` may begin in the middle of a line.
  bool is_cut = false;
};

/// What stands behind byte `from`, at most the last `limit` bytes of it. A file that is shorter than `from` was emptied
/// meanwhile and is read from its beginning. Nothing: there is no such file. Links are not followed.
///
/// Errors: status 3 "symlink", "directory", "fifo", "device", "socket"; status 4 "permission", "io".
[[nodiscard]] Result<std::optional<FileEnd>> read_end(const Place& place, std::uint64_t from, std::size_t limit);

/// What stands from byte `from` on, at most `limit` bytes: the beginning of a log, whose end is of no interest. The
/// same otherwise; `is_cut` says that there is more behind it.
[[nodiscard]] Result<std::optional<FileEnd>> read_part(const Place& place, std::uint64_t from, std::size_t limit);

/// Where a path leads when its last component may be a symbolic link too: it is followed by the rule that Root::locate
/// has for those on the way. What is there is not looked at. Errors: those of Root::locate.
[[nodiscard]] Result<Place> locate_through_links(const Root& root, std::string_view node_path);

}  // namespace kaudit::host
