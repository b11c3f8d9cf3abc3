#include "kaudit/base/ascii.hpp"
#include "yaml_scanner.hpp"

namespace kaudit::decode {
namespace {

/// yamlprivateh.go is_alpha.
bool is_alpha(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}

bool is_in(char c, std::string_view set) { return c != '\0' && set.find(c) != std::string_view::npos; }

}  // namespace

void YamlScanner::scan_directive(Token& token) {
  token.start = m_in.mark();
  m_in.skip();
  std::string name;
  scan_directive_name(token.start, name);
  if (name == "YAML") {
    token.kind = TokenKind::version_directive;
    scan_version(token.start, token);
  } else if (name == "TAG") {
    token.kind = TokenKind::tag_directive;
    scan_tag_directive(token.start, token);
  } else {
    return fail(token.start, "found unknown directive name");
  }
  token.end = m_in.mark();
  skip_blanks();
  skip_comment();
  if (!m_in.is_break_or_end()) return fail(token.start, "did not find expected comment or line break");
  if (!m_in.is_break()) return;
  m_in.need(2);
  m_in.skip_line();
}

void YamlScanner::scan_directive_name(const Mark& start, std::string& name) {
  m_in.need(1);
  while (is_alpha(m_in.at())) {
    m_in.read(name);
    m_in.need(1);
  }
  if (name.empty()) return fail(start, "could not find expected directive name");
  if (!m_in.is_blank_break_or_end()) fail(start, "found unexpected non-alphabetical character");
}

void YamlScanner::scan_version(const Mark& start, Token& token) {
  skip_blanks();
  scan_version_number(start, token.major);
  if (m_in.at() != '.') return fail(start, "did not find expected digit or '.' character");
  m_in.skip();
  scan_version_number(start, token.minor);
}

void YamlScanner::scan_version_number(const Mark& start, int& number) {
  constexpr int k_most_digits = 2;
  m_in.need(1);
  int length = 0;
  while (is_digit(m_in.at())) {
    if (++length > k_most_digits) return fail(start, "found extremely long version number");
    number = number * 10 + (m_in.at() - '0');
    m_in.skip();
    m_in.need(1);
  }
  if (length == 0) fail(start, "did not find expected version number");
}

void YamlScanner::scan_tag_directive(const Mark& start, Token& token) {
  skip_blanks();
  scan_tag_handle(In::directive, start, token.value);
  m_in.need(1);
  if (!m_in.is_blank()) return fail(start, "did not find expected whitespace");
  skip_blanks();
  scan_tag_uri({}, start, token.suffix);
  m_in.need(1);
  if (!m_in.is_blank_break_or_end()) fail(start, "did not find expected whitespace or line break");
}

void YamlScanner::scan_anchor(Token& token) {
  token.kind = m_in.at() == '&' ? TokenKind::anchor : TokenKind::alias;
  token.start = m_in.mark();
  m_in.skip();
  m_in.need(1);
  while (is_alpha(m_in.at())) {
    m_in.read(token.value);
    m_in.need(1);
  }
  token.end = m_in.mark();
  const bool ends = m_in.is_blank_break_or_end() || is_in(m_in.at(), "?:,]}%@`");
  if (token.value.empty() || !ends) fail(token.start, "did not find expected alphabetic or numeric character");
}

void YamlScanner::scan_tag(Token& token) {
  token.kind = TokenKind::tag;
  token.start = m_in.mark();
  m_in.need(2);
  if (m_in.at(1) == '<') {
    m_in.skip();
    m_in.skip();
    scan_tag_uri({}, token.start, token.suffix);
    if (m_in.at() != '>') return fail(token.start, "did not find the expected '>'");
    m_in.skip();
  } else {
    scan_tag_handle(In::tag, token.start, token.value);
    if (token.value.size() > 1 && token.value.back() == '!') {
      scan_tag_uri({}, token.start, token.suffix);
    } else {
      scan_tag_uri(token.value, token.start, token.suffix);
      token.value = "!";
      // `!` alone is a tag as it stands, of no handle.
      if (token.suffix.empty()) token.value.swap(token.suffix);
    }
  }
  m_in.need(1);
  if (!m_in.is_blank_break_or_end()) return fail(token.start, "did not find expected whitespace or line break");
  token.end = m_in.mark();
}

void YamlScanner::scan_tag_handle(In in, const Mark& start, std::string& handle) {
  m_in.need(1);
  if (m_in.at() != '!') return fail(start, "did not find expected '!'");
  m_in.read(handle);
  m_in.need(1);
  while (is_alpha(m_in.at())) {
    m_in.read(handle);
    m_in.need(1);
  }
  if (m_in.at() == '!') {
    m_in.read(handle);
  } else if (in == In::directive && handle != "!") {
    fail(start, "did not find expected '!'");
  }
}

void YamlScanner::scan_tag_uri(std::string_view head, const Mark& start, std::string& uri) {
  bool is_any = !head.empty();
  if (is_any) uri.append(head.substr(1));
  m_in.need(1);
  while (is_alpha(m_in.at()) || is_in(m_in.at(), ";/?:@&=+$,.!~*'()[]%")) {
    if (m_in.at() == '%') {
      scan_uri_escapes(start, uri);
    } else {
      m_in.read(uri);
    }
    m_in.need(1);
    is_any = true;
  }
  if (!is_any) fail(start, "did not find expected tag URI");
}

void YamlScanner::scan_uri_escapes(const Mark& start, std::string& uri) {
  std::size_t left = 0;
  do {
    m_in.need(3);
    const int high = hex_value(m_in.at(1));
    const int low = hex_value(m_in.at(2));
    if (m_in.at() != '%' || high < 0 || low < 0) return fail(start, "did not find URI escaped octet");
    const auto octet = static_cast<unsigned char>(high * 16 + low);
    if (left == 0) {
      left = utf8_width(octet);
      if (left == 0) return fail(start, "found an incorrect leading UTF-8 octet");
    } else if ((octet & 0xC0U) != 0x80) {
      return fail(start, "found an incorrect trailing UTF-8 octet");
    }
    uri += static_cast<char>(octet);
    for (int i = 0; i < 3; ++i) m_in.skip();
  } while (--left > 0);
}

}  // namespace kaudit::decode
