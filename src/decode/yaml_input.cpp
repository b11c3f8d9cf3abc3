#include "yaml_input.hpp"

#include <algorithm>

#include "kaudit/text/utf8.hpp"

namespace kaudit::decode {
namespace {

constexpr std::size_t k_block = 512;

std::size_t width_of(char first) { return utf8_width(static_cast<unsigned char>(first)); }

bool is_allowed(char32_t c) {
  return c == 0x09 || c == 0x0A || c == 0x0D || (c >= 0x20 && c <= 0x7E) || c == 0x85 || (c >= 0xA0 && c <= 0xD7FF) ||
         (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

}  // namespace

std::size_t utf8_width(unsigned char first) noexcept {
  if (first < 0x80) return 1;
  if ((first & 0xE0U) == 0xC0) return 2;
  if ((first & 0xF0U) == 0xE0) return 3;
  return (first & 0xF8U) == 0xF0 ? 4 : 0;
}

bool YamlInput::is_unicode_break(std::size_t ahead) const noexcept {
  const char c = at(ahead);
  if (c == '\xC2') return at(ahead + 1) == '\x85';
  return c == '\xE2' && at(ahead + 1) == '\x80' && (at(ahead + 2) == '\xA8' || at(ahead + 2) == '\xA9');
}

bool YamlInput::bom_is_in_front() const noexcept {
  return std::string_view(m_text).substr(std::min(m_front, m_text.size()), 3) == "\xef\xbb\xbf";
}

void YamlInput::advance(std::size_t bytes) {
  m_place += bytes;
  ++m_mark.index;
  ++m_mark.column;
  --m_unread;
}

void YamlInput::skip() { advance(width_of(at())); }

void YamlInput::skip_line() {
  std::string dropped;
  read_line(dropped);
}

void YamlInput::read(std::string& out) {
  const std::size_t width = width_of(at());
  if (width == 1) {
    out += at();
  } else {
    out.append(m_text, m_place, width);
  }
  advance(width);
}

void YamlInput::read_line(std::string& out) {
  if (!is_break()) return;
  const std::size_t width = width_of(at());
  if (width == 3) {
    out.append(m_text, m_place, width);
  } else {
    out += '\n';
  }
  if (at() == '\r' && at(1) == '\n') advance(1);
  advance(width);
  m_mark.column = 0;
  ++m_mark.line;
}

void YamlInput::end_last_line() {
  if (m_mark.column == 0) return;
  m_mark.column = 0;
  ++m_mark.line;
}

void YamlInput::stop() {
  m_stopped = true;
  m_place = m_text.size();
}

/// readerc.go yaml_parser_update_buffer.
void YamlInput::update(std::ptrdiff_t count) {
  if (m_stopped) return;
  if (m_encoding == Encoding::unknown) determine_encoding();
  m_front = m_place;
  bool first = true;
  while (m_unread < count) {
    if (!first || m_raw_place == m_raw_end) fill_block();
    first = false;
    Step step = Step::done;
    while (step == Step::done && m_raw_place != m_raw_end) step = decode_one();
    if (step == Step::refused) return stop();
    if (m_ended) {
      ++m_unread;
      return;
    }
  }
}

/// readerc.go yaml_parser_update_raw_buffer.
void YamlInput::fill_block() {
  const std::size_t left = m_raw_end - m_raw_place;
  m_ended = m_ended || m_raw_end == m_bytes.size();
  m_raw_end += std::min(k_block - left, m_bytes.size() - m_raw_end);
}

void YamlInput::determine_encoding() {
  while (!m_ended && m_raw_end - m_raw_place < 3) fill_block();
  const std::string_view start = m_bytes.substr(0, m_raw_end);
  m_encoding = Encoding::utf8;
  if (start.substr(0, 2) == "\xff\xfe") {
    m_encoding = Encoding::utf16_little;
    m_raw_place = 2;
  } else if (start.substr(0, 2) == "\xfe\xff") {
    m_encoding = Encoding::utf16_big;
    m_raw_place = 2;
  } else if (start.substr(0, 3) == "\xef\xbb\xbf") {
    m_raw_place = 3;
  }
}

YamlInput::Step YamlInput::decode_one() {
  if (m_encoding != Encoding::utf8) return decode_utf16();
  return raw(0) >= 0x20 && raw(0) <= 0x7E ? decode_ascii() : decode_utf8();
}

/// As many as there are: nearly all of any text.
YamlInput::Step YamlInput::decode_ascii() {
  const std::size_t begin = m_raw_place;
  while (m_raw_place != m_raw_end && raw(0) >= 0x20 && raw(0) <= 0x7E) ++m_raw_place;
  m_text.append(m_bytes.substr(begin, m_raw_place - begin));
  m_unread += static_cast<std::ptrdiff_t>(m_raw_place - begin);
  return Step::done;
}

YamlInput::Step YamlInput::decode_utf8() {
  const unsigned char first = raw(0);
  const std::size_t width = width_of(static_cast<char>(first));
  if (width == 0) return refuse("invalid leading UTF-8 octet", 0);
  if (width > m_raw_end - m_raw_place) {
    return m_ended ? refuse("incomplete UTF-8 octet sequence", 0) : Step::incomplete;
  }
  char32_t character = width == 1 ? first : first & (0x7FU >> width);
  for (std::size_t k = 1; k < width; ++k) {
    if ((raw(k) & 0xC0U) != 0x80) return refuse("invalid trailing UTF-8 octet", k);
    character = (character << 6U) + (raw(k) & 0x3FU);
  }
  const bool shortest = width == 1 || (width == 2 && character >= 0x80) || (width == 3 && character >= 0x800) ||
                        (width == 4 && character >= 0x10000);
  if (!shortest) return refuse("invalid length of a UTF-8 sequence", 0);
  if (text::is_surrogate(character) || character > 0x10FFFF) return refuse("invalid Unicode character", 0);
  return take(character, width);
}

YamlInput::Step YamlInput::decode_utf16() {
  const std::size_t left = m_raw_end - m_raw_place;
  const std::size_t low = m_encoding == Encoding::utf16_little ? 0 : 1;
  const auto unit = [&](std::size_t ahead) { return raw(ahead + low) + (char32_t{raw(ahead + 1 - low)} << 8U); };
  if (left < 2) return m_ended ? refuse("incomplete UTF-16 character", 0) : Step::incomplete;
  const char32_t high = unit(0);
  if ((high & 0xFC00U) == 0xDC00) return refuse("unexpected low surrogate area", 0);
  if ((high & 0xFC00U) != 0xD800) return take(high, 2);
  if (left < 4) return m_ended ? refuse("incomplete UTF-16 surrogate pair", 0) : Step::incomplete;
  if ((unit(2) & 0xFC00U) != 0xDC00) return refuse("expected low surrogate area", 2);
  return take(0x10000 + ((high & 0x3FFU) << 10U) + (unit(2) & 0x3FFU), 4);
}

YamlInput::Step YamlInput::take(char32_t character, std::size_t width) {
  if (!is_allowed(character)) return refuse("control characters are not allowed", 0);
  m_raw_place += width;
  text::append_utf8(m_text, character);
  ++m_unread;
  return Step::done;
}

YamlInput::Step YamlInput::refuse(std::string_view problem, std::size_t ahead) {
  m_problem = problem;
  m_problem_offset = m_raw_place + ahead;
  return Step::refused;
}

}  // namespace kaudit::decode
