#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "editor_parts.hpp"
#include "fragment_text.hpp"
#include "layout.hpp"

namespace kaudit::yaml {
namespace {

using text::Span;

class FlowChanges {
 public:
  FlowChanges(const Document& document, const MemberChanges& changes, PendingEdits& edits)
      : m_document(document),
        m_bytes(document.source().bytes()),
        m_changes(changes),
        m_edits(edits),
        m_node(document.node(changes.node)),
        m_count(m_node.child_count),
        m_layout(flow_layout(document)) {
    for (std::size_t i = 0; i < m_count; ++i) m_commas.push_back(comma_behind(i));
    m_last_kept = m_count;
    for (std::size_t i = m_count; i > 0 && m_last_kept == m_count; --i) {
      if (!changes.removes(i - 1)) m_last_kept = i - 1;
    }
  }

  void make() {
    if (m_last_kept == m_count && m_changes.insertions.empty() && !holds_comments()) {
      m_edits.replace({m_node.span.begin + 1, m_node.span.end - 1}, {});
      return;
    }
    if (m_last_kept == m_count) {
      insert_first();
    } else {
      insert_between();
      append();
    }
    for (std::size_t i = 0; i < m_count; ++i) {
      if (m_changes.removes(i)) remove(i);
    }
    const bool tail_removed = m_last_kept + 1 < m_count;
    if (tail_removed && !trailing_comma()) delete_comma(m_last_kept);
  }

 private:
  [[nodiscard]] Span member(std::size_t index) const { return member_span(m_document, m_changes.node, index); }
  [[nodiscard]] std::optional<std::size_t> comma_behind(std::size_t index) const;
  [[nodiscard]] bool holds_comments() const;
  [[nodiscard]] bool trailing_comma() const { return m_count != 0 && m_commas.back().has_value(); }
  [[nodiscard]] bool stands_alone(std::size_t index) const;
  [[nodiscard]] std::string line_start(std::size_t index) const;

  [[nodiscard]] std::string render(const Insertion& insertion) const {
    if (insertion.key == nullptr) return flow_value(*insertion.value, m_layout);
    return flow_entry(*insertion.key, *insertion.value, m_layout);
  }

  void insert_first();
  void insert_between();
  void append();
  void append_below_rest(const std::string& start, const std::vector<std::string>& members);
  void remove(std::size_t index);
  void remove_up_to_lines(std::size_t index);
  [[nodiscard]] bool next_line_is_next_member(std::size_t index) const;
  void delete_comma(std::size_t index) {
    if (m_commas[index]) m_edits.replace({*m_commas[index], *m_commas[index] + 1}, {});
  }
  [[nodiscard]] bool white(Span span) const {
    return m_bytes.substr(span.begin, span.size()).find_first_not_of(" \t\r\n") == std::string_view::npos;
  }

  const Document& m_document;
  std::string_view m_bytes;
  const MemberChanges& m_changes;
  PendingEdits& m_edits;
  const Node& m_node;
  std::size_t m_count;
  FlowLayout m_layout;
  std::vector<std::optional<std::size_t>> m_commas;
  std::size_t m_last_kept = 0;
};

/// Between two members, or a member and the bracket, stand white space, comments and at most one comma.
std::optional<std::size_t> FlowChanges::comma_behind(std::size_t index) const {
  const std::size_t end = index + 1 < m_count ? member(index + 1).begin : m_node.span.end - 1;
  for (std::size_t at = member(index).end; at < end; ++at) {
    if (m_bytes[at] == ',') return at;
    if (m_bytes[at] == '#') at = m_bytes.find('\n', at);
  }
  return std::nullopt;
}

/// Between its members, that is: inside them does not count.
bool FlowChanges::holds_comments() const {
  std::size_t begin = m_node.span.begin + 1;
  for (std::size_t i = 0; i <= m_count; ++i) {
    const std::size_t end = i < m_count ? member(i).begin : m_node.span.end - 1;
    if (m_bytes.substr(begin, end - begin).find('#') != std::string_view::npos) return true;
    if (i < m_count) begin = member(i).end;
  }
  return false;
}

/// Whether the member has its lines for itself: nothing before it, and behind it only its comma and a comment.
bool FlowChanges::stands_alone(std::size_t index) const {
  if (!starts_line(m_document, member(index).begin)) return false;
  const std::size_t end = member(index).end;
  const char next = next_on_line(m_document, end);
  if (next == '\0' || next == '#') {
    return !m_commas[index] || *m_commas[index] < line_text_end(m_document, end);
  }
  if (next != ',') return false;
  const char last = next_on_line(m_document, *m_commas[index] + 1);
  return last == '\0' || last == '#';
}

/// Line ending and indentation with which to put something on a line of its own beside member `index`; empty if that
/// member has none.
std::string FlowChanges::line_start(std::size_t index) const {
  const std::size_t begin = member(index).begin;
  if (!starts_line(m_document, begin)) return {};
  const std::size_t line = line_begin(m_document, begin);
  const text::Source& source = m_document.source();
  return std::string(source.ending_beside(source.line_index(begin))) + std::string(m_bytes.substr(line, begin - line));
}

/// Nothing is kept: new members where the first one was, or behind the opening bracket.
void FlowChanges::insert_first() {
  if (m_changes.insertions.empty()) return;
  const std::size_t at = m_count == 0 ? m_node.span.begin + 1 : member(0).begin;
  const std::string start = m_count == 0 ? std::string() : line_start(0);
  const std::string separator = start.empty() ? std::string(m_layout.comma) : "," + start;
  std::string text;
  for (const Insertion& insertion : m_changes.insertions) text += (text.empty() ? "" : separator) + render(insertion);
  if (m_count == 0 && m_bytes[at] == '#') text += ' ';
  if (m_count != 0 && stands_alone(0)) {
    // The lines of the old members go as a whole: give the new ones theirs.
    const std::size_t line = line_begin(m_document, at);
    const std::string indentation(m_bytes.substr(line, at - line));
    m_edits.insert(line, indentation + text + start.substr(0, start.size() - indentation.size()));
    return;
  }
  m_edits.insert(at, std::move(text));
}

/// In front of the next member that is kept, each with its own comma.
void FlowChanges::insert_between() {
  for (const Insertion& insertion : m_changes.insertions) {
    std::size_t next = insertion.before;
    while (next < m_count && m_changes.removes(next)) ++next;
    if (next >= m_count) continue;
    const std::string start = line_start(next);
    m_edits.insert(member(next).begin, render(insertion) + (start.empty() ? std::string(m_layout.comma) : "," + start));
  }
}

/// Behind the last member that is kept.
void FlowChanges::append() {
  std::vector<std::string> members;
  for (const Insertion& insertion : m_changes.insertions) {
    if (insertion.before > m_last_kept) members.push_back(render(insertion));
  }
  if (members.empty()) return;
  const std::string start = line_start(m_last_kept);
  const std::size_t end = member(m_last_kept).end;
  const std::size_t behind_comma = m_commas[m_last_kept] ? *m_commas[m_last_kept] + 1 : end;
  // With what stands behind it on its line, a comment or blanks, taking the new ones out gives the old text again.
  const char next = next_on_line(m_document, behind_comma);
  const bool keeps_rest = next == '#' || (next == '\0' && behind_comma < line_text_end(m_document, end));
  if (!start.empty() && behind_comma <= line_text_end(m_document, end) && keeps_rest) {
    append_below_rest(start, members);
    return;
  }
  const std::string separator = start.empty() ? std::string(m_layout.comma) : "," + start;
  std::string text;
  for (const std::string& member : members) {
    text += separator;
    text += member;
  }
  m_edits.insert(end, std::move(text));
}

/// The last member has a comment or blanks on its line, which are to stay with it.
void FlowChanges::append_below_rest(const std::string& start, const std::vector<std::string>& members) {
  const std::size_t end = member(m_last_kept).end;
  const bool comma_stays = m_commas[m_last_kept] && (m_last_kept + 1 == m_count || trailing_comma());
  std::string text;
  for (std::size_t i = 0; i < members.size(); ++i) {
    text += start + members[i];
    if (i + 1 < members.size() || comma_stays) text += ',';
  }
  if (!comma_stays) m_edits.insert(end, ",");
  m_edits.insert(line_text_end(m_document, end), std::move(text));
}

/// A member and its comma. Comments around it stay, but for the one on its own line.
void FlowChanges::remove(std::size_t index) {
  const Span span = member(index);
  if (stands_alone(index)) {
    m_edits.replace({line_begin(m_document, span.begin), line_end(m_document, span.end)}, {});
    const bool comma_below = m_commas[index] && *m_commas[index] >= line_end(m_document, span.end);
    if (comma_below) delete_comma(index);
    return;
  }
  const bool tail = m_last_kept == m_count || index > m_last_kept;
  if (!tail) {
    const Span gap = {span.end, member(index + 1).begin};
    if (white({gap.begin, *m_commas[index]}) && white({*m_commas[index] + 1, gap.end})) {
      if (m_changes.removes(index + 1) && stands_alone(index + 1)) return remove_up_to_lines(index);
      m_edits.replace({span.begin, gap.end}, {});
      return;
    }
  }
  const std::size_t previous = index == 0 ? m_node.span.begin + 1 : *m_commas[index - 1] + 1;
  const bool pull =
      tail && white({previous, span.begin}) && index != 0 && !(stands_alone(index - 1) && m_changes.removes(index - 1));
  m_edits.replace({pull ? previous : span.begin, span.end}, {});
  delete_comma(index);
}

/// The members behind this one go as whole lines, indentation and all. The first one that is kept comes in its place.
void FlowChanges::remove_up_to_lines(std::size_t index) {
  m_edits.replace({member(index).begin, line_begin(m_document, member(index + 1).begin)}, {});
  std::size_t next = index + 1;
  bool only_lines = true;
  for (; m_changes.removes(next); ++next) only_lines = only_lines && next_line_is_next_member(next);
  const std::size_t begin = member(next).begin;
  // Behind a comment that stays, the indentation has to stay as well.
  if (only_lines) m_edits.replace({line_begin(m_document, begin), begin}, {});
}

bool FlowChanges::next_line_is_next_member(std::size_t index) const {
  return stands_alone(index) && starts_line(m_document, member(index + 1).begin) &&
         line_end(m_document, member(index).end) == line_begin(m_document, member(index + 1).begin);
}

}  // namespace

void edit_flow(const Document& document, const MemberChanges& changes, PendingEdits& edits) {
  FlowChanges(document, changes, edits).make();
}

}  // namespace kaudit::yaml
