#include "scalar_text.hpp"

#include <algorithm>
#include <array>

#include "kaudit/base/ascii.hpp"
#include "kaudit/text/utf8.hpp"

namespace kaudit::yaml {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
/// Words that some reader takes for a boolean, a null or a number: YAML 1.1 types bool, null, float; go-yaml's table.
bool is_special_word(std::string_view text) {
  static constexpr std::array<std::string_view, 12> words = {"y",    "n",     "yes",  "no",  "on",  "off",
                                                             "true", "false", "null", "nan", "inf", "infinity"};
  if (text.size() > 8) return false;
  return std::find(words.begin(), words.end(), lower_case(text)) != words.end();
}

/// A flag, a path or a name: what cannot be taken for a number, a date or an indicator.
bool safe_start(std::string_view text) {
  if (text.substr(0, 2) == "--") return text.size() > 2 && is_letter(text[2]);
  return is_letter(text.front()) || text.front() == '/';
}

void append_escaped(std::string& out, unsigned value) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u";
  for (unsigned shift = 16; shift > 0;) {
    shift -= 4;
    out += digits[(value >> shift) & 0xFU];
  }
}

/// Characters of two and three bytes that must not stand raw in a manifest (see gate.cpp); 0 for all others.
unsigned raw_forbidden(std::string_view c) {
  if (c.size() == 2 && c[0] == '\xC2' && static_cast<unsigned char>(c[1]) < 0xA0)
    return static_cast<unsigned char>(c[1]);
  if (c == "\xE2\x80\xA8") return 0x2028;
  if (c == "\xE2\x80\xA9") return 0x2029;
  if (c == "\xEF\xBB\xBF") return 0xFEFF;
  if (c == "\xEF\xBF\xBE") return 0xFFFE;
  return c == "\xEF\xBF\xBF" ? 0xFFFF : 0;
}

void append_character(std::string& out, std::string_view character) {
  if (character.size() > 1) {
    const unsigned forbidden = raw_forbidden(character);
    if (forbidden == 0) {
      out += character;
    } else {
      append_escaped(out, forbidden);
    }
    return;
  }
  switch (const char c = character.front()) {
    case '"':
    case '\\':
      out += '\\';
      out += c;
      break;
    case '\n':
      out += "\\n";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (is_control(c)) {
        append_escaped(out, static_cast<unsigned char>(c));
      } else {
        out += c;
      }
  }
}

/// Whether single quotes can hold it on one line.
bool printable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = std::max<std::size_t>(text::utf8_length(text, at), 1);
    const std::string_view character = text.substr(at, length);
    if (length == 1 && is_control(character[0])) return false;
    if (raw_forbidden(character) != 0) return false;
    at += length;
  }
  return true;
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

/// Whether this plain text is one that JSON has, too: then its place is in a JSON text, and must stay so.
bool is_json_word(std::string_view text) {
  return text == "true" || text == "false" || text == "null" ||
         (!text.empty() && (is_digit(text.front()) || text.front() == '-'));
}

}  // namespace

bool safe_plain(std::string_view text, Place place) {
  if (text.empty() || text.size() > 512 || !safe_start(text) || is_special_word(text)) return false;
  const std::string_view marks = place == Place::block ? "-_./=+@%^:," : "-_./=+@";
  const bool safe = std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || is_digit(c) || marks.find(c) != std::string_view::npos;
  });
  return safe && text.back() != ':';
}

std::string double_quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = std::max<std::size_t>(text::utf8_length(text, at), 1);
    append_character(out, text.substr(at, length));
    at += length;
  }
  return out + "\"";
}

std::string plain_or_quoted(std::string_view text) {
  return safe_plain(text, Place::block) ? std::string(text) : double_quoted(text);
}

std::string in_style_of(const Node& old, std::string_view old_text, std::string_view text, Place place) {
  switch (old.style) {
    case Style::single_quoted:
      return printable(text) ? single_quoted(text) : double_quoted(text);
    case Style::plain:
      if (place == Place::flow && (old.kind == Kind::null || is_json_word(old_text))) return double_quoted(text);
      return safe_plain(text, place) ? std::string(text) : double_quoted(text);
    case Style::literal:
    case Style::folded:
      return plain_or_quoted(text);
    default:
      return double_quoted(text);
  }
}

}  // namespace kaudit::yaml
