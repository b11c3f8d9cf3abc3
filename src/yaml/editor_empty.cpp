#include <algorithm>
#include <string>
#include <string_view>

#include "editor_parts.hpp"
#include "fragment_text.hpp"
#include "layout.hpp"

namespace kaudit::yaml {
namespace {

/// Column of the first members of a list or mapping that is to be the value `node`.
std::size_t member_column(const Document& document, const Node& node, Kind kind, const BlockLayout& layout) {
  const Child& place = document.child(node.parent, node.index);
  if (document.node(node.parent).kind == Kind::sequence) return column_of(document, place.indicator) + 2;
  const std::size_t key = column_of(document, begin_of(document, place.key));
  return key + (kind == Kind::sequence ? layout.list_offset : layout.map_step);
}

/// Takes the literal (`[]`, `null`) away: with the blanks before it on the line of its key, with its whole line when it
/// stands there alone. Its comment stays.
void delete_literal(const Document& document, const Node& node, std::size_t indicator, PendingEdits& edits) {
  if (node.span.empty()) return;
  const text::Source& source = document.source();
  const bool rest_is_blank = next_on_line(document, node.span.end) == '\0';
  const std::size_t end = rest_is_blank ? line_text_end(document, node.span.end) : node.span.end;
  if (source.line_index(node.span.begin) == source.line_index(indicator)) {
    const std::size_t behind = source.bytes().find_first_not_of(" \t", end);
    const bool tab = source.text({end, std::min(behind, source.bytes().size())}).find('\t') != std::string_view::npos;
    if (tab && document.node(node.parent).kind == Kind::sequence) {
      edits.replace({indicator + 1, behind}, " ");  // libyaml takes no tab behind a dash
    } else {
      edits.replace({indicator + 1, end}, {});
    }
  } else if (rest_is_blank) {
    edits.delete_lines({line_begin(document, node.span.begin), line_end(document, node.span.end)});
  } else {
    // The comment takes the literal's place: a tab between them must not become indentation.
    edits.replace({node.span.begin, source.bytes().find('#', node.span.end)}, {});
  }
}

void fill_block(const Document& document, const MemberChanges& changes, PendingEdits& edits) {
  const Node& node = document.node(changes.node);
  const std::size_t indicator = document.child(node.parent, node.index).indicator;
  delete_literal(document, node, indicator, edits);
  const BlockLayout layout = block_layout(document, node.parent, node.span.end);
  const Kind kind = changes.insertions.front().key == nullptr ? Kind::sequence : Kind::mapping;
  const std::size_t column = member_column(document, node, kind, layout);
  std::string lines;
  for (const Insertion& insertion : changes.insertions) {
    lines += std::string(column, ' ');
    lines += insertion.key == nullptr ? block_item(*insertion.value, column, layout)
                                      : block_entry(*insertion.key, *insertion.value, column, layout);
    lines += layout.eol;
  }
  edits.insert_lines(line_end(document, node.span.end), std::move(lines));
}

void fill_null_in_flow(const Document& document, const MemberChanges& changes, PendingEdits& edits) {
  const Node& node = document.node(changes.node);
  const FlowLayout layout = flow_layout(document);
  const bool list = changes.insertions.front().key == nullptr;
  std::string members;
  for (const Insertion& insertion : changes.insertions) {
    if (!members.empty()) members += layout.comma;
    members += list ? flow_value(*insertion.value, layout) : flow_entry(*insertion.key, *insertion.value, layout);
  }
  const std::string text = list ? "[" + members + "]" : "{" + members + "}";
  edits.replace(node.span, node.span.empty() ? " " + text : text);
}

/// Whether something, a comment, stands between the brackets.
bool holds_comment(const Document& document, const Node& node) {
  return document.source().text(node.span).find('#') != std::string_view::npos;
}

}  // namespace

void fill_empty(const Document& document, const MemberChanges& changes, PendingEdits& edits) {
  const Node& node = document.node(changes.node);
  const bool flow = in_flow(document, changes.node) || holds_comment(document, node);
  if (!flow) {
    fill_block(document, changes, edits);
  } else if (node.kind == Kind::null) {
    fill_null_in_flow(document, changes, edits);
  } else {
    edit_flow(document, changes, edits);
  }
}

}  // namespace kaudit::yaml
