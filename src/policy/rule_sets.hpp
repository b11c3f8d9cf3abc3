#pragma once

#include <cstdint>
#include <vector>

namespace kaudit::policy {

/// Rules are dealt with 64 at a time: a word has one bit for each.
inline constexpr std::uint32_t k_rules_in_word = 64;

/// A set of rules. Most are small and most policies have fewer than 65 rules: the first word is at hand, the others
/// that are not empty are a list in RuleSets.
struct RuleSet {
  std::uint64_t first = 0;
  std::uint32_t head = 0;  ///< of the list; 0: it is empty
  std::uint32_t tail = 0;
};

/// The later words of all sets.
class RuleSets {
 public:
  struct Node {
    std::uint64_t bits;
    std::uint32_t word;
    std::uint32_t next;
  };

  RuleSets() : m_nodes(1) { m_nodes[0].word = ~std::uint32_t{0}; }  // the end of every list is after every word

  /// Rules are added to a set in ascending order.
  void add(RuleSet& set, std::uint32_t rule) {
    const auto word = rule / k_rules_in_word;
    const auto bit = std::uint64_t{1} << (rule % k_rules_in_word);
    if (word == 0) {
      set.first |= bit;
    } else if (set.head != 0 && m_nodes[set.tail].word == word) {
      m_nodes[set.tail].bits |= bit;
    } else {
      append(set, {bit, word, 0});
    }
  }

  /// The bits of `word`; `at` is a place in a set's list that is not behind it, and moves there.
  [[nodiscard]] std::uint64_t bits(std::uint32_t& at, std::uint32_t word) const noexcept {
    while (m_nodes[at].word < word) at = m_nodes[at].next;
    return m_nodes[at].word == word ? m_nodes[at].bits : 0;
  }

 private:
  void append(RuleSet& set, Node node) {
    const auto at = static_cast<std::uint32_t>(m_nodes.size());
    m_nodes.push_back(node);
    if (set.head == 0) {
      set.head = at;
    } else {
      m_nodes[set.tail].next = at;
    }
    set.tail = at;
  }

  std::vector<Node> m_nodes;
};

}  // namespace kaudit::policy
