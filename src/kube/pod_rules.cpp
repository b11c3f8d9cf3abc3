#include "kaudit/kube/pod_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace kaudit::kube {
namespace {

constexpr std::size_t k_longest_label = 63;
constexpr std::size_t k_longest_subdomain = 253;
constexpr std::size_t k_longest_qualified_name = 63;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_letter_or_digit(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z'); }

/// [a-z0-9]([-a-z0-9]*[a-z0-9])?
bool is_label(std::string_view text) {
  if (text.empty() || !is_lower_or_digit(text.front()) || !is_lower_or_digit(text.back())) return false;
  return std::ranges::all_of(text, [](char c) { return c == '-' || is_lower_or_digit(c); });
}

bool is_subdomain(std::string_view text) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

/// ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]
bool is_qualified(std::string_view text) {
  if (text.empty() || !is_letter_or_digit(text.front()) || !is_letter_or_digit(text.back())) return false;
  return std::ranges::all_of(text, [](char c) { return c == '-' || c == '_' || c == '.' || is_letter_or_digit(c); });
}

/// apimachinery's MaxLenError
std::string too_long(std::size_t limit) { return "must be no more than " + std::to_string(limit) + " characters"; }

constexpr std::string_view k_label_words =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
    "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr std::string_view k_subdomain_words =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
    "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr std::string_view k_qualified_words =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

constexpr std::array<std::string_view, 8> k_host_path_types{
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"};

/// One character of a UTF-8 text; `size` 1 and `code` above the last code point for a byte that is none.
struct Character {
  std::uint32_t code = 0xFFFFFFFFU;
  std::size_t size = 1;
};

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(at);
  if (first < 0x80U) return {first, 1};
  std::size_t size = 0;
  std::uint32_t code = 0;
  if ((first & 0xE0U) == 0xC0U) {
    size = 2;
    code = first & 0x1FU;
  } else if ((first & 0xF0U) == 0xE0U) {
    size = 3;
    code = first & 0x0FU;
  } else if ((first & 0xF8U) == 0xF0U) {
    size = 4;
    code = first & 0x07U;
  }
  if (size == 0 || at + size > text.size()) return {};
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte(at + i) & 0x3FU);
  }
  static constexpr std::array<std::uint32_t, 5> k_least{0, 0, 0x80, 0x800, 0x10000};
  if (code < k_least[size] || code > 0x10FFFFU || (code >= 0xD800U && code <= 0xDFFFU)) return {};
  return {code, size};
}

/// unicode.IsPrint but for unassigned code points, which are shown as they are.
bool is_printable(std::uint32_t code) {
  struct Range {
    std::uint32_t first;
    std::uint32_t last;
  };
  static constexpr std::array<Range, 13> k_hidden{{{0x00, 0x1F},
                                                   {0x7F, 0xA0},
                                                   {0xAD, 0xAD},
                                                   {0x600, 0x605},
                                                   {0x1680, 0x1680},
                                                   {0x2000, 0x200F},
                                                   {0x2028, 0x202F},
                                                   {0x205F, 0x206F},
                                                   {0x3000, 0x3000},
                                                   {0xE000, 0xF8FF},
                                                   {0xFEFF, 0xFEFF},
                                                   {0xFFF0, 0xFFFB},
                                                   {0xE0000, 0xFFFFFFFF}}};
  return std::ranges::none_of(k_hidden, [code](const Range& r) { return code >= r.first && code <= r.last; });
}

std::string hexadecimal(std::uint32_t value, int digits) {
  std::string text;
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    text += "0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 0xFU];
  }
  return text;
}

std::string escaped(std::uint32_t code) {
  switch (code) {
    case '\a':
      return "\\a";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\v':
      return "\\v";
    default:
      break;
  }
  if (code < 0x20U || code == 0x7FU) return "\\x" + hexadecimal(code, 2);
  return code < 0x10000U ? "\\u" + hexadecimal(code, 4) : "\\U" + hexadecimal(code, 8);
}

}  // namespace

std::vector<std::string> dns1123_label_problems(std::string_view name) {
  std::vector<std::string> problems;
  if (name.size() > k_longest_label) problems.push_back(too_long(k_longest_label));
  if (!is_label(name)) {
    if (is_subdomain(name)) {
      problems.emplace_back("must not contain dots");
    } else {
      problems.emplace_back(k_label_words);
    }
  }
  return problems;
}

std::vector<std::string> dns1123_subdomain_problems(std::string_view name) {
  std::vector<std::string> problems;
  if (name.size() > k_longest_subdomain) problems.push_back(too_long(k_longest_subdomain));
  if (!is_subdomain(name)) problems.emplace_back(k_subdomain_words);
  return problems;
}

bool is_host_path_type(std::string_view type) {
  return std::ranges::find(k_host_path_types, type) != k_host_path_types.end();
}

std::string unsupported_host_path_type(std::string_view type) {
  std::string list;
  for (const std::string_view known : k_host_path_types) list += (list.empty() ? "" : ", ") + go_quote(known);
  return "Unsupported value: " + go_quote(type) + ": supported values: " + list;
}

bool has_parent_reference(std::string_view path) {
  for (;;) {
    const std::size_t slash = path.find('/');
    if (path.substr(0, slash) == "..") return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

std::vector<std::string> qualified_name_problems(std::string_view key) {
  std::vector<std::string> problems;
  std::string_view name = key;
  const std::size_t slash = key.find('/');
  if (slash != std::string_view::npos) {
    if (key.find('/', slash + 1) != std::string_view::npos) {
      return {"a qualified name " + std::string(k_qualified_words) +
              " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"};
    }
    const std::string_view prefix = key.substr(0, slash);
    name = key.substr(slash + 1);
    if (prefix.empty()) {
      problems.emplace_back("prefix part must be non-empty");
    } else {
      for (const std::string& problem : dns1123_subdomain_problems(prefix)) {
        problems.push_back("prefix part " + problem);
      }
    }
  }
  if (name.empty()) problems.emplace_back("name part must be non-empty");
  if (name.size() > k_longest_qualified_name) problems.push_back("name part " + too_long(k_longest_qualified_name));
  if (!is_qualified(name)) problems.push_back("name part " + std::string(k_qualified_words));
  return problems;
}

std::string duplicate_value(std::string_view value) { return "Duplicate value: " + go_quote(value); }

std::string not_found(std::string_view value) { return "Not found: " + go_quote(value); }

std::string invalid_value(std::string_view value, std::string_view detail) {
  return "Invalid value: " + go_quote(value) + ": " + std::string(detail);
}

std::string required_value(std::string_view detail) {
  return detail.empty() ? "Required value" : "Required value: " + std::string(detail);
}

std::string forbidden(std::string_view detail) { return "Forbidden: " + std::string(detail); }

std::string go_quote(std::string_view text) {
  std::string quoted = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    const std::string_view bytes = text.substr(at, character.size);
    at += character.size;
    if (character.code > 0x10FFFFU) {
      quoted += "\\x" + hexadecimal(static_cast<unsigned char>(bytes.front()), 2);
    } else if (bytes == "\"" || bytes == "\\") {
      quoted += "\\" + std::string(bytes);
    } else if (is_printable(character.code)) {
      quoted += bytes;
    } else {
      quoted += escaped(character.code);
    }
  }
  return quoted + "\"";
}

}  // namespace kaudit::kube
