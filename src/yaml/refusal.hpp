#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "kaudit/text/diagnostic.hpp"

namespace kaudit::yaml {

/// What to say about a place in the text: the words of a text::Diagnostic.
struct Words {
  std::string code;
  std::string message;
  std::string hint;
};

[[nodiscard]] inline Error refuse_at(const text::Source& source, std::size_t offset, Words words) {
  return text::refuse(
      source,
      {text::Severity::error, std::move(words.code), {}, std::move(words.message), std::move(words.hint), offset});
}

}  // namespace kaudit::yaml
