#include "json_string.hpp"

#include <optional>

#include "kaudit/base/ascii.hpp"
#include "kaudit/text/utf8.hpp"

namespace kaudit::decode {
namespace {

/// Four hexadecimal digits at `at`, which is moved behind those that are there.
std::optional<char32_t> hex_four(std::string_view text, std::size_t& at) {
  char32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = at < text.size() ? hex_value(text[at]) : -1;
    if (digit < 0) return std::nullopt;
    value = (value << 4U) | static_cast<char32_t>(digit);
    ++at;
  }
  return value;
}

/// The character of one `\u` escape whose digits have been read, together with the escape behind it if the two are a
/// surrogate pair (decode.go unquoteBytes).
char32_t joined(std::string_view text, std::size_t& at, char32_t unit) {
  if (!text::is_surrogate(unit)) return unit;
  if (unit < 0xDC00 && text.substr(at, 2) == "\\u") {
    std::size_t behind = at + 2;
    const auto low = hex_four(text, behind);
    if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
      at = behind;
      return 0x10000 + ((unit - 0xD800) << 10U) + (*low - 0xDC00);
    }
  }
  return U'\uFFFD';
}

char unescaped(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

/// An escape; `out.end` is at the character behind the backslash.
void read_escape(std::string_view text, JsonString& out) {
  const char c = out.end < text.size() ? text[out.end] : '\0';
  if (c == 'u') {
    ++out.end;
    if (const auto unit = hex_four(text, out.end)) {
      text::append_utf8(out.value, joined(text, out.end, *unit));
    } else {
      out.problem = "in \\u hexadecimal character escape";
    }
  } else if (c != '\0' && std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) {
    out.value += unescaped(c);
    ++out.end;
  } else {
    out.problem = "in string escape code";
  }
}

}  // namespace

JsonString read_json_string(std::string_view text, std::size_t at) {
  JsonString out;
  out.end = at + 1;
  while (out.problem.empty()) {
    if (out.end >= text.size() || static_cast<unsigned char>(text[out.end]) < 0x20) {
      out.problem = "in string literal";
    } else if (text[out.end] == '"') {
      ++out.end;
      break;
    } else if (text[out.end] == '\\') {
      ++out.end;
      read_escape(text, out);
    } else {
      const text::Rune rune = text::first_rune(text.substr(out.end));
      text::append_utf8(out.value, rune.value);
      out.end += rune.size;
    }
  }
  return out;
}

}  // namespace kaudit::decode
