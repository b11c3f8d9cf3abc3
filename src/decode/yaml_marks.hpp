#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kaudit::decode {

/// From yaml.v2's marks, which count characters, to bytes. Steps from mark to mark, so that all marks of a text
/// together cost one walk over it.
class Marks {
 public:
  /// The whole text with its byte order mark, if any: UTF-8 or UTF-16.
  explicit Marks(std::string_view bytes);

  /// Byte offset of a character in the bytes given.
  [[nodiscard]] std::size_t offset(std::size_t index);

 private:
  void move_to(std::size_t index);

  std::string m_transcoded;
  std::string_view m_text;
  std::size_t m_bom = 0;
  bool m_utf16 = false;
  /// Where the walk is: the character, its byte in m_text, and for UTF-16 its byte in the source.
  std::size_t m_index = 0;
  std::size_t m_at = 0;
  std::size_t m_at_utf16 = 0;
};

}  // namespace kaudit::decode
