#include "scan.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "scanner.hpp"

namespace kaudit::yaml {
namespace {

constexpr std::string_view k_plainer = "write this part in plain block style (key: value, - item)";

}  // namespace

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

Status scan(const text::Source& source, Tree& tree) { return Scan(source, tree).document(); }

}  // namespace kaudit::yaml
