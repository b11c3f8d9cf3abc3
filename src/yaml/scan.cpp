#include "scan.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "refusal.hpp"
#include "scan_scalar.hpp"

namespace kaudit::yaml {
namespace {

enum class In { block, flow };
enum class After { dash, other };

constexpr std::string_view k_plainer = "write this part in plain block style (key: value, - item)";

constexpr std::string_view k_name = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
constexpr std::string_view k_tag = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/!<>,";

class Scan {
 public:
  Scan(const text::Source& source, Tree& tree) : m_source(source), m_text(source.bytes()), m_tree(tree) {}

  Status document();

 private:
  Status prologue();
  Status epilogue();
  Status gap(In in, After after);
  Status node(NodeId id, In in, std::ptrdiff_t parent_column);
  Status content(NodeId id, In in, std::ptrdiff_t parent_column);
  Status property(Node& node, In in);
  Status alias(Node& node, In in);
  Status null(NodeId id);
  Status scalar(Node& node, In in, std::ptrdiff_t parent_column);
  Status block_sequence(NodeId id);
  Status block_mapping(NodeId id);
  Status block_key(NodeId id, std::size_t column);
  Status block_value(NodeId id, std::size_t column, After after);
  Status flow_sequence(NodeId id);
  Status flow_mapping(NodeId id);
  Status flow_separator(bool last);
  Status flow_end(Node& node, char bracket);

  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0';
  }
  /// Behind an indicator: white space or the end.
  [[nodiscard]] bool white_follows(std::size_t ahead) const {
    return m_at + ahead >= m_text.size() || std::string_view(" \t\r\n").find(peek(ahead)) != std::string_view::npos;
  }
  [[nodiscard]] std::size_t column(std::size_t offset) const { return m_source.position(offset).column - 1; }
  [[nodiscard]] std::size_t mark(NodeId id) const { return m_tree.nodes[id].span.begin; }
  [[nodiscard]] bool shares_mark_with_next(NodeId id, std::size_t at) const {
    return id + 1 < m_tree.nodes.size() && mark(id + 1) == at;
  }
  [[nodiscard]] std::size_t name_end(std::size_t begin, std::string_view characters) const {
    return std::min(m_text.find_first_not_of(characters, begin), m_text.size());
  }
  [[nodiscard]] bool null_word_at(std::size_t at) const;
  [[nodiscard]] bool is_empty(NodeId id) const;
  [[nodiscard]] Child& child(NodeId id, std::size_t index) {
    return m_tree.children[m_tree.nodes[id].first_child + index];
  }
  [[nodiscard]] bool indented(const Node& node, std::ptrdiff_t parent_column) const;
  [[nodiscard]] std::optional<std::size_t> dedented_line(text::Span span, std::ptrdiff_t parent_column) const;
  [[nodiscard]] Error not_understood() const;
  [[nodiscard]] Error not_indented(std::size_t offset) const {
    return refuse_at(m_source, offset,
                     {"indentation", "not indented deeper than what it belongs to", "indent it with more blanks"});
  }
  [[nodiscard]] Error tab(std::size_t offset) const {
    return refuse_at(m_source, offset, {"tab-indentation", "a tab as indentation or behind `-`", "use blanks"});
  }

  const text::Source& m_source;
  std::string_view m_text;
  Tree& m_tree;
  std::size_t m_at = 0;
};

/// The cursor stands on something that the tree does not have there.
Error Scan::not_understood() const {
  if (peek() == '?' && white_follows(1)) {
    return refuse_at(m_source, m_at, {"explicit-key", "an explicit key (`? key`)", "write it as `key: value`"});
  }
  if (peek() == '%') {
    return refuse_at(m_source, m_at,
                     {"directive", "a YAML directive", "delete the line: Kubernetes refuses %YAML and needs no %TAG"});
  }
  if (m_at >= m_text.size()) {
    return refuse_at(m_source, m_at,
                     {"not-understood", "the text ends where more was expected", std::string(k_plainer)});
  }
  return refuse_at(
      m_source, m_at,
      {"not-understood", "the text from here on cannot be matched to the YAML tree", std::string(k_plainer)});
}

/// Moves over white space and comments. In block style a tab is never part of an indentation: libyaml rejects it,
/// yaml-cpp does not always.
Status Scan::gap(In in, After after) {
  bool indentation = after == After::dash;
  while (m_at < m_text.size()) {
    switch (m_text[m_at]) {
      case '\n':
        indentation = true;
        break;
      case '\t':
        if (indentation && in == In::block) return tab(m_at);
        break;
      case '#':
        m_at = std::min(m_text.find('\n', m_at), m_text.size());
        continue;
      case ' ':
      case '\r':
        break;
      default:
        return Done{};
    }
    ++m_at;
  }
  return Done{};
}

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

Status Scan::prologue() {
  m_at = m_source.bom_size();
  const In in = m_tree.nodes[0].style == Style::flow ? In::flow : In::block;
  KAUDIT_TRY_DO(gap(in, After::dash));
  if (m_text.substr(m_at, 3) != "---" || column(m_at) != 0 || !white_follows(3)) return Done{};
  const std::size_t marker_line = m_source.line_index(m_at);
  m_at += 3;
  KAUDIT_TRY_DO(gap(in, After::other));
  if (m_tree.nodes[0].style == Style::block && m_source.line_index(m_at) == marker_line) {
    return refuse_at(m_source, m_at,
                     {"not-understood", "the document begins on the line of its `---`", "put it on the next line"});
  }
  return Done{};
}

Status Scan::epilogue() {
  const In in = m_tree.nodes[0].style == Style::flow ? In::flow : In::block;
  KAUDIT_TRY_DO(gap(in, After::other));
  if (m_text.substr(m_at, 3) == "..." && column(m_at) == 0 && white_follows(3)) {
    m_at += 3;
    KAUDIT_TRY_DO(gap(in, After::other));
  }
  if (m_at < m_text.size()) return not_understood();
  return Done{};
}

Status Scan::document() {
  KAUDIT_TRY_DO(prologue());
  if (is_empty(0)) {
    return refuse_at(m_source, m_at, {"no-document", "the document is empty", "name the file that holds the manifest"});
  }
  KAUDIT_TRY_DO(node(0, In::block, -1));
  return epilogue();
}

/// Anchors and tags of the characters that every reader takes for part of them, and white space behind each: where
/// `!a|` or `!a,b` end is a matter of opinion.
Status Scan::property(Node& node, In in) {
  node.property = {m_at, m_at};
  while (peek() == '&' || peek() == '!') {
    const std::size_t begin = m_at;
    m_at = name_end(begin + 1, peek() == '&' ? k_name : k_tag);
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

/// A value is indented deeper than its key or dash; a list may have its dashes in the column of its key. yaml-cpp
/// takes less in places, libyaml does not.
bool Scan::indented(const Node& node, std::ptrdiff_t parent_column) const {
  const bool list = node.kind == Kind::sequence && node.style == Style::block;
  const bool in_mapping = m_tree.nodes[node.parent].kind == Kind::mapping;
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
  const bool has_text = node.kind != Kind::null && (node.kind != Kind::scalar || !node.value.empty());
  if (in == In::block && has_text && !indented(node, parent_column)) return not_indented(m_at);
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
  if (node.style == Style::plain && in == In::block) {
    if (const auto line = dedented_line(node.span, parent_column)) return not_indented(*line);
  }
  return Done{};
}

Status Scan::block_value(NodeId id, std::size_t column, After after) {
  if (is_empty(id)) {
    m_tree.nodes[id].span = {m_at, m_at};
    const std::size_t behind = m_text.find_first_not_of(' ', m_at);
    if (after == After::dash && behind != std::string_view::npos && m_text[behind] == '\t') return tab(behind);
    return Done{};
  }
  KAUDIT_TRY_DO(gap(In::block, after));
  return node(id, In::block, static_cast<std::ptrdiff_t>(column));
}

Status Scan::block_sequence(NodeId id) {
  const std::size_t dashes = column(m_at);
  const std::size_t count = m_tree.nodes[id].child_count;
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) KAUDIT_TRY_DO(gap(In::block, After::other));
    if (peek() != '-' || !white_follows(1) || column(m_at) != dashes) return not_understood();
    child(id, i).indicator = m_at++;
    KAUDIT_TRY_DO(block_value(child(id, i).value, dashes, After::dash));
  }
  m_tree.nodes[id].span.end = m_at;
  return Done{};
}

/// A key of a block mapping, up to its `:`. It is a scalar or alias on one line.
Status Scan::block_key(NodeId id, std::size_t keys) {
  if (is_empty(id) || column(m_at) != keys) return not_understood();
  KAUDIT_TRY_DO(node(id, In::block, static_cast<std::ptrdiff_t>(keys) - 1));
  const Node& key = m_tree.nodes[id];
  const bool simple = key.kind != Kind::sequence && key.kind != Kind::mapping && key.style != Style::literal &&
                      key.style != Style::folded;
  if (!simple || m_source.text(key.span).find('\n') != std::string_view::npos) {
    return refuse_at(m_source, key.span.begin,
                     {"complex-key", "a key that is not a single word or string", "write it as `key: value`"});
  }
  m_at = std::min(m_text.find_first_not_of(" \t", m_at), m_text.size());
  if (peek() != ':' || !white_follows(1)) return not_understood();
  return Done{};
}

Status Scan::block_mapping(NodeId id) {
  const std::size_t keys = column(m_at);
  const std::size_t count = m_tree.nodes[id].child_count;
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) KAUDIT_TRY_DO(gap(In::block, After::other));
    KAUDIT_TRY_DO(block_key(child(id, i).key, keys));
    child(id, i).indicator = m_at++;
    KAUDIT_TRY_DO(block_value(child(id, i).value, keys, After::other));
  }
  m_tree.nodes[id].span.end = m_at;
  return Done{};
}

/// Behind a member of a flow collection: its `,`, which only the last may lack.
Status Scan::flow_separator(bool last) {
  KAUDIT_TRY_DO(gap(In::flow, After::other));
  if (peek() == ',') {
    ++m_at;
    return gap(In::flow, After::other);
  }
  if (!last) return not_understood();
  return Done{};
}

Status Scan::flow_end(Node& node, char bracket) {
  if (peek() != bracket) return not_understood();
  node.span.end = ++m_at;
  return Done{};
}

Status Scan::flow_sequence(NodeId id) {
  if (peek() != '[') return not_understood();
  ++m_at;
  KAUDIT_TRY_DO(gap(In::flow, After::other));
  const std::size_t count = m_tree.nodes[id].child_count;
  for (std::size_t i = 0; i < count; ++i) {
    const NodeId item = child(id, i).value;
    if (is_empty(item)) {
      return refuse_at(m_source, m_at,
                       {"empty-flow-item", "an item without text between brackets", "write null, or delete the comma"});
    }
    child(id, i).indicator = m_at;
    KAUDIT_TRY_DO(node(item, In::flow, -1));
    KAUDIT_TRY_DO(flow_separator(i + 1 == count));
  }
  return flow_end(m_tree.nodes[id], ']');
}

Status Scan::flow_mapping(NodeId id) {
  if (peek() != '{') {
    return refuse_at(
        m_source, m_at,
        {"single-pair-mapping", "a mapping without braces in a list, `[key: value]`", "write `[{key: value}]`"});
  }
  ++m_at;
  KAUDIT_TRY_DO(gap(In::flow, After::other));
  const std::size_t count = m_tree.nodes[id].child_count;
  for (std::size_t i = 0; i < count; ++i) {
    const Child entry = child(id, i);
    if (is_empty(entry.key)) return not_understood();
    KAUDIT_TRY_DO(node(entry.key, In::flow, -1));
    const Node& key = m_tree.nodes[entry.key];
    if (key.kind == Kind::sequence || key.kind == Kind::mapping) {
      return refuse_at(m_source, key.span.begin,
                       {"complex-key", "a key that is a list or mapping", "write it as `key: value`"});
    }
    KAUDIT_TRY_DO(gap(In::flow, After::other));
    if (peek() != ':') {
      return refuse_at(m_source, key.span.begin,
                       {"key-without-value", "a key without a value between braces", "write `key: null`"});
    }
    child(id, i).indicator = m_at++;
    if (is_empty(entry.value)) {
      m_tree.nodes[entry.value].span = {m_at, m_at};
    } else {
      KAUDIT_TRY_DO(gap(In::flow, After::other));
      KAUDIT_TRY_DO(node(entry.value, In::flow, -1));
    }
    KAUDIT_TRY_DO(flow_separator(i + 1 == count));
  }
  return flow_end(m_tree.nodes[id], '}');
}

}  // namespace

Status scan(const text::Source& source, Tree& tree) { return Scan(source, tree).document(); }

}  // namespace kaudit::yaml
