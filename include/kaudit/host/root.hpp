#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/descriptor.hpp"

namespace kaudit::host {

/// One name in one open directory: the only way in which this program touches a path of the node. Whoever moves or
/// links directories after it was made cannot redirect what is done through it.
struct Place {
  Descriptor directory;   ///< O_PATH | O_DIRECTORY, always open in what `locate` returns
  std::string leaf;       ///< the last component, never empty, never "." or ".."
  std::string path;       ///< as people know it, the root's prefix included; for messages only
  std::string node_path;  ///< the same without the root's prefix, normalised
};

/// The directory tree that stands for the node's `/` (`--root`), "/" itself for real runs.
class Root {
 public:
  /// Errors: status 4, code "root": missing, no directory, unreadable.
  [[nodiscard]] static Result<Root> open(std::string directory);

  /// Whether it is the machine's own `/`.
  [[nodiscard]] bool is_host() const noexcept { return m_is_host; }
  /// `DIR` + `path`, for people.
  [[nodiscard]] std::string shown(std::string_view node_path) const;
  /// The node's name for a path of the person at the keyboard that lies inside this root after all its links are
  /// resolved; "" if it lies outside.
  [[nodiscard]] std::string node_path_of(const std::string& own_path) const;

  /// Walks to the directory of `node_path` (absolute) one component at a time. `..` is refused. An intermediate
  /// symbolic link is followed only when the link and the directory it stands in belong to root (with a root other
  /// than `/`: or to the caller) and nobody else may write there; absolute targets resolve inside this root. The
  /// last component is never followed, nor looked at.
  ///
  /// Errors: status 3 "path" for a path that cannot be; status 3 "untrusted-link" with the link's name; status 4
  /// "missing-directory", "permission", "io".
  [[nodiscard]] Result<Place> locate(std::string_view node_path) const;

  /// The same, but makes what is missing on the way: directories of mode 0700 that belong to the caller. Those made
  /// are appended to `made`, as the node knows them, the outermost first.
  [[nodiscard]] Result<Place> locate_or_make(std::string_view node_path, std::vector<std::string>& made) const;

  /// Who besides root may own what is trusted: nobody on the host itself, the caller in a scratch root.
  [[nodiscard]] bool is_trusted_owner(unsigned uid) const noexcept;
  /// Whether owner and permission bits leave writing to trusted owners alone. In a scratch root the caller's own
  /// group may write too (a umask of 002 is the default of some distributions).
  [[nodiscard]] bool is_trusted_alone(std::uint32_t mode, unsigned uid, unsigned gid) const noexcept;

  /// A new descriptor (O_PATH) of the root directory itself.
  [[nodiscard]] Result<Descriptor> top() const;

 private:
  Descriptor m_directory;
  std::string m_prefix;    ///< as typed, without the final slash; empty for "/"
  std::string m_resolved;  ///< m_prefix with all links resolved
  bool m_is_host = true;
};

/// The place of `leaf` inside the directory that `directory` names, which is opened without following a link.
[[nodiscard]] Result<Place> descend(const Place& directory, std::string leaf);

/// The place of another name in the same directory.
[[nodiscard]] Result<Place> sibling(const Place& place, std::string leaf);

}  // namespace kaudit::host
