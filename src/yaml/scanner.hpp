#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "kaudit/base/result.hpp"
#include "kaudit/text/source.hpp"
#include "refusal.hpp"
#include "tree.hpp"

namespace kaudit::yaml {

/// The walk of scan(): one cursor over the text. Each function expects it where its piece begins and leaves it behind
/// that piece. Which columns and lines are checked follows libyaml where yaml-cpp is laxer.
class Scan {
 public:
  Scan(const text::Source& source, Tree& tree) : m_source(source), m_text(source.bytes()), m_tree(tree) {}

  Status document();

 private:
  /// Which style surrounds the cursor; what stands before it on its line.
  enum class In { block, flow };
  enum class After { dash, other };

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
  Status block_key(NodeId id, std::size_t keys);
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
  [[nodiscard]] bool has_text(const Node& node) const;
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

}  // namespace kaudit::yaml
