#include "yaml_differences.hpp"

#include <algorithm>

namespace kaudit::decode {
namespace {

constexpr std::size_t k_most_directives = 64;

/// Bytes of the line break at the start of `text`: LF, CR, CR LF, NEL, LS or PS; 0 if there is none.
std::size_t break_size(std::string_view text) {
  if (text.substr(0, 2) == "\r\n" || text.substr(0, 2) == "\u0085") return 2;
  if (text.substr(0, 3) == "\u2028" || text.substr(0, 3) == "\u2029") return 3;
  return !text.empty() && (text.front() == '\n' || text.front() == '\r') ? 1 : 0;
}

bool is_blank(std::string_view text) { return !text.empty() && (text.front() == ' ' || text.front() == '\t'); }

bool is_blank_break_or_end(std::string_view text) { return text.empty() || is_blank(text) || break_size(text) > 0; }

std::string_view without_blanks(std::string_view text) {
  while (is_blank(text)) text.remove_prefix(1);
  return text;
}

std::size_t line_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && break_size(text.substr(size)) == 0) ++size;
  return size;
}

/// Whether a number in the value of a %YAML directive has more than two digits.
bool has_long_number(std::string_view line) {
  std::size_t run = 0;
  for (const char c : line) {
    if (c == '#') break;
    run = c >= '0' && c <= '9' ? run + 1 : 0;
    if (run > 2) return true;
  }
  return false;
}

/// `text` from the `!` of the tag on; it may stand behind an anchor, blanks, line breaks and comments.
std::string_view tag_of(std::string_view text) {
  while (!text.empty() && text.front() != '!') {
    const bool comment = text.front() == '#';
    text.remove_prefix(comment ? line_size(text) : 1);
  }
  return text;
}

}  // namespace

Prologue check_prologue(std::string_view text) {
  Prologue result;
  std::size_t directives = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::string_view line = text.substr(at, line_size(text.substr(at)));
    const std::string_view content = without_blanks(line);
    if (line.substr(0, 1) == "%") {
      ++directives;
      if (line.find("%00") != std::string_view::npos) return {k_nul_in_tag, at, false};
      if (directives > k_most_directives) return {k_many_directives, at, false};
      result.long_version = result.long_version || (line.substr(0, 5) == "%YAML" && has_long_number(line));
    } else if (!content.empty() && content.front() != '#') {
      break;
    }
    at += line.size();
    at += break_size(text.substr(at));
  }
  return result;
}

std::optional<Difference> check_tag(std::string_view text) {
  const std::string_view tag = tag_of(text);
  std::size_t size = 0;
  while (!is_blank_break_or_end(tag.substr(size))) ++size;
  const std::string_view raw = tag.substr(0, size);
  if (raw.find("%00") != std::string_view::npos) return k_nul_in_tag;
  // Between `!<` and `>` both take the same characters; behind it libyaml takes a comma, yaml.v2 does not.
  const bool verbatim = raw.substr(0, 2) == "!<";
  const std::string_view open_to_doubt = verbatim ? raw.substr(std::min(raw.find('>'), raw.size())) : raw;
  if (open_to_doubt.find_first_of(",[]") != std::string_view::npos) return k_tag_indicator;
  return std::nullopt;
}

std::optional<std::size_t> find_slash_escape(std::string_view text) {
  std::size_t at = 0;
  bool comment_possible = true;
  while (at < text.size() && text[at] != '"') {
    if (text[at] == '#' && comment_possible) at += line_size(text.substr(at));
    if (at == text.size()) return std::nullopt;
    comment_possible = text[at] == ' ' || text[at] == '\t' || break_size(text.substr(at)) > 0;
    ++at;
  }
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] != '\\') continue;
    if (text.substr(at, 2) == "\\/") return at;
    ++at;
  }
  return std::nullopt;
}

bool check_text_after_document(std::string_view text) {
  if (text.empty() || std::string_view("\"'!%[{&*").find(text.front()) == std::string_view::npos) return false;
  const std::string_view line = text.substr(0, line_size(text));
  if (line.front() == '%') return line.substr(0, 5) == "%YAML" && has_long_number(line);
  // Both look on to the end of the line for the colon that would make a key of the token.
  const auto count = [&](char c) { return std::count(line.begin(), line.end(), c); };
  const bool quotes_closed = (count('"') % 2 == 0 && count('\'') == 0) || (count('\'') % 2 == 0 && count('"') == 0);
  return !quotes_closed || line.find_first_of("\\![{") != std::string_view::npos;
}

std::optional<Difference> check_refusal(std::string_view problem, std::string_view rest) {
  if (problem == "found unexpected ':'") return k_colon_before_indicator;
  if (problem == "found unknown escape character" && rest.substr(0, 2) == "\\'") return k_quote_escape;
  const bool in_tag = problem == "did not find expected whitespace or line break" ||
                      problem == "did not find expected tag URI" || problem == "did not find the expected '>'";
  if (in_tag && !rest.empty() && std::string_view(",[]").find(rest.front()) != std::string_view::npos) {
    return k_tag_indicator;
  }
  return std::nullopt;
}

bool follows_closed_root(std::string_view text, std::size_t offset) {
  text = text.substr(0, offset);
  while (!text.empty() && text.front() != '[' && text.front() != '{') {
    const bool comment = text.front() == '#';
    const bool skipped =
        comment || std::string_view(" \t\r\n-\xef\xbb\xbf").find(text.front()) != std::string_view::npos;
    if (!skipped) return false;
    text.remove_prefix(comment ? std::min(text.find('\n'), text.size()) : 1);
  }
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && --depth == 0) return true;
  }
  return false;
}

}  // namespace kaudit::decode
