#include "pending_edits.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "kaudit/text/diagnostic.hpp"
#include "scan_scalar.hpp"

namespace kaudit::yaml {

void PendingEdits::replace(text::Span span, std::string text) {
  if (span.empty() && text.empty()) return;
  m_edits.push_back({{span, std::move(text)}, Unit::text});
}

void PendingEdits::insert_lines(std::size_t offset, std::string lines) {
  m_edits.push_back({{{offset, offset}, std::move(lines)}, Unit::lines});
}

void PendingEdits::delete_lines(text::Span span) { m_edits.push_back({{span, {}}, Unit::lines}); }

/// The order of text::sort_edits.
void PendingEdits::sort() {
  std::stable_sort(m_edits.begin(), m_edits.end(), [](const Pending& a, const Pending& b) {
    if (a.edit.span.begin != b.edit.span.begin) return a.edit.span.begin < b.edit.span.begin;
    return a.edit.span.empty() && !b.edit.span.empty();
  });
}

/// A block scalar with nothing but blank lines between its last line and `offset`, whose value depends on how the line
/// that ends there ends.
const Node* PendingEdits::block_scalar_ending_at(std::size_t offset) const {
  const text::Source& source = m_document.source();
  for (NodeId id = 0; id < m_document.node_count(); ++id) {
    const Node& node = m_document.node(id);
    const bool block = node.style == Style::literal || node.style == Style::folded;
    if (!block || node.span.end > offset) continue;
    const std::string_view between = source.text({node.span.end, offset});
    if (between.find_first_not_of(" \t\r\n") != std::string_view::npos) continue;
    if (!between.empty() || chomping(source.text(node.span)) != '-') return &node;
  }
  return nullptr;
}

/// The last line has no ending: gathers what is inserted and deleted there into one edit that leaves none either.
Status PendingEdits::end_without_ending() {
  const text::Source& source = m_document.source();
  const std::size_t size = source.bytes().size();
  std::size_t begin = size;
  std::size_t first = m_edits.size();
  while (first > 0) {
    const Pending& edit = m_edits[first - 1];
    const bool deletes_tail = !edit.edit.span.empty() && edit.edit.span.end == begin;
    const bool inserts = edit.edit.span.empty() && edit.edit.span.begin >= begin;
    if (edit.unit != Unit::lines || !(deletes_tail || inserts)) break;
    begin = std::min(begin, edit.edit.span.begin);
    --first;
  }
  if (first == m_edits.size()) return Done{};
  std::string lines;
  for (std::size_t i = first; i < m_edits.size(); ++i) lines += m_edits[i].edit.replacement;
  m_edits.resize(first);
  if (lines.empty()) {
    const std::size_t line = source.line_index(begin);
    const std::size_t ending = line == 0 ? 0 : source.line_ending(line - 1).size();
    const bool needed = block_scalar_ending_at(begin - ending) != nullptr;
    replace({needed ? begin : begin - ending, size}, {});
    return Done{};
  }
  const std::string_view eol = source.ending_beside(source.line_index(size));
  lines.resize(lines.size() - (lines.size() >= 2 && lines[lines.size() - 2] == '\r' ? 2 : 1));
  if (begin < size) {
    replace({begin, size}, std::move(lines));
    return Done{};
  }
  if (const Node* scalar = block_scalar_ending_at(size)) {
    return text::refuse(
        source, {text::Severity::error,
                 "no-final-line-ending",
                 {},
                 "the file ends in this block scalar without a line ending: a line below it would change its value",
                 "end the file with a line ending",
                 scalar->span.begin});
  }
  insert(size, std::string(eol) + lines);
  return Done{};
}

/// A comment may stand directly behind a quoted scalar or a bracket (`"x"#c`), but not behind what takes their place.
void PendingEdits::part_comments() {
  const std::string_view bytes = m_document.source().bytes();
  const auto white = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
  char last = '\n';
  std::size_t copied = 0;
  for (std::size_t i = 0; i < m_edits.size(); ++i) {
    text::TextEdit& edit = m_edits[i].edit;
    if (edit.span.begin > copied) last = bytes[edit.span.begin - 1];
    if (!edit.replacement.empty()) last = edit.replacement.back();
    copied = edit.span.end;
    const bool next_touches = i + 1 < m_edits.size() && m_edits[i + 1].edit.span.begin == copied;
    if (next_touches || copied >= bytes.size() || bytes[copied] != '#' || white(last)) continue;
    edit.replacement += ' ';
    last = ' ';
  }
}

Result<std::vector<text::TextEdit>> PendingEdits::finish() && {
  sort();
  const std::string_view bytes = m_document.source().bytes();
  if (!bytes.empty() && bytes.back() != '\n') {
    KAUDIT_TRY_DO(end_without_ending());
    sort();
  }
  part_comments();
  std::vector<text::TextEdit> edits;
  edits.reserve(m_edits.size());
  for (Pending& pending : m_edits) edits.push_back(std::move(pending.edit));
  return edits;
}

}  // namespace kaudit::yaml
