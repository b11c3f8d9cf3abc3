#include "text_bytes.hpp"

#include <utility>

#include "kaudit/text/utf8.hpp"

namespace kaudit::decode {

std::string with_valid_utf8(std::string text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const text::Rune rune = text::first_rune(std::string_view(text).substr(at));
    if (!rune.valid) break;
    at += rune.size;
  }
  if (at == text.size()) return text;
  std::string fixed = text.substr(0, at);
  while (at < text.size()) {
    const text::Rune rune = text::first_rune(std::string_view(text).substr(at));
    text::append_utf8(fixed, rune.value);
    at += rune.size;
  }
  return fixed;
}

}  // namespace kaudit::decode
