#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "kaudit/yaml/editor.hpp"

namespace kaudit::yaml {

/// How block text is laid out in a document.
struct BlockLayout {
  /// Column of a list's dashes, counted from the column of the key it belongs to.
  std::size_t list_offset = 0;
  /// Column of a mapping's keys, counted from the column of the key it belongs to.
  std::size_t map_step = 2;
  std::string_view eol = "\n";
};

/// What stands behind `,` and `:` in a document's flow text.
struct FlowLayout {
  std::string_view comma = ", ";
  std::string_view colon = ": ";
};

/// `- item` at `column`. The first line comes without its indentation, the last without its ending.
[[nodiscard]] std::string block_item(const Fragment& item, std::size_t column, const BlockLayout& layout);

/// `key: value` at `column`, likewise.
[[nodiscard]] std::string block_entry(std::string_view key, const Fragment& value, std::size_t column,
                                      const BlockLayout& layout);

/// One line of JSON.
[[nodiscard]] std::string flow_value(const Fragment& value, const FlowLayout& layout);
[[nodiscard]] std::string flow_entry(std::string_view key, const Fragment& value, const FlowLayout& layout);

/// Whether all strings and keys in it are UTF-8: nothing else can be written.
[[nodiscard]] bool is_utf8(const Fragment& value);

}  // namespace kaudit::yaml
