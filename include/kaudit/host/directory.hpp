#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/attributes.hpp"
#include "kaudit/host/descriptor.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::host {

/// Whether names that begin with a dot are listed. The kubelet skips them.
enum class Hidden : std::uint8_t { skipped, included };

/// The names in the directory at `place`, in byte order, as the kubelet lists them; nothing in it is opened. A missing
/// directory has none. Errors: status 3 "path" (no directory), status 4.
[[nodiscard]] Result<std::vector<std::string>> list_directory(const Place& place, Hidden hidden);

/// The names beside `place`, itself among them: those of the directory in which it stands.
[[nodiscard]] Result<std::vector<std::string>> list_beside(const Place& place, Hidden hidden);

/// Makes a directory that belongs to nobody else at any moment (0700 until owner and mode are set). An open
/// descriptor: it was made; one that is not open: a directory was there already and is as it was.
/// Errors: status 3 "path" for something else that was there.
[[nodiscard]] Result<Descriptor> make_directory(const Place& place, const Metadata& metadata, Ownership ownership);

/// Makes an empty file (O_EXCL, 0600 until owner and mode are set). An open descriptor: it was made; one that is not
/// open: a file was there already and is as it was. That must be a regular file with one link (`check_log`).
[[nodiscard]] Result<Descriptor> make_empty_file(const Place& place, const Metadata& metadata, Ownership ownership);

/// Whether an existing log may be handed to the server: status 3 "symlink", "directory", "fifo", "device", "socket",
/// "hard-linked". A missing one is fine.
[[nodiscard]] Status check_log(const Place& place);

/// Opens the directory in which `place` stands for syncing, or the one at `place`.
[[nodiscard]] Result<Descriptor> open_parent(const Place& place);
[[nodiscard]] Result<Descriptor> open_directory(const Place& place);

/// fsync(2). File systems that cannot sync a directory (EINVAL) are believed to need none.
[[nodiscard]] Status sync(const Descriptor& file, const std::string& path);

/// Makes what happened to the name at `place` last: syncs the directory in which it stands.
[[nodiscard]] Status sync_parent(const Place& place);

/// Removes a name; one that is not there is fine.
[[nodiscard]] Status remove_file(const Place& place);

/// Removes an empty directory; one that is not there is fine. Errors: status 4, "not-empty".
[[nodiscard]] Status remove_directory(const Place& place);

/// Removes a directory of our own with everything in it. Links are removed, never followed.
[[nodiscard]] Status remove_tree(const Place& place);

}  // namespace kaudit::host
