#include <algorithm>

#include "kaudit/base/ascii.hpp"
#include "kaudit/text/utf8.hpp"
#include "yaml_scanner.hpp"

namespace kaudit::decode {
namespace {

constexpr std::string_view k_flow_indicators = ",?[]{}";

/// What the escape with this letter stands for; nothing for none, or for one with a code.
std::string_view escaped(char letter) {
  switch (letter) {
    case '0':
      return {"\0", 1};
    case 'a':
      return "\a";
    case 'b':
      return "\b";
    case 't':
    case '\t':
      return "\t";
    case 'n':
      return "\n";
    case 'v':
      return "\v";
    case 'f':
      return "\f";
    case 'r':
      return "\r";
    case 'e':
      return "\x1B";
    case ' ':
      return " ";
    case '"':
      return "\"";
    case '\'':
      return "'";
    case '\\':
      return "\\";
    case 'N':
      return "\u0085";
    case '_':
      return "\u00a0";
    case 'L':
      return "\u2028";
    case 'P':
      return "\u2029";
    default:
      return {};
  }
}

int code_length(char letter) {
  if (letter == 'x') return 2;
  if (letter == 'u') return 4;
  return letter == 'U' ? 8 : 0;
}

}  // namespace

/// One break between words is a space, of more all but the first are kept; LS and PS are kept themselves.
void YamlScanner::Folding::append_to(std::string& value) {
  if (leading_blanks) {
    const bool folds = !leading_break.empty() && leading_break.front() == '\n';
    if (!folds) value += leading_break;
    value += folds && trailing_breaks.empty() ? " " : trailing_breaks;
    trailing_breaks.clear();
    leading_break.clear();
  } else {
    value += blanks;
    blanks.clear();
  }
}

void YamlScanner::scan_block_scalar(Token& token, BlockStyle style) {
  token.kind = TokenKind::scalar;
  token.start = m_in.mark();
  int chomping = 0;
  int increment = 0;
  scan_block_header(token.start, chomping, increment);
  std::ptrdiff_t indent = increment > 0 ? std::max(m_indent, std::ptrdiff_t{0}) + increment : 0;
  std::string& value = token.value;
  std::string leading_break;
  std::string trailing_breaks;
  scan_block_breaks(indent, trailing_breaks, token.start);
  m_in.need(1);
  bool leading_blank = false;
  while (m_in.mark().column == indent && !m_in.is_end()) {
    const bool folds = style == BlockStyle::folded && !leading_blank && !m_in.is_blank() && !leading_break.empty() &&
                       leading_break.front() == '\n';
    if (!folds) {
      value += leading_break;
    } else if (trailing_breaks.empty()) {
      value += ' ';
    }
    leading_break.clear();
    value += trailing_breaks;
    trailing_breaks.clear();
    leading_blank = m_in.is_blank();
    while (!m_in.is_break_or_end()) {
      m_in.read(value);
      m_in.need(1);
    }
    m_in.need(2);
    m_in.read_line(leading_break);
    scan_block_breaks(indent, trailing_breaks, token.start);
  }
  if (chomping != -1) value += leading_break;
  if (chomping == 1) value += trailing_breaks;
}

void YamlScanner::scan_block_header(const Mark& start, int& chomping, int& increment) {
  m_in.skip();
  m_in.need(1);
  const auto take_chomping = [&] {
    if (m_in.at() != '+' && m_in.at() != '-') return;
    chomping = m_in.at() == '+' ? 1 : -1;
    m_in.skip();
    m_in.need(1);
  };
  take_chomping();
  if (is_digit(m_in.at())) {
    if (m_in.at() == '0') return fail(start, "found an indentation indicator equal to 0");
    increment = m_in.at() - '0';
    m_in.skip();
    m_in.need(1);
    if (chomping == 0) take_chomping();
  }
  skip_blanks();
  skip_comment();
  if (!m_in.is_break_or_end()) return fail(start, "did not find expected comment or line break");
  if (!m_in.is_break()) return;
  m_in.need(2);
  m_in.skip_line();
}

void YamlScanner::scan_block_breaks(std::ptrdiff_t& indent, std::string& breaks, const Mark& start) {
  std::ptrdiff_t deepest = 0;
  while (true) {
    const auto before_text = [&] { return indent == 0 || m_in.mark().column < indent; };
    m_in.need(1);
    while (before_text() && m_in.at() == ' ') {
      m_in.skip();
      m_in.need(1);
    }
    deepest = std::max(deepest, m_in.mark().column);
    if (before_text() && m_in.at() == '\t') {
      return fail(start, "found a tab character where an indentation space is expected");
    }
    if (!m_in.is_break()) break;
    m_in.need(2);
    m_in.read_line(breaks);
  }
  if (indent == 0) indent = std::max({deepest, m_indent + 1, std::ptrdiff_t{1}});
}

void YamlScanner::scan_flow_scalar(Token& token, Quotes quotes) {
  token.kind = TokenKind::scalar;
  token.start = m_in.mark();
  m_in.skip();
  Folding folding;
  while (true) {
    m_in.need(4);
    if (is_document_indicator('-') || is_document_indicator('.')) {
      return fail(token.start, "found unexpected document indicator");
    }
    if (m_in.is_end()) return fail(token.start, "found unexpected end of stream");
    folding.leading_blanks = false;
    scan_quoted_word(token, quotes, folding);
    m_in.need(1);
    if (m_in.at() == (quotes == Quotes::single_ones ? '\'' : '"')) break;
    scan_spaces(folding);
    folding.append_to(token.value);
  }
  m_in.skip();
  token.end = m_in.mark();
}

void YamlScanner::scan_quoted_word(Token& token, Quotes quotes, Folding& folding) {
  const bool single = quotes == Quotes::single_ones;
  while (!m_in.is_blank_break_or_end()) {
    const char c = m_in.at();
    if (single && c == '\'' && m_in.at(1) == '\'') {
      token.value += '\'';
      m_in.skip();
      m_in.skip();
    } else if (c == (single ? '\'' : '"')) {
      return;
    } else if (!single && c == '\\' && m_in.is_break(1)) {
      m_in.need(3);
      m_in.skip();
      m_in.skip_line();
      folding.leading_blanks = true;
      return;
    } else if (!single && c == '\\') {
      scan_escape(token.start, token.value);
    } else {
      m_in.read(token.value);
    }
    m_in.need(2);
  }
}

void YamlScanner::scan_escape(const Mark& start, std::string& value) {
  const char letter = m_in.at(1);
  const std::string_view text = escaped(letter);
  const int length = code_length(letter);
  if (text.empty() && length == 0) return fail(start, "found unknown escape character");
  value += text;
  m_in.skip();
  m_in.skip();
  if (length > 0) scan_code_escape(start, length, value);
}

void YamlScanner::scan_code_escape(const Mark& start, int length, std::string& value) {
  m_in.need(length);
  std::uint32_t code = 0;
  for (int k = 0; k < length; ++k) {
    const int digit = hex_value(m_in.at(static_cast<std::size_t>(k)));
    if (digit < 0) return fail(start, "did not find expected hexdecimal number");
    code = (code << 4U) + static_cast<std::uint32_t>(digit);
  }
  if ((code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) {
    return fail(start, "found invalid Unicode character escape code");
  }
  text::append_utf8(value, code);
  for (int k = 0; k < length; ++k) m_in.skip();
}

void YamlScanner::scan_plain_scalar(Token& token) {
  token.kind = TokenKind::scalar;
  token.plain = true;
  token.start = token.end = m_in.mark();
  const std::ptrdiff_t indent = m_indent + 1;
  Folding folding;
  while (true) {
    m_in.need(4);
    if (is_document_indicator('-') || is_document_indicator('.') || m_in.at() == '#') break;
    scan_plain_word(token, folding);
    if (!m_in.is_blank() && !m_in.is_break()) break;
    m_in.need(1);
    while (m_in.is_blank() || m_in.is_break()) {
      if (folding.leading_blanks && m_in.mark().column < indent && m_in.at() == '\t') {
        return fail(token.start, "found a tab character that violates indentation");
      }
      scan_space(folding);
    }
    if (m_flow_level == 0 && m_in.mark().column < indent) break;
  }
  if (folding.leading_blanks) m_simple_key_allowed = true;
}

void YamlScanner::scan_plain_word(Token& token, Folding& folding) {
  while (!m_in.is_blank_break_or_end()) {
    const char c = m_in.at();
    if (c == ':' && m_in.is_blank_break_or_end(1)) return;
    if (m_flow_level > 0 && k_flow_indicators.find(c) != std::string_view::npos) return;
    if (folding.leading_blanks || !folding.blanks.empty()) {
      folding.append_to(token.value);
      folding.leading_blanks = false;
    }
    m_in.read(token.value);
    token.end = m_in.mark();
    m_in.need(2);
  }
}

void YamlScanner::scan_spaces(Folding& folding) {
  while (m_in.is_blank() || m_in.is_break()) scan_space(folding);
}

void YamlScanner::scan_space(Folding& folding) {
  if (m_in.is_blank()) {
    if (folding.leading_blanks) {
      m_in.skip();
    } else {
      m_in.read(folding.blanks);
    }
  } else {
    m_in.need(2);
    if (folding.leading_blanks) {
      m_in.read_line(folding.trailing_breaks);
    } else {
      folding.blanks.clear();
      m_in.read_line(folding.leading_break);
      folding.leading_blanks = true;
    }
  }
  m_in.need(1);
}

}  // namespace kaudit::decode
