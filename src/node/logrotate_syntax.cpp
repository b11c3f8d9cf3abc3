#include "logrotate_syntax.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kaudit::node {
namespace {

constexpr std::array<std::string_view, 5> k_scripts = {"firstaction", "lastaction", "postrotate", "preremove",
                                                       "prerotate"};

/// Directives that take no value: what follows on their line is read on. All others have the rest of their line.
constexpr std::array<std::string_view, 35> k_switches = {
    "allowhardlink", "compress",       "copy",          "copytruncate",   "daily",           "dateext",
    "datehourago",   "dateyesterday",  "delaycompress", "hourly",         "ifempty",         "ignoreduplicates",
    "mailfirst",     "maillast",       "missingok",     "monthly",        "noallowhardlink", "nocompress",
    "nocopy",        "nocopytruncate", "nocreate",      "nocreateolddir", "nodateext",       "nodelaycompress",
    "nomail",        "nomissingok",    "noolddir",      "norenamecopy",   "noshred",         "nosharedscripts",
    "notifempty",    "renamecopy",     "sharedscripts", "shred",          "yearly"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool begins_pattern(char c) { return c == '/' || c == '"' || c == '\'' || c == '~'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

class Reader {
 public:
  Reader(std::string_view text, Truncation by_default)
      : m_text(text.substr(0, text.find('\0'))), m_truncates(by_default == Truncation::on) {}

  std::vector<LogrotateStatement> read() {
    while (!at_end()) step();
    return std::move(m_statements);
  }

 private:
  [[nodiscard]] bool at_end() const { return m_at >= m_text.size(); }
  [[nodiscard]] char now() const { return m_text[m_at]; }

  void advance() {
    if (now() == '\n') ++m_line;
    ++m_at;
  }

  /// The rest of the line, which is left behind.
  std::string_view take_line() {
    const std::size_t end = std::min(m_text.find('\n', m_at), m_text.size());
    const std::string_view rest = m_text.substr(m_at, end - m_at);
    m_at = end;
    return rest;
  }

  void step() {
    if (is_blank(now()) || now() == '\n') {
      advance();
    } else if (now() == '{') {
      m_is_in_block = true;
      advance();
    } else if (now() == '}') {
      m_is_in_block = false;
      take_line();
    } else if (begins_pattern(now())) {
      read_patterns();
    } else if (is_letter(now())) {
      read_directive();
    } else {
      take_line();  // a comment, or what logrotate does not understand
    }
  }

  void read_directive() {
    std::size_t end = m_at;
    while (end < m_text.size() && is_letter(m_text[end])) ++end;
    const std::string_view word = m_text.substr(m_at, end - m_at);
    m_at = end;
    if (word == "copytruncate" || word == "nocopytruncate") set_truncation(word == "copytruncate");
    if (contains(k_switches, word)) return;
    const std::size_t line = m_line;
    const std::string_view rest = take_line();
    if (contains(k_scripts, word)) {
      skip_script();
    } else if (word == "include") {
      add(LogrotateStatement::Kind::include, {std::string(value_of(rest))}, line);
    } else if (word == "tabooext" || word == "taboopat") {
      add(word == "tabooext" ? LogrotateStatement::Kind::tabooext : LogrotateStatement::Kind::taboopat,
          list_of(value_of(rest)), line);
    }
  }

  /// Of the block, or outside all blocks of those that follow.
  void set_truncation(bool truncates) {
    if (!m_is_in_block) {
      m_truncates = truncates;
    } else if (!m_statements.empty()) {
      m_statements.back().truncates = truncates;
    }
  }

  void add(LogrotateStatement::Kind kind, std::vector<std::string> words, std::size_t line) {
    LogrotateStatement statement{kind, {}, m_truncates};
    for (std::string& word : words) statement.words.push_back({std::move(word), line});
    m_statements.push_back(std::move(statement));
  }

  /// "include = /etc/logrotate.d": an equals sign may stand in between.
  static std::string_view value_of(std::string_view rest) {
    rest = trimmed(rest);
    if (rest.starts_with('=')) rest.remove_prefix(1);
    return trimmed(rest);
  }

  /// Separated by white space and commas; a leading plus sign is a word of its own.
  static std::vector<std::string> list_of(std::string_view value) {
    std::vector<std::string> words;
    if (value.starts_with('+')) {
      words.emplace_back("+");
      value.remove_prefix(1);
    }
    std::string word;
    for (const char c : value) {
      if (c != ',' && !is_space(c)) {
        word += c;
      } else if (!word.empty()) {
        words.push_back(std::exchange(word, {}));
      }
    }
    if (!word.empty()) words.push_back(word);
    return words;
  }

  void skip_script() {
    while (!at_end()) {
      advance();
      const std::string_view line = m_text.substr(m_at, m_text.find('\n', m_at) - m_at);
      const std::string_view text = trimmed(line);
      if (text.starts_with("endscript") && (text.size() == 9 || !is_letter(text[9]))) {
        m_at += static_cast<std::size_t>(text.data() - line.data()) + 9;
        return;
      }
      m_at += line.size();
    }
  }

  /// Up to the brace, wherever it stands, over as many lines as it takes; comments have lines of their own.
  void read_patterns() {
    LogrotateStatement statement;
    statement.truncates = m_truncates;
    LogrotateStatement::Word word;
    bool is_in_word = false;
    char quote = '\0';
    const auto end_word = [&] {
      if (is_in_word) statement.words.push_back(std::exchange(word, {}));
      is_in_word = false;
    };
    for (; !at_end() && now() != '{'; advance()) {
      const char c = now();
      if (!is_in_word && c == '#' && is_first_of_line()) {
        take_line();
        if (at_end()) break;
      } else if (quote == '\0' && is_space(c)) {
        end_word();
      } else {
        if (!is_in_word) word.line = m_line;
        is_in_word = true;
        take_character(word.text, quote);
      }
    }
    end_word();
    const bool has_block = !at_end();
    if (has_block) m_statements.push_back(std::move(statement));
  }

  [[nodiscard]] bool is_first_of_line() const {
    const std::size_t before = m_text.find_last_not_of(" \t", m_at == 0 ? 0 : m_at - 1);
    return m_at == 0 || before == std::string_view::npos || m_text[before] == '\n';
  }

  /// One character of a word, by the rules of popt(3)'s poptParseArgvString, which logrotate has for this.
  void take_character(std::string& word, char& quote) {
    const char c = now();
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '\\' && m_at + 1 < m_text.size() && m_text[m_at + 1] != '{') {
      advance();
      if (quote != '\0' && now() != quote) word += '\\';
      word += now();
    } else {
      word += c;
    }
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  std::size_t m_line = 1;
  bool m_truncates;
  bool m_is_in_block = false;
  std::vector<LogrotateStatement> m_statements;
};

}  // namespace

std::vector<LogrotateStatement> read_logrotate_config(std::string_view text, Truncation by_default) {
  return Reader(text, by_default).read();
}

}  // namespace kaudit::node
