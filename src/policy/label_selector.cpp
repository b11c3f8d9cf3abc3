#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "kaudit/kube/pod_rules.hpp"
#include "list_options.hpp"

namespace kaudit::policy {
namespace {

constexpr std::string_view k_blanks = " \t\r\n";
constexpr std::string_view k_symbols = "=!(),><";
constexpr std::string_view k_ends(" \t\r\n=!(),><\0", 12);

/// A symbol, a word, or "" behind the last one. `in` and `notin` are words that only an operator's place makes
/// operators.
using Token = std::string_view;

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t i = text.find_first_not_of(k_blanks); i < text.size(); i = text.find_first_not_of(k_blanks, i)) {
    if (text[i] == '\0') break;  // labels.Lexer takes a NUL for the end, and one behind a token for its end
    std::size_t size = 1;
    if (k_symbols.find(text[i]) == std::string_view::npos) {
      size = std::min(text.find_first_of(k_ends, i), text.size()) - i;
    } else if ((text[i] == '=' || text[i] == '!') && text.substr(i + 1).starts_with('=')) {
      size = 2;
    }
    tokens.push_back(text.substr(i, size));
    i += size;
    if (i < text.size() && text[i] == '\0') ++i;
  }
  tokens.emplace_back();
  return tokens;
}

bool is_word(Token token) { return !token.empty() && k_symbols.find(token.front()) == std::string_view::npos; }

bool is_key(std::string_view text) { return kube::qualified_name_problems(text).empty(); }

/// validation.IsValidLabelValue: the rules of a qualified name without a prefix, or nothing.
bool is_value(std::string_view text) {
  return text.empty() || (text.find('/') == std::string_view::npos && is_key(text));
}

/// The parser of labels.Parse. What follows the last token is never taken without a refusal.
class Parser {
 public:
  explicit Parser(std::string_view text) : m_tokens(tokens_of(text)) {}

  bool run() {
    if (next().empty()) return true;
    while (true) {
      if (!is_word(next()) && next() != "!") return false;
      if (!requirement()) return false;
      const Token behind = take();
      if (behind.empty()) return true;
      if (behind != ",") return false;
    }
  }

 private:
  [[nodiscard]] Token next() const { return m_tokens[m_next]; }
  Token take() { return m_tokens[m_next++]; }
  [[nodiscard]] bool is_at_end() const { return next().empty() || next() == ","; }

  bool requirement() {
    const bool is_negated = next() == "!";
    if (is_negated) take();
    const Token key = take();
    if (!is_word(key) || !is_key(key)) return false;
    if (is_negated || is_at_end()) return true;
    const Token sign = take();
    if (sign == "in" || sign == "notin") return values();
    constexpr std::array<std::string_view, 5> k_signs = {"=", "==", "!=", ">", "<"};
    if (std::find(k_signs.begin(), k_signs.end(), sign) == k_signs.end()) return false;
    const Token value = is_at_end() ? Token() : take();
    if (!value.empty() && !is_word(value)) return false;
    return is_value(value) && ((sign != ">" && sign != "<") || is_int64(value));
  }

  bool values() {
    if (take() != "(") return false;
    // Blanks between two words are the only thing that no list may have.
    bool is_behind_word = false;
    while (next() != ")") {
      const Token token = take();
      if (token == ",") {
        is_behind_word = false;
      } else if (is_behind_word || !is_word(token) || !is_value(token)) {
        return false;
      } else {
        is_behind_word = true;
      }
    }
    take();
    return true;
  }

  std::vector<Token> m_tokens;
  std::size_t m_next = 0;
};

}  // namespace

bool is_label_selector(std::string_view text) { return Parser(text).run(); }

}  // namespace kaudit::policy
