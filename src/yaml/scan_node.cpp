// Single nodes: anchors and tags, nulls, aliases, scalars.

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "scan_scalar.hpp"
#include "scanner.hpp"

namespace kaudit::yaml {
namespace {

/// Text that an edit beside it could turn into an indicator or a document marker.
bool is_marker(std::string_view plain) {
  const std::string_view word = plain.substr(0, plain.find_first_of(" \n"));
  return word == "-" || word == "---" || word == "...";
}

constexpr std::string_view k_name = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
constexpr std::string_view k_tag = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/!,";

}  // namespace

bool Scan::null_word_at(std::size_t at) const {
  static constexpr std::array<std::string_view, 4> words = {"~", "null", "Null", "NULL"};
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    if (m_text.substr(at, word.size()) != word) return false;
    const std::size_t behind = at + word.size();
    return behind == m_text.size() || std::string_view(" \t\r\n,]}:").find(m_text[behind]) != std::string_view::npos;
  });
}

/// Whether a null has no text at all. yaml-cpp then gives it the position of whatever comes next.
bool Scan::is_empty(NodeId id) const {
  if (m_tree.nodes[id].kind != Kind::null) return false;
  const std::size_t at = mark(id);
  if (at >= m_text.size() || shares_mark_with_next(id, at)) return true;
  return m_text[at] != '&' && m_text[at] != '!' && !null_word_at(at);
}

/// Anchors and tags of the characters that every reader takes for part of them, and white space behind each: where
/// `!a|` or `!a,b` end is a matter of opinion.
Status Scan::property(Node& node, In in) {
  node.property = {m_at, m_at};
  while (peek() == '&' || peek() == '!') {
    const std::size_t begin = m_at;
    const bool verbatim = peek() == '!' && peek(1) == '<';
    m_at = name_end(begin + (verbatim ? 2U : 1U), peek() == '&' ? k_name : k_tag);
    if (verbatim && peek() == '>') ++m_at;
    if (!white_follows(0)) {
      return refuse_at(m_source, begin, {"unusual-property", "an anchor or tag with unusual characters", "delete it"});
    }
    node.property.end = m_at;
    KAUDIT_TRY_DO(gap(in, After::other));
  }
  return Done{};
}

Status Scan::alias(Node& node, In in) {
  if (peek() != '*') return not_understood();
  m_at = name_end(m_at + 1, k_name);
  const bool ends_in_flow = in == In::flow && std::string_view(",]}").find(peek()) != std::string_view::npos;
  if (!white_follows(0) && !ends_in_flow) {
    return refuse_at(m_source, node.span.begin,
                     {"unusual-property", "an alias with unusual characters", "write the value out"});
  }
  node.span.end = m_at;
  node.value = m_text.substr(node.span.begin + 1, node.span.size() - 1);
  return Done{};
}

Status Scan::node(NodeId id, In in, std::ptrdiff_t parent_column) {
  Node& node = m_tree.nodes[id];
  if (m_at != node.span.begin) return not_understood();
  // A block mapping has the mark of its first key; what stands there then belongs to the key.
  const bool first_keys = node.kind == Kind::mapping && node.style == Style::block && shares_mark_with_next(id, m_at);
  if (!first_keys && (peek() == '&' || peek() == '!')) KAUDIT_TRY_DO(property(node, in));
  return content(id, in, parent_column);
}

/// Whether the cursor is on text of the node; behind an anchor or tag there may be none.
bool Scan::has_text(const Node& node) const {
  if (node.kind == Kind::null) return null_word_at(m_at);
  return node.kind != Kind::scalar || !node.value.empty() ||
         std::string_view("\"'|>").find(peek()) != std::string_view::npos;
}

/// A value is indented deeper than its key or dash; a list may have its dashes in the column of its key. yaml-cpp
/// takes less in places, libyaml does not.
bool Scan::indented(const Node& node, std::ptrdiff_t parent_column) const {
  const bool list = node.kind == Kind::sequence && node.style == Style::block;
  const bool in_mapping = m_tree.nodes[node.parent].kind == Kind::mapping;
  if (!node.property.empty() && static_cast<std::ptrdiff_t>(column(node.property.begin)) <= parent_column) return false;
  const auto own = static_cast<std::ptrdiff_t>(column(node.span.begin));
  return own > parent_column || (list && in_mapping && own == parent_column);
}

/// The same for the further lines of a plain scalar: where one begins too far left.
std::optional<std::size_t> Scan::dedented_line(text::Span span, std::ptrdiff_t parent_column) const {
  for (std::size_t at = m_text.find('\n', span.begin); at < span.end; at = m_text.find('\n', at + 1)) {
    const std::size_t begin = m_text.find_first_not_of(" \t", at + 1);
    if (m_text[begin] == '\n' || m_text[begin] == '\r') continue;
    if (static_cast<std::ptrdiff_t>(begin - at - 1) <= parent_column) return begin;
  }
  return std::nullopt;
}

Status Scan::content(NodeId id, In in, std::ptrdiff_t parent_column) {
  Node& node = m_tree.nodes[id];
  node.span.begin = m_at;
  if (in == In::block && has_text(node) && !indented(node, parent_column)) return not_indented(m_at);
  switch (node.kind) {
    case Kind::null:
      return null(id);
    case Kind::scalar:
      return scalar(node, in, parent_column);
    case Kind::alias:
      return alias(node, in);
    case Kind::sequence:
      return node.style == Style::flow ? flow_sequence(id) : block_sequence(id);
    case Kind::mapping:
      break;
  }
  return node.style == Style::flow ? flow_mapping(id) : block_mapping(id);
}

Status Scan::null(NodeId id) {
  Node& node = m_tree.nodes[id];
  if (!null_word_at(m_at) || shares_mark_with_next(id, m_at)) {
    return refuse_at(
        m_source, node.property.empty() ? m_at : node.property.begin,
        {"property-without-value", "an anchor or tag without a value", "delete it, or write the value behind it"});
  }
  m_at += m_text[m_at] == '~' ? std::size_t{1} : std::size_t{4};
  node.span.end = m_at;
  return Done{};
}

Status Scan::scalar(Node& node, In in, std::ptrdiff_t parent_column) {
  std::optional<std::size_t> end;
  switch (peek()) {
    case '"':
      node.style = Style::double_quoted;
      end = double_quoted_end(m_text, m_at);
      break;
    case '\'':
      node.style = Style::single_quoted;
      end = single_quoted_end(m_text, m_at);
      break;
    case '|':
    case '>': {
      if (in == In::flow) return not_understood();
      node.style = peek() == '|' ? Style::literal : Style::folded;
      KAUDIT_TRY(block_end, block_scalar_end(m_source, m_at, parent_column, node.value));
      end = block_end;
      break;
    }
    default:
      if (node.value.empty() && !node.property.empty()) {
        return refuse_at(
            m_source, node.property.begin,
            {"property-without-value", "an anchor or tag without a value", "delete it, or write the value behind it"});
      }
      end = plain_end(m_text, m_at, node.value);
      break;
  }
  if (!end) return not_understood();
  m_at = *end;
  node.span.end = m_at;
  if (node.style == Style::plain && in == In::flow && is_marker(node.value)) {
    return refuse_at(
        m_source, node.span.begin,
        {"unusual-plain", "text between brackets that would be a marker at the start of a line or in front of a blank",
         "write it in quotes"});
  }
  if (node.style == Style::plain && in == In::block) {
    if (const auto line = dedented_line(node.span, parent_column)) return not_indented(*line);
  }
  return Done{};
}

}  // namespace kaudit::yaml
