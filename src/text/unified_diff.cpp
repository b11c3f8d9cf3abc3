#include "kaudit/text/unified_diff.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace kaudit::text {
namespace {

using Lines = std::vector<std::string_view>;

/// Lines with their endings; the last one may have none. No line for an empty text.
Lines split_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

/// Old lines [first, first + removed) give way to `added`, which holds whole lines.
struct Replacement {
  std::size_t first = 0;
  std::size_t removed = 0;
  std::string added;
};

/// Number of lines the original has; a Source counts the empty rest behind the last line ending, too.
std::size_t counted_lines(const Source& source) {
  const std::size_t count = source.line_count();
  return source.line_span(count - 1).empty() ? count - 1 : count;
}

/// Drops the lines that both sides have at the start and at the end.
void trim(const Source& source, Replacement& change) {
  const Lines added = split_lines(change.added);
  std::size_t head = 0;
  const auto old_line = [&](std::size_t index) { return source.text(source.line_span(index)); };
  while (head < change.removed && head < added.size() && old_line(change.first + head) == added[head]) ++head;
  std::size_t tail = 0;
  while (head + tail < change.removed && head + tail < added.size() &&
         old_line(change.first + change.removed - 1 - tail) == added[added.size() - 1 - tail]) {
    ++tail;
  }
  std::string kept;
  for (std::size_t i = head; i + tail < added.size(); ++i) kept += added[i];
  change.first += head;
  change.removed -= head + tail;
  change.added = std::move(kept);
}

/// One Replacement for every run of edits that touch the same lines.
std::vector<Replacement> replaced_lines(const Source& source, const std::vector<TextEdit>& edits) {
  std::vector<Replacement> changes;
  const std::string_view bytes = source.bytes();
  std::size_t next = 0;
  while (next < edits.size()) {
    const std::size_t first = source.line_index(edits[next].span.begin);
    std::size_t begin = source.line_span(first).begin;
    Span lines = {begin, source.line_span(source.line_index(edits[next].span.end)).end};
    std::string added;
    const auto touches = [&](const TextEdit& edit) {
      return edit.span.begin < lines.end || (lines.end == bytes.size() && edit.span.begin == lines.end);
    };
    for (; next < edits.size() && touches(edits[next]); ++next) {
      const Span span = edits[next].span;
      added += bytes.substr(begin, span.begin - begin);
      added += edits[next].replacement;
      begin = span.end;
      lines.end = std::max(lines.end, source.line_span(source.line_index(span.end)).end);
    }
    added += bytes.substr(begin, lines.end - begin);
    const std::size_t behind = lines.end == bytes.size() ? counted_lines(source) : source.line_index(lines.end);
    Replacement change{first, behind - std::min(first, behind), std::move(added)};
    trim(source, change);
    if (change.removed != 0 || !change.added.empty()) changes.push_back(std::move(change));
  }
  return changes;
}

void append_line(std::string& diff, char mark, std::string_view line) {
  diff += mark;
  diff += line;
  if (line.empty() || line.back() != '\n') diff += "\n\\ No newline at end of file\n";
}

/// `12,3` as GNU diff writes it: one line without its count, an empty side by the line before it.
std::string range(std::size_t first, std::size_t count) {
  if (count == 0) return std::to_string(first) + ",0";
  return std::to_string(first + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

struct Hunk {
  std::size_t old_first = 0;
  std::size_t old_count = 0;
  std::size_t new_first = 0;
  std::size_t new_count = 0;
  std::string body;
};

void append_context(Hunk& hunk, const Source& source, std::size_t from, std::size_t to) {
  for (std::size_t line = from; line < to; ++line) append_line(hunk.body, ' ', source.text(source.line_span(line)));
  hunk.old_count += to - from;
  hunk.new_count += to - from;
}

void append_change(Hunk& hunk, const Source& source, const Replacement& change) {
  for (std::size_t line = change.first; line < change.first + change.removed; ++line) {
    append_line(hunk.body, '-', source.text(source.line_span(line)));
  }
  const Lines added = split_lines(change.added);
  for (const std::string_view line : added) append_line(hunk.body, '+', line);
  hunk.old_count += change.removed;
  hunk.new_count += added.size();
}

/// A name with a blank ends in a TAB, as GNU diff and git write it: else `patch` takes the rest for a date.
std::string header(std::string_view mark, const std::string& name) {
  const bool blank = name.find(' ') != std::string::npos && name.find('\t') == std::string::npos;
  return std::string(mark) + name + (blank ? "\t\n" : "\n");
}

/// Above this many pairs of lines the table would cost more than a fine diff is worth: 16 MB.
constexpr std::size_t k_most_pairs = std::size_t{4} << 20U;

/// How many lines two lists have in common, in order, from each pair of positions to their ends.
class CommonLines {
 public:
  CommonLines(std::span<const std::string_view> old_lines, std::span<const std::string_view> new_lines)
      : m_width(new_lines.size() + 1), m_lengths((old_lines.size() + 1) * m_width) {
    for (std::size_t i = old_lines.size(); i-- > 0;) {
      for (std::size_t j = new_lines.size(); j-- > 0;) {
        m_lengths[i * m_width + j] =
            old_lines[i] == new_lines[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  [[nodiscard]] std::uint32_t at(std::size_t i, std::size_t j) const { return m_lengths[i * m_width + j]; }

 private:
  std::size_t m_width;
  std::vector<std::uint32_t> m_lengths;
};

/// The edits between lines that begin at `offset`; one for all of them where there are too many.
std::vector<TextEdit> edits_in(std::span<const std::string_view> old_lines, std::span<const std::string_view> new_lines,
                               std::size_t offset) {
  const bool is_fine = (old_lines.size() + 1) * (new_lines.size() + 1) <= k_most_pairs;
  const CommonLines common = is_fine ? CommonLines(old_lines, new_lines) : CommonLines({}, {});
  std::vector<TextEdit> edits;
  TextEdit edit{{offset, offset}, ""};
  const auto flush = [&] {
    if (!edit.span.empty() || !edit.replacement.empty()) edits.push_back(edit);
  };
  for (std::size_t i = 0, j = 0; i < old_lines.size() || j < new_lines.size();) {
    if (is_fine && i < old_lines.size() && j < new_lines.size() && old_lines[i] == new_lines[j]) {
      flush();
      const std::size_t behind = edit.span.end + old_lines[i].size();
      edit = {{behind, behind}, ""};
      ++i;
      ++j;
    } else if (j == new_lines.size() ||
               (is_fine && i < old_lines.size() && common.at(i + 1, j) >= common.at(i, j + 1))) {
      edit.span.end += old_lines[i++].size();
    } else {
      edit.replacement += new_lines[j++];
    }
  }
  flush();
  return edits;
}

}  // namespace

std::string unified_diff(const DiffNames& names, const Source& original, const std::vector<TextEdit>& edits,
                         std::size_t context_lines) {
  const std::vector<Replacement> changes = replaced_lines(original, edits);
  if (changes.empty()) return {};
  std::string diff = header("--- ", names.before) + header("+++ ", names.after);
  const std::size_t line_count = counted_lines(original);
  std::size_t next = 0;
  std::size_t old_line = 0;  // everything before it is written or was skipped
  std::size_t new_line = 0;
  while (next < changes.size()) {
    Hunk hunk;
    hunk.old_first = changes[next].first - std::min(context_lines, changes[next].first - old_line);
    hunk.new_first = new_line + (hunk.old_first - old_line);
    old_line = hunk.old_first;
    for (bool joined = true; joined;) {
      append_context(hunk, original, old_line, changes[next].first);
      append_change(hunk, original, changes[next]);
      old_line = changes[next].first + changes[next].removed;
      ++next;
      joined = next < changes.size() && changes[next].first - old_line <= 2 * context_lines;
    }
    const std::size_t tail = std::min(context_lines, line_count - old_line);
    append_context(hunk, original, old_line, old_line + tail);
    old_line += tail;
    new_line = hunk.new_first + hunk.new_count;
    diff += "@@ -" + range(hunk.old_first, hunk.old_count) + " +" + range(hunk.new_first, hunk.new_count) + " @@\n";
    diff += hunk.body;
  }
  return diff;
}

std::vector<TextEdit> edits_between(std::string_view before, std::string_view after) {
  if (before == after) return {};
  const Lines old_lines = split_lines(before);
  const Lines new_lines = split_lines(after);
  const std::size_t shorter = std::min(old_lines.size(), new_lines.size());
  std::size_t head = 0;
  std::size_t offset = 0;
  while (head < shorter && old_lines[head] == new_lines[head]) offset += old_lines[head++].size();
  std::size_t tail = 0;
  while (head + tail < shorter && old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail]) {
    ++tail;
  }
  const auto middle = [&](const Lines& lines) { return std::span(lines).subspan(head, lines.size() - head - tail); };
  return edits_in(middle(old_lines), middle(new_lines), offset);
}

}  // namespace kaudit::text
