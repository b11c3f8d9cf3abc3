#include "gate.hpp"

#include <array>
#include <optional>
#include <string_view>

#include "kaudit/text/utf8.hpp"
#include "refusal.hpp"

namespace kaudit::yaml {
namespace {

using text::Source;

/// Offsets are 32 bits wide in yaml-cpp and node numbers here; the kubelet reads 10 MiB at most.
constexpr std::size_t k_largest_text = std::size_t{64} << 20U;

/// yaml-cpp keeps every token of a line until it knows whether the line's first bracket opens a key: 10 MiB of opening
/// brackets would take 2 GiB of memory before the first event comes. Those in quotes and comments count too, hence so
/// many; true nesting is limited elsewhere.
constexpr std::size_t k_most_open_brackets = 100'000;

std::string hexadecimal(unsigned value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (unsigned shift = 16; shift > 0;) {
    shift -= 4;
    text += digits[(value >> shift) & 0xFU];
  }
  return "U+" + text;
}

bool is_utf16_or_utf32(std::string_view bytes) {
  using namespace std::string_view_literals;
  return bytes.substr(0, 2) == "\xFE\xFF"sv || bytes.substr(0, 2) == "\xFF\xFE"sv ||
         bytes.substr(0, 4) == "\0\0\xFE\xFF"sv;
}

Error control_character(const Source& source, std::size_t offset, unsigned value) {
  if (value == 0) {
    return refuse_at(source, offset,
                     {"nul-byte", "a NUL byte: this is not a text file", "give the manifest as UTF-8 text"});
  }
  if (value == '\r') {
    return refuse_at(
        source, offset,
        {"lone-carriage-return", "a carriage return without a line feed (YAML readers disagree whether it ends a line)",
         "end every line in LF or CRLF"});
  }
  return refuse_at(source, offset,
                   {"control-character", "control character " + hexadecimal(value) + " is not allowed in YAML",
                    "delete it, or write it as an escape in double quotes"});
}

/// Whether libyaml's reader takes this character of two or more bytes (libyaml 0.2.5, src/reader.c), and yaml-cpp
/// means the same by it. NEL, LS and PS end a line for libyaml only; a byte order mark is skipped by libyaml only.
std::optional<Words> unsafe_character(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(character[i])); };
  unsigned value = 0;
  if (character.size() == 2) value = (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
  if (character.size() == 3) value = (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
  if (value == 0x85U || value == 0x2028U || value == 0x2029U) {
    return Words{"unusual-line-break", hexadecimal(value) + " ends a line for some YAML readers and not for others",
                 "end lines in LF or CRLF; write this character as an escape in double quotes"};
  }
  if (value >= 0x80U && value <= 0x9FU) {
    return Words{"control-character", "control character " + hexadecimal(value) + " is not allowed in YAML",
                 "delete it, or write it as an escape in double quotes"};
  }
  if (value == 0xFEFFU) {
    return Words{"misplaced-bom", "a byte order mark in the middle of the text",
                 "delete it: it belongs at the start only"};
  }
  if (value == 0xFFFEU || value == 0xFFFFU) {
    return Words{"control-character", hexadecimal(value) + " is no character", "delete it"};
  }
  return std::nullopt;
}

Status check_brackets(const Source& source) {
  std::size_t open = 0;
  std::size_t at = 0;
  for (const char c : source.bytes()) {
    if (c == '[' || c == '{') ++open;
    if ((c == ']' || c == '}') && open > 0) --open;
    if (open > k_most_open_brackets) {
      return refuse_at(source, at, {"too-deep", "more than 100,000 brackets are open here", "close them"});
    }
    ++at;
  }
  return Done{};
}

}  // namespace

Status check_bytes(const Source& source) {
  const std::string_view bytes = source.bytes();
  if (bytes.size() > k_largest_text) {
    return refuse_at(source, 0, {"too-large", "larger than 64 MiB", "the kubelet reads manifests of 10 MiB at most"});
  }
  if (is_utf16_or_utf32(bytes)) {
    return refuse_at(source, 0, {"not-utf-8", "the text is UTF-16 or UTF-32", "convert it to UTF-8: iconv -t utf-8"});
  }
  for (std::size_t at = source.bom_size(); at < bytes.size();) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (byte < 0x20 || byte == 0x7F) {
      const bool line_end = byte == '\r' && at + 1 < bytes.size() && bytes[at + 1] == '\n';
      if (byte != '\t' && byte != '\n' && !line_end) return control_character(source, at, byte);
    }
    if (byte < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = text::utf8_length(bytes, at);
    if (length == 0) {
      return refuse_at(source, at,
                       {"not-utf-8", "these bytes are not UTF-8", "convert the file to UTF-8: iconv -t utf-8"});
    }
    if (auto unsafe = unsafe_character(bytes.substr(at, length))) return refuse_at(source, at, *std::move(unsafe));
    at += length;
  }
  return check_brackets(source);
}

}  // namespace kaudit::yaml
