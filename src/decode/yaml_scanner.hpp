#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "yaml_input.hpp"
#include "yaml_token.hpp"

namespace kaudit::decode {

/// Why yaml.v2 refuses a text, and where it says so.
struct YamlProblem {
  enum class Stage : std::uint8_t { none, reader, scanner, parser };
  Stage stage = Stage::none;
  std::string_view text;
  Mark mark;
  /// Where the thing begins that it met the problem in.
  Mark context;
};

/// yaml.v2's scanner (scannerc.go of the versions that yaml_input.hpp names, which are the same byte for byte): a
/// translation, function by function, because what it does with simple keys, look-ahead and odd texts follows from no
/// rule but its code. Private members are named after its functions.
///
/// The first error ends the text: the tokens after it mean nothing.
class YamlScanner {
 public:
  explicit YamlScanner(std::string_view bytes) : m_in(bytes) {}

  /// The next token; of kind none after an error. Valid until skip().
  [[nodiscard]] const Token& peek();
  void skip();

  [[nodiscard]] bool failed() const noexcept {
    return m_problem.stage != YamlProblem::Stage::none || !m_in.problem().empty();
  }
  [[nodiscard]] YamlProblem problem() const;
  /// Of the reader's error, in the bytes given.
  [[nodiscard]] std::size_t reader_offset() const noexcept { return m_in.problem_offset(); }

 private:
  enum class Quotes : std::uint8_t { single_ones, double_ones };
  enum class BlockStyle : std::uint8_t { literal, folded };
  enum class In : std::uint8_t { tag, directive };
  struct SimpleKey {
    bool possible = false;
    bool required = false;
    std::size_t token_number = 0;
    Mark mark;
  };
  /// What a scalar has in hand between its words.
  struct Folding {
    std::string leading_break;
    std::string trailing_breaks;
    std::string blanks;
    bool leading_blanks = false;

    void append_to(std::string& value);
  };

  void fail(const Mark& context, std::string_view text);

  void fetch_more_tokens();
  void fetch_next_token();
  void fetch_indicator_or_scalar();
  [[nodiscard]] bool starts_plain_scalar() const;
  [[nodiscard]] bool is_document_indicator(char c) const;
  void scan_to_next_token();
  void skip_blanks();
  void skip_comment();

  [[nodiscard]] std::size_t next_token_number() const noexcept { return m_tokens_parsed + m_tokens.size(); }
  [[nodiscard]] bool is_valid(SimpleKey& key);
  void save_simple_key();
  void remove_simple_key();
  void increase_flow_level();
  void decrease_flow_level();
  /// Puts the start of a block collection that begins at `mark` before token `number`.
  void roll_indent(const Mark& mark, std::size_t number, TokenKind kind);
  void unroll_indent(std::ptrdiff_t column);

  void fetch_stream_end();
  void fetch_directive();
  void fetch_document_indicator(TokenKind kind);
  void fetch_flow_start(TokenKind kind);
  void fetch_flow_end(TokenKind kind);
  void fetch_flow_entry();
  void fetch_block_entry();
  void fetch_key();
  void fetch_value();
  void append_indicator(TokenKind kind, int characters);
  void append(Token token);
  void insert(std::size_t number, Token token);

  void scan_directive(Token& token);
  void scan_directive_name(const Mark& start, std::string& name);
  void scan_version(const Mark& start, Token& token);
  void scan_version_number(const Mark& start, int& number);
  void scan_tag_directive(const Mark& start, Token& token);
  void scan_anchor(Token& token);
  void scan_tag(Token& token);
  void scan_tag_handle(In in, const Mark& start, std::string& handle);
  void scan_tag_uri(std::string_view head, const Mark& start, std::string& uri);
  void scan_uri_escapes(const Mark& start, std::string& uri);

  void scan_block_scalar(Token& token, BlockStyle style);
  void scan_block_header(const Mark& start, int& chomping, int& increment);
  void scan_block_breaks(std::ptrdiff_t& indent, std::string& breaks, const Mark& start);
  void scan_flow_scalar(Token& token, Quotes quotes);
  void scan_quoted_word(Token& token, Quotes quotes, Folding& folding);
  void scan_escape(const Mark& start, std::string& value);
  void scan_code_escape(const Mark& start, int length, std::string& value);
  void scan_plain_scalar(Token& token);
  void scan_plain_word(Token& token, Folding& folding);
  void scan_spaces(Folding& folding);
  void scan_space(Folding& folding);

  YamlInput m_in;
  YamlProblem m_problem;
  Token m_no_token;
  std::deque<Token> m_tokens;
  std::size_t m_tokens_parsed = 0;
  bool m_started = false;
  bool m_token_available = false;
  bool m_simple_key_allowed = false;
  std::size_t m_flow_level = 0;
  std::ptrdiff_t m_indent = -1;
  std::vector<std::ptrdiff_t> m_indents;
  std::vector<SimpleKey> m_simple_keys;
  /// Index of the simple key that a token may be. Entries are left behind exactly where yaml.v2 leaves them.
  std::unordered_map<std::size_t, std::size_t> m_simple_keys_by_token;
};

}  // namespace kaudit::decode
