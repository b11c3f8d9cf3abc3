#include <utility>

#include "limits.hpp"
#include "yaml_scanner.hpp"

namespace kaudit::decode {
namespace {

constexpr std::string_view k_too_deep = "exceeded max depth of 10000";
/// A key's colon stands on its line and at most so many characters on.
constexpr std::size_t k_longest_key = 1024;

}  // namespace

bool YamlScanner::is_valid(SimpleKey& key) {
  if (!key.possible) return false;
  if (key.mark.line == m_in.mark().line && key.mark.index + k_longest_key >= m_in.mark().index) return true;
  if (key.required) {
    fail(key.mark, "could not find expected ':'");
  } else {
    key.possible = false;
  }
  return false;
}

void YamlScanner::save_simple_key() {
  if (!m_simple_key_allowed) return;
  const SimpleKey key{true, m_flow_level == 0 && m_indent == m_in.mark().column, next_token_number(), m_in.mark()};
  remove_simple_key();
  m_simple_keys.back() = key;
  m_simple_keys_by_token[key.token_number] = m_simple_keys.size() - 1;
}

void YamlScanner::remove_simple_key() {
  SimpleKey& key = m_simple_keys.back();
  if (!key.possible) return;
  if (key.required) return fail(key.mark, "could not find expected ':'");
  key.possible = false;
  m_simple_keys_by_token.erase(key.token_number);
}

void YamlScanner::increase_flow_level() {
  m_simple_keys.push_back({false, false, next_token_number(), m_in.mark()});
  ++m_flow_level;
  if (m_flow_level > k_deepest) fail(m_in.mark(), k_too_deep);
}

void YamlScanner::decrease_flow_level() {
  if (m_flow_level == 0) return;
  --m_flow_level;
  // The entry of an empty collection has the number of its own bracket, which so can no longer start a key.
  m_simple_keys_by_token.erase(m_simple_keys.back().token_number);
  m_simple_keys.pop_back();
}

void YamlScanner::roll_indent(const Mark& mark, std::size_t number, TokenKind kind) {
  if (m_flow_level > 0 || m_indent >= mark.column) return;
  m_indents.push_back(m_indent);
  m_indent = mark.column;
  if (m_indents.size() > k_deepest) return fail(m_simple_keys.back().mark, k_too_deep);
  Token token;
  token.kind = kind;
  token.start = token.end = mark;
  insert(number, std::move(token));
}

void YamlScanner::unroll_indent(std::ptrdiff_t column) {
  if (m_flow_level > 0) return;
  while (m_indent > column) {
    append_indicator(TokenKind::block_end, 0);
    m_indent = m_indents.back();
    m_indents.pop_back();
  }
}

}  // namespace kaudit::decode
