#include "yaml_scanner.hpp"

#include <utility>

namespace kaudit::decode {

const Token& YamlScanner::peek() {
  if (!m_token_available) fetch_more_tokens();
  return failed() || m_tokens.empty() ? m_no_token : m_tokens.front();
}

void YamlScanner::skip() {
  if (failed()) return;
  m_token_available = false;
  ++m_tokens_parsed;
  m_tokens.pop_front();
}

YamlProblem YamlScanner::problem() const {
  if (m_in.problem().empty()) return m_problem;
  return {YamlProblem::Stage::reader, m_in.problem(), {}, {}};
}

void YamlScanner::fail(const Mark& context, std::string_view text) {
  if (failed()) return;
  m_problem = {YamlProblem::Stage::scanner, text, m_in.mark(), context};
  m_in.stop();
}

void YamlScanner::append(Token token) { m_tokens.push_back(std::move(token)); }

/// apic.go yaml_insert_token. The number is of a token already taken where an empty [ ] or { } was the key.
void YamlScanner::insert(std::size_t number, Token token) {
  if (number < m_tokens_parsed) return append(std::move(token));
  m_tokens.insert(m_tokens.begin() + static_cast<std::ptrdiff_t>(number - m_tokens_parsed), std::move(token));
}

void YamlScanner::append_indicator(TokenKind kind, int characters) {
  Token token;
  token.kind = kind;
  token.start = m_in.mark();
  for (int i = 0; i < characters; ++i) m_in.skip();
  token.end = m_in.mark();
  append(std::move(token));
}

void YamlScanner::fetch_more_tokens() {
  while (!failed()) {
    if (!m_tokens.empty()) {
      const auto head = m_simple_keys_by_token.find(m_tokens_parsed);
      if (head == m_simple_keys_by_token.end()) break;
      // yaml.v2 panics here, which ends the server, too.
      if (head->second >= m_simple_keys.size()) return fail(m_in.mark(), "runtime error: index out of range");
      if (!is_valid(m_simple_keys[head->second])) break;
    }
    fetch_next_token();
  }
  m_token_available = !failed();
}

bool YamlScanner::is_document_indicator(char c) const {
  return m_in.mark().column == 0 && m_in.at() == c && m_in.at(1) == c && m_in.at(2) == c &&
         m_in.is_blank_break_or_end(3);
}

void YamlScanner::fetch_next_token() {
  m_in.need(1);
  if (!m_started) {
    m_started = true;
    m_simple_keys.emplace_back();
    m_simple_key_allowed = true;
    return append_indicator(TokenKind::stream_start, 0);
  }
  scan_to_next_token();
  unroll_indent(m_in.mark().column);
  m_in.need(4);
  if (m_in.is_end()) return fetch_stream_end();
  if (m_in.mark().column == 0 && m_in.at() == '%') return fetch_directive();
  if (is_document_indicator('-')) return fetch_document_indicator(TokenKind::document_start);
  if (is_document_indicator('.')) return fetch_document_indicator(TokenKind::document_end);
  fetch_indicator_or_scalar();
}

void YamlScanner::fetch_indicator_or_scalar() {
  const char c = m_in.at();
  const bool in_flow = m_flow_level > 0;
  const bool stands_alone = m_in.is_blank_break_or_end(1);
  if (c == '[') return fetch_flow_start(TokenKind::flow_sequence_start);
  if (c == '{') return fetch_flow_start(TokenKind::flow_mapping_start);
  if (c == ']') return fetch_flow_end(TokenKind::flow_sequence_end);
  if (c == '}') return fetch_flow_end(TokenKind::flow_mapping_end);
  if (c == ',') return fetch_flow_entry();
  if (c == '-' && stands_alone) return fetch_block_entry();
  if (c == '?' && (in_flow || stands_alone)) return fetch_key();
  if (c == ':' && (in_flow || stands_alone)) return fetch_value();
  Token token;
  if ((c == '|' || c == '>') && !in_flow) {
    remove_simple_key();
    m_simple_key_allowed = true;
    scan_block_scalar(token, c == '|' ? BlockStyle::literal : BlockStyle::folded);
    return append(std::move(token));
  }
  const bool starts_node = c == '*' || c == '&' || c == '!' || c == '\'' || c == '"' || starts_plain_scalar();
  if (!starts_node) return fail(m_in.mark(), "found character that cannot start any token");
  save_simple_key();
  m_simple_key_allowed = false;
  if (c == '*' || c == '&') {
    scan_anchor(token);
  } else if (c == '!') {
    scan_tag(token);
  } else if (c == '\'' || c == '"') {
    scan_flow_scalar(token, c == '"' ? Quotes::double_ones : Quotes::single_ones);
  } else {
    scan_plain_scalar(token);
  }
  append(std::move(token));
}

bool YamlScanner::starts_plain_scalar() const {
  const char c = m_in.at();
  constexpr std::string_view k_indicators = "-?:,[]{}#&*!|>'\"%@`";
  const bool ordinary = !m_in.is_blank_break_or_end() && k_indicators.find(c) == std::string_view::npos;
  if (ordinary || (c == '-' && !m_in.is_blank(1))) return true;
  return m_flow_level == 0 && (c == '?' || c == ':') && !m_in.is_blank_break_or_end(1);
}

void YamlScanner::skip_blanks() {
  m_in.need(1);
  while (m_in.is_blank()) {
    m_in.skip();
    m_in.need(1);
  }
}

void YamlScanner::skip_comment() {
  if (m_in.at() != '#') return;
  while (!m_in.is_break_or_end()) {
    m_in.skip();
    m_in.need(1);
  }
}

void YamlScanner::scan_to_next_token() {
  while (true) {
    m_in.need(1);
    if (m_in.mark().column == 0 && m_in.bom_is_in_front()) m_in.skip();
    m_in.need(1);
    while (m_in.at() == ' ' || ((m_flow_level > 0 || !m_simple_key_allowed) && m_in.at() == '\t')) {
      m_in.skip();
      m_in.need(1);
    }
    skip_comment();
    if (!m_in.is_break()) return;
    m_in.need(2);
    m_in.skip_line();
    if (m_flow_level == 0) m_simple_key_allowed = true;
  }
}

void YamlScanner::fetch_stream_end() {
  m_in.end_last_line();
  unroll_indent(-1);
  remove_simple_key();
  m_simple_key_allowed = false;
  append_indicator(TokenKind::stream_end, 0);
}

void YamlScanner::fetch_directive() {
  unroll_indent(-1);
  remove_simple_key();
  m_simple_key_allowed = false;
  Token token;
  scan_directive(token);
  append(std::move(token));
}

void YamlScanner::fetch_document_indicator(TokenKind kind) {
  unroll_indent(-1);
  remove_simple_key();
  m_simple_key_allowed = false;
  append_indicator(kind, 3);
}

void YamlScanner::fetch_flow_start(TokenKind kind) {
  save_simple_key();
  increase_flow_level();
  m_simple_key_allowed = true;
  append_indicator(kind, 1);
}

void YamlScanner::fetch_flow_end(TokenKind kind) {
  remove_simple_key();
  decrease_flow_level();
  m_simple_key_allowed = false;
  append_indicator(kind, 1);
}

void YamlScanner::fetch_flow_entry() {
  remove_simple_key();
  m_simple_key_allowed = true;
  append_indicator(TokenKind::flow_entry, 1);
}

void YamlScanner::fetch_block_entry() {
  if (m_flow_level == 0) {
    if (!m_simple_key_allowed) return fail(m_in.mark(), "block sequence entries are not allowed in this context");
    roll_indent(m_in.mark(), next_token_number(), TokenKind::block_sequence_start);
  }
  remove_simple_key();
  m_simple_key_allowed = true;
  append_indicator(TokenKind::block_entry, 1);
}

void YamlScanner::fetch_key() {
  if (m_flow_level == 0) {
    if (!m_simple_key_allowed) return fail(m_in.mark(), "mapping keys are not allowed in this context");
    roll_indent(m_in.mark(), next_token_number(), TokenKind::block_mapping_start);
  }
  remove_simple_key();
  m_simple_key_allowed = m_flow_level == 0;
  append_indicator(TokenKind::key, 1);
}

void YamlScanner::fetch_value() {
  SimpleKey& key = m_simple_keys.back();
  const bool valid = is_valid(key);
  if (failed()) return;
  if (valid) {
    Token token;
    token.kind = TokenKind::key;
    token.start = token.end = key.mark;
    insert(key.token_number, std::move(token));
    roll_indent(key.mark, key.token_number, TokenKind::block_mapping_start);
    key.possible = false;
    m_simple_keys_by_token.erase(key.token_number);
    m_simple_key_allowed = false;
  } else {
    if (m_flow_level == 0) {
      if (!m_simple_key_allowed) return fail(m_in.mark(), "mapping values are not allowed in this context");
      roll_indent(m_in.mark(), next_token_number(), TokenKind::block_mapping_start);
    }
    m_simple_key_allowed = m_flow_level == 0;
  }
  append_indicator(TokenKind::value, 1);
}

}  // namespace kaudit::decode
