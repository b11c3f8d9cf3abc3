#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kaudit/host/root.hpp"

namespace kaudit::node {

/// Reads what is written to a log from one moment on, line by line, and looks for one audit event.
class LogTail {
 public:
  enum class Kind : std::uint8_t {
    plain,      ///< the log itself
    container,  ///< a container's log: what its standard output got
  };
  /// Notes where the log ends now. One that is not there yet is read from its beginning.
  LogTail(const host::Root& root, std::string node_path, Kind kind);

  enum class Seen : std::uint8_t {
    yes,
    no,    ///< everything that was written so far has been read
    lost,  ///< not yet, and a part could not be read: rotated and gone, or emptied meanwhile
  };
  /// Reads on. An event is seen once its line is complete.
  [[nodiscard]] Seen look(std::string_view audit_id);

  /// "": it could be read so far; else why not, one line.
  [[nodiscard]] const std::string& trouble() const { return m_trouble; }

 private:
  [[nodiscard]] bool read_on(const host::Place& place, std::string_view audit_id);
  [[nodiscard]] bool read_rotated(const host::Place& log, std::string_view audit_id);
  [[nodiscard]] bool take(std::string_view bytes, std::string_view audit_id);
  [[nodiscard]] bool is_event(std::string_view line, std::string_view audit_id) const;

  const host::Root* m_root;
  std::string m_node_path;
  Kind m_kind;
  std::uint64_t m_offset = 0;
  std::uint64_t m_inode = 0;  ///< 0: it was not there
  std::string m_line;         ///< the beginning of a line whose end is not written yet
  bool m_has_lost = false;
  std::string m_trouble;
};

}  // namespace kaudit::node
