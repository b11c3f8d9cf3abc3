#include "scan_scalar.hpp"

#include <algorithm>
#include <string>

#include "refusal.hpp"

namespace kaudit::yaml {
namespace {

constexpr std::string_view k_white = " \t\r\n";

bool is_white(char c) { return k_white.find(c) != std::string_view::npos; }

std::size_t skip_white(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(k_white, at), text.size());
}

/// What `white`, a run of white space inside a plain scalar, means in its value.
std::string folded(std::string_view white) {
  const auto breaks = static_cast<std::size_t>(std::count(white.begin(), white.end(), '\n'));
  if (breaks == 0) return std::string(white);
  return breaks == 1 ? std::string(" ") : std::string(breaks - 1, '\n');
}

/// One line of `text` from `at`, without its line ending; moves `at` behind the ending.
std::string_view next_line(std::string_view text, std::size_t& at) {
  const std::size_t feed = std::min(text.find('\n', at), text.size());
  std::string_view line = text.substr(at, feed - at);
  if (!line.empty() && line.back() == '\r' && feed < text.size()) line.remove_suffix(1);
  at = std::min(feed + 1, text.size());
  return line;
}

std::size_t count_blanks(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

/// The lines of a block scalar as they are read: which belong to it, and what they mean.
struct BlockLines {
  std::size_t column = 0;  // 0 until the first line that is not blank
  std::size_t end = 0;     // of the text of the last line that counts
  std::size_t end_of_blanks = 0;
};

/// Compares all bytes that are not white space: they are the same in a folded scalar's text and value.
bool same_but_white(std::string_view text, std::string_view value) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (true) {
    while (i < text.size() && is_white(text[i])) ++i;
    while (j < value.size() && is_white(value[j])) ++j;
    if (i == text.size() || j == value.size()) return i == text.size() && j == value.size();
    if (text[i++] != value[j++]) return false;
  }
}

/// Compares the lines of a literal scalar, without their indentation, with its value. Line ends at the very end are
/// the chomping's business.
bool same_lines(std::string_view lines, std::size_t column, std::string_view value) {
  std::size_t at = 0;
  while (at < lines.size()) {
    std::string_view line = next_line(lines, at);
    line.remove_prefix(std::min(column, line.size()));
    if (value.substr(0, line.size()) != line) return false;
    value.remove_prefix(line.size());
    if (value.empty()) break;
    if (value.front() != '\n') return false;
    value.remove_prefix(1);
  }
  while (at < lines.size()) {
    if (next_line(lines, at).size() > column) return false;
  }
  return value.find_first_not_of('\n') == std::string_view::npos;
}

std::string_view header_of(std::string_view block_scalar) {
  const std::size_t end = block_scalar.find_first_of(k_white);
  return block_scalar.substr(0, std::min(end, block_scalar.size()));
}

}  // namespace

std::optional<std::size_t> double_quoted_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 1;
  while (true) {
    at = text.find_first_of("\"\\", at);
    if (at == std::string_view::npos) return std::nullopt;
    if (text[at] == '"') return at + 1;
    at += 2;
  }
}

std::optional<std::size_t> single_quoted_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 1;
  while (true) {
    at = text.find('\'', at);
    if (at == std::string_view::npos) return std::nullopt;
    if (at + 1 == text.size() || text[at + 1] != '\'') return at + 1;
    at += 2;
  }
}

std::optional<std::size_t> plain_end(std::string_view text, std::size_t begin, std::string_view value) {
  std::size_t at = begin;
  while (!value.empty()) {
    if (at >= text.size()) return std::nullopt;
    if (!is_white(text[at])) {
      if (text[at] != value.front()) return std::nullopt;
      ++at;
      value.remove_prefix(1);
      continue;
    }
    const std::size_t behind = skip_white(text, at);
    const std::string meaning = folded(text.substr(at, behind - at));
    if (value.substr(0, meaning.size()) != meaning) return std::nullopt;
    value.remove_prefix(meaning.size());
    at = behind;
  }
  if (at == begin || is_white(text[at - 1])) return std::nullopt;
  return at;
}

char chomping(std::string_view block_scalar) {
  const std::string_view header = header_of(block_scalar);
  if (header.find('-') != std::string_view::npos) return '-';
  return header.find('+') != std::string_view::npos ? '+' : '\0';
}

std::optional<std::size_t> content_column(std::string_view block_scalar) {
  std::size_t at = 0;
  (void)next_line(block_scalar, at);
  while (at < block_scalar.size()) {
    const std::string_view line = next_line(block_scalar, at);
    if (count_blanks(line) != line.size()) return count_blanks(line);
  }
  return std::nullopt;
}

Result<std::size_t> block_scalar_end(const text::Source& source, std::size_t begin, std::ptrdiff_t parent_column,
                                     std::string_view value) {
  const std::string_view text = source.bytes();
  const std::string_view header = header_of(text.substr(begin));
  if (header.find_first_of("0123456789") != std::string_view::npos) {
    return refuse_at(
        source, begin,
        {"indentation-indicator", "a block scalar with an indentation indicator (" + std::string(header) + ")",
         "write the text in double quotes"});
  }
  if (header.find_first_not_of("+-", 1) != std::string_view::npos) {
    return refuse_at(
        source, begin,
        {"not-understood", "this is no block scalar that could be understood", "write the text in double quotes"});
  }
  const auto least = static_cast<std::size_t>(parent_column + 1);
  std::size_t at = begin;
  BlockLines lines;
  lines.end = begin + next_line(text, at).size();
  const std::size_t first_line = at;
  lines.end_of_blanks = lines.end;
  while (at < text.size()) {
    const std::size_t line_begin = at;
    const std::string_view line = next_line(text, at);
    const std::size_t blanks = count_blanks(line);
    if (blanks == line.size() && (lines.column == 0 || blanks <= lines.column)) {
      lines.end_of_blanks = line_begin + line.size();
      continue;
    }
    const std::size_t needed = lines.column == 0 ? std::max<std::size_t>(least, 1) : lines.column;
    if (blanks < line.size() && line[blanks] == '\t' && blanks < (lines.column == 0 ? line.size() : lines.column)) {
      return refuse_at(source, line_begin + blanks,
                       {"tab-indentation", "a tab as indentation of a block scalar", "indent with blanks"});
    }
    if (blanks < needed) break;
    if (lines.column == 0) lines.column = blanks;
    lines.end = line_begin + line.size();
    lines.end_of_blanks = lines.end;
  }
  if (lines.end_of_blanks == text.size() && text.back() == ' ' && lines.end != text.size()) {
    // yaml-cpp 0.7.0 gives the folded text one blank more for it, libyaml does not.
    return refuse_at(source, lines.end,
                     {"no-final-line-ending", "blanks without a line ending below a block scalar",
                      "delete the blanks, or end the line"});
  }
  if (header.find('+') != std::string_view::npos) lines.end = lines.end_of_blanks;
  const std::string_view content =
      first_line < lines.end ? text.substr(first_line, lines.end - first_line) : std::string_view();
  const bool same = header.front() == '|' ? same_lines(content, lines.column, value) : same_but_white(content, value);
  if (!same) {
    return refuse_at(
        source, begin,
        {"not-understood", "where this block scalar ends cannot be shown", "write the text in double quotes"});
  }
  return lines.end;
}

}  // namespace kaudit::yaml
