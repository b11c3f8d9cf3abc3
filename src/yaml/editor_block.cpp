#include <algorithm>
#include <string>
#include <string_view>

#include "editor_parts.hpp"
#include "fragment_text.hpp"
#include "layout.hpp"
#include "refusal.hpp"
#include "scan_scalar.hpp"

namespace kaudit::yaml {
namespace {

using text::Span;

class BlockChanges {
 public:
  BlockChanges(const Document& document, const MemberChanges& changes, PendingEdits& edits)
      : m_document(document),
        m_changes(changes),
        m_edits(edits),
        m_node(document.node(changes.node)),
        m_count(m_node.child_count),
        m_column(column_of(document, member(0).begin)),
        m_layout(changes.insertions.empty() ? BlockLayout{} : block_layout(document, changes.node, member(0).begin)) {}

  Status make() {
    KAUDIT_TRY_DO(check_comments_below_removed());
    const std::size_t head = m_changes.removed_head();
    if (head == m_count && m_changes.insertions.empty()) {
      remove_all();
    } else if (starts_line(m_document, member(0).begin)) {
      for (const Insertion& insertion : m_changes.insertions) insert_line(insertion);
      remove_lines(0);
    } else {
      change_compact(head);
    }
    return Done{};
  }

 private:
  [[nodiscard]] Span member(std::size_t index) const { return member_span(m_document, m_changes.node, index); }
  /// The whole lines a member stands on. A block member is never followed by another on its last line.
  [[nodiscard]] Span lines_of(std::size_t index) const {
    return {line_begin(m_document, member(index).begin), line_end(m_document, member(index).end)};
  }
  [[nodiscard]] std::string indentation() const {
    std::string blanks(m_column, ' ');
    return blanks;
  }
  /// Only the line ending depends on the place.
  [[nodiscard]] BlockLayout layout_at(std::size_t offset) const {
    BlockLayout layout = m_layout;
    layout.eol = m_document.source().ending_beside(m_document.source().line_index(offset));
    return layout;
  }

  [[nodiscard]] std::string render(const Insertion& insertion, const BlockLayout& layout) const {
    if (insertion.key == nullptr) return block_item(*insertion.value, m_column, layout);
    return block_entry(*insertion.key, *insertion.value, m_column, layout);
  }

  void insert_line(const Insertion& insertion) {
    const bool append = insertion.before == m_count;
    const std::size_t beside = append ? member(m_count - 1).end : member(insertion.before).begin;
    const BlockLayout layout = layout_at(beside);
    const std::size_t at = append ? line_end(m_document, beside) : begin_with_comments(insertion.before);
    m_edits.insert_lines(at, indentation() + render(insertion, layout) + std::string(layout.eol));
  }

  void remove_lines(std::size_t from) {
    for (std::size_t i = from; i < m_count; ++i) {
      if (m_changes.removes(i)) m_edits.delete_lines(lines_of(i));
    }
  }

  [[nodiscard]] std::size_t begin_with_comments(std::size_t index) const;
  [[nodiscard]] bool comments_in(Span gap) const {
    return m_document.source().text(gap).find('#') != std::string_view::npos;
  }
  void remove_all();
  void change_compact(std::size_t head);
  void remove_compact_head(std::size_t head);
  [[nodiscard]] Status check_comments_below_removed() const;
  [[nodiscard]] Status check_comments_below(std::size_t index, const Node& scalar) const;

  const Document& m_document;
  const MemberChanges& m_changes;
  PendingEdits& m_edits;
  const Node& m_node;
  std::size_t m_count;
  std::size_t m_column;
  BlockLayout m_layout;
};

/// Begin of the member's line, or of the comment lines directly above it: they speak of this member, so what is
/// inserted in front of it goes above them. The head of the file is not taken for such a comment.
std::size_t BlockChanges::begin_with_comments(std::size_t index) const {
  const text::Source& source = m_document.source();
  std::size_t line = source.line_index(member(index).begin);
  if (index == 0 && m_changes.node == m_document.root()) return line_begin(m_document, member(index).begin);
  const std::size_t previous =
      index != 0 ? member(index - 1).end : m_document.child(m_node.parent, m_node.index).indicator;
  const std::size_t last_content = source.line_index(previous);
  while (line - 1 > last_content) {
    const std::string_view above = source.line_text(line - 1);
    const std::size_t at = above.find_first_not_of(" \t");
    if (at == std::string_view::npos || above[at] != '#') break;
    --line;
  }
  return line_begin(m_document, source.line_span(line).begin + (line == 0 ? source.bom_size() : 0));
}

/// Nothing stays: `[]` or `{}` takes the place behind the indicator.
void BlockChanges::remove_all() {
  const std::string empty = m_node.kind == Kind::sequence ? "[]" : "{}";
  const bool own_lines = starts_line(m_document, member(0).begin);
  if (own_lines && m_changes.node != m_document.root()) {
    m_edits.insert(m_document.child(m_node.parent, m_node.index).indicator + 1, " " + empty);
    remove_lines(0);
    return;
  }
  m_edits.replace({member(0).begin, line_text_end(m_document, member(0).end)}, empty);
  remove_lines(1);
}

/// The first member stands behind the `-` of an outer list: `- name: x`.
void BlockChanges::change_compact(std::size_t head) {
  const BlockLayout layout = layout_at(member(0).begin);
  const std::string separator = std::string(layout.eol) + indentation();
  std::string front;
  for (const Insertion& insertion : m_changes.insertions) {
    if (insertion.before > head) {
      insert_line(insertion);
      continue;
    }
    front += (front.empty() ? "" : separator) + render(insertion, layout);
  }
  if (head == 0) {
    if (!front.empty()) m_edits.insert(member(0).begin, front + separator);
    remove_lines(0);
  } else if (front.empty()) {
    remove_compact_head(head);
  } else {
    m_edits.replace({member(0).begin, line_text_end(m_document, member(0).end)}, front);
    remove_lines(1);
  }
}

/// The first `head` members go, the next one takes their place behind the dash; with comments between them the dash
/// stays alone on its line instead, so that the comments can stay, too.
void BlockChanges::remove_compact_head(std::size_t head) {
  bool comments = false;
  for (std::size_t i = 0; i < head; ++i) {
    comments = comments || comments_in({line_end(m_document, member(i).end), member(i + 1).begin});
  }
  if (!comments) {
    m_edits.replace({member(0).begin, member(head).begin}, {});
    remove_lines(head);
    return;
  }
  const std::string_view bytes = m_document.source().bytes();
  const std::size_t dash = bytes.find_last_not_of(" \t", member(0).begin - 1);
  m_edits.replace({dash + 1, line_text_end(m_document, member(0).end)}, {});
  remove_lines(1);
}

/// Below a block scalar, a comment that is indented as deep as the scalar's text is text, and with `|+` blank lines
/// are. What separates them must not be removed.
Status BlockChanges::check_comments_below_removed() const {
  const Node* scalar = nullptr;
  for (std::size_t i = 1; i < m_count; ++i) {
    if (!m_changes.removes(i)) continue;
    if (!m_changes.removes(i - 1)) {
      const Node& above = m_document.node(first_node(m_document, m_changes.node, i) - 1);
      scalar = above.style == Style::literal || above.style == Style::folded ? &above : nullptr;
    } else if (i == 1) {
      scalar = nullptr;
    }
    if (scalar != nullptr) KAUDIT_TRY_DO(check_comments_below(i, *scalar));
  }
  return Done{};
}

Status BlockChanges::check_comments_below(std::size_t index, const Node& scalar) const {
  const text::Source& source = m_document.source();
  const std::string_view text = source.text(scalar.span);
  const bool keeps_blank_lines = chomping(text) == '+';
  // A block scalar without text would take any line that is indented deeper than its collection.
  const std::size_t column = content_column(text).value_or(1);
  for (std::size_t line = source.line_index(member(index).end) + 1; line < source.line_count(); ++line) {
    const std::string_view content = source.line_text(line);
    const std::size_t at = content.find_first_not_of(" \t");
    if (at == std::string_view::npos) {
      const bool unended = source.line_ending(line).empty();
      const bool text_of_scalar = unended ? !content.empty() : keeps_blank_lines || content.size() > column;
      if (!text_of_scalar) continue;
    } else if (content[at] != '#') {
      break;
    } else if (at < column) {
      continue;
    }
    return refuse_at(source, source.line_span(line).begin,
                     {"comment-below-block-scalar",
                      "this line would become part of the block scalar above when what stands between them is removed",
                      "delete this line"});
  }
  return Done{};
}

}  // namespace

Status edit_block(const Document& document, const MemberChanges& changes, PendingEdits& edits) {
  return BlockChanges(document, changes, edits).make();
}

}  // namespace kaudit::yaml
