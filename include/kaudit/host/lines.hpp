#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "kaudit/base/result.hpp"
#include "kaudit/host/descriptor.hpp"

namespace kaudit::host {

/// Reads a text line by line, however long it is, with bounded memory: standard input, or a regular file of the person
/// at the keyboard (links are followed, what is not a regular file is never opened).
class LineReader {
 public:
  /// A line, in bytes.
  static constexpr std::size_t k_longest_line = std::size_t{64} << 20U;

  /// "-" is standard input. Errors: those of read_own_file().
  [[nodiscard]] static Result<LineReader> open(const std::string& path);

  /// The next line without its line feed, good until the next call; nothing at the end. A last line without a line feed
  /// counts. Errors: status 4 "io"; status 3 "too-large" for a line over the limit.
  [[nodiscard]] Result<std::optional<std::string_view>> next();

  /// Whether next() will read, and so may have to wait: no whole line is at hand.
  [[nodiscard]] bool reads_next() const noexcept;

 private:
  LineReader(Descriptor file, int number, std::string path);

  Descriptor m_file;  ///< not open for standard input, which is not ours to close
  int m_number;
  std::string m_path;
  std::string m_buffer;
  std::size_t m_begin = 0;
  std::size_t m_end = 0;
  bool m_is_at_end = false;
};

}  // namespace kaudit::host
