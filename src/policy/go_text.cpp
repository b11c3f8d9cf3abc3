#include "go_text.hpp"

#include "kaudit/kube/pod_rules.hpp"
#include "versions.hpp"

namespace kaudit::policy {
namespace {

void append_json(std::string& out, std::string_view text, std::size_t& at) {
  constexpr std::string_view k_hex = "0123456789abcdef";
  const char c = text[at];
  const auto byte = static_cast<unsigned char>(c);
  // U+2028 and U+2029, which end a line in JavaScript.
  if (text.substr(at, 2) == "\xE2\x80" && at + 2 < text.size() && (text[at + 2] == '\xA8' || text[at + 2] == '\xA9')) {
    out += text[at + 2] == '\xA8' ? "\\u2028" : "\\u2029";
    at += 2;
  } else if (c == '"' || c == '\\') {
    out += {'\\', c};
  } else if (byte >= 0x20 && c != '<' && c != '>' && c != '&') {
    out += c;
  } else if (const std::size_t letter = std::string_view("\b\f\n\r\t").find(c); letter != std::string_view::npos) {
    out += {'\\', std::string_view("bfnrt")[letter]};
  } else {
    out += {'\\', 'u', '0', '0', k_hex[byte >> 4U], k_hex[byte & 0xFU]};
  }
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) append_json(out, text, at);
  return out + '"';
}

std::string named_text(std::string_view text, kube::Version version) {
  return version < k_values_as_json_since ? kube::go_quote(text) : json_text(text);
}

std::string text_list(const TextList& list, kube::Version version) {
  const bool json = version >= k_values_as_json_since;
  std::string out = json ? "[" : "[]string{";
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    if (i > 0) out += json ? "," : ", ";
    out += json ? json_text(list.items[i].value) : kube::go_quote(list.items[i].value);
  }
  return out + (json ? ']' : '}');
}

}  // namespace kaudit::policy
