#pragma once

#include <string>
#include <string_view>

#include "kaudit/yaml/document.hpp"

namespace kaudit::yaml {

/// Where a scalar stands: between flow brackets fewer characters are safe.
enum class Place { block, flow };

/// Whether every YAML 1.1 and 1.2 reader takes `text`, written plain, for this very string. Errs on the side of no.
[[nodiscard]] bool safe_plain(std::string_view text, Place place);

/// A JSON string, which is a YAML double-quoted scalar, too.
[[nodiscard]] std::string double_quoted(std::string_view text);

/// Plain where safe, else double-quoted: for block style.
[[nodiscard]] std::string plain_or_quoted(std::string_view text);

/// `text` in the style of `old`, the scalar it replaces and whose text was `old_text`, where that can hold it.
[[nodiscard]] std::string in_style_of(const Node& old, std::string_view old_text, std::string_view text, Place place);

}  // namespace kaudit::yaml
