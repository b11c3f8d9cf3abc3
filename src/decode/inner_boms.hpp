#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaudit::decode {

/// U+FEFF inside a UTF-8 text. libyaml skips it at the beginning of a line; yaml.v2, whose is_bom (yamlprivateh.go)
/// looks at the front of its buffer instead of the place, takes it for an ordinary character, unless it happens to lie
/// at that front. libyaml is served another character of the same size in its place.
class InnerBoms {
 public:
  InnerBoms(std::string_view bytes, std::size_t bom_size);

  /// What libyaml is to read.
  [[nodiscard]] std::string_view bytes() const noexcept { return m_is_any ? std::string_view(m_replaced) : m_bytes; }
  /// Puts them back into a value.
  void restore(std::string& value, std::size_t from) const;

  /// Offset of one whose effect is not known: one that yaml.v2 may have had at the front of its buffer, which it fills
  /// anew near `borders`, the ends of the blocks it has read, ascending; or any in a text that has the stand-in
  /// already.
  [[nodiscard]] std::optional<std::size_t> unknown(const std::vector<std::size_t>& borders, std::size_t served) const;

 private:
  std::string_view m_bytes;
  std::size_t m_bom_size;
  bool m_is_any;
  bool m_has_stand_in = false;
  std::string m_replaced;
};

}  // namespace kaudit::decode
