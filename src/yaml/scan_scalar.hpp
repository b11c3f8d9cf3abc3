#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "kaudit/base/result.hpp"
#include "kaudit/text/source.hpp"
#include "kaudit/yaml/document.hpp"

namespace kaudit::yaml {

/// Where the double-quoted scalar that begins at `begin` ends: behind its closing quote. Nothing if it does not end.
[[nodiscard]] std::optional<std::size_t> double_quoted_end(std::string_view text, std::size_t begin);
[[nodiscard]] std::optional<std::size_t> single_quoted_end(std::string_view text, std::size_t begin);

/// Where the plain scalar that begins at `begin` and means `value` ends. A line break in it (with the blanks around
/// it) is one blank in the value, n > 1 breaks are n - 1 line feeds. Nothing if text and value do not fit.
[[nodiscard]] std::optional<std::size_t> plain_end(std::string_view text, std::size_t begin, std::string_view value);

/// Where the block scalar that begins with `|` or `>` at `begin` ends: with the text of its last line (with `+`, of
/// its last blank line), or with its header if it has no line. `parent_column` is that of the collection it is in, -1
/// at the root. Refuses indentation indicators, tabs as indentation, and lines that do not make up `value`.
[[nodiscard]] Result<std::size_t> block_scalar_end(const text::Source& source, std::size_t begin,
                                                   std::ptrdiff_t parent_column, std::string_view value);

/// `-`, `+`, or '\0' for none.
[[nodiscard]] char chomping(std::string_view block_scalar);

/// Column of a block scalar's lines; nothing if it has none that is not blank.
[[nodiscard]] std::optional<std::size_t> content_column(std::string_view block_scalar);

}  // namespace kaudit::yaml
