#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/random.hpp"

#include "kaudit/yaml/document.hpp"
#include "kaudit/yaml/editor.hpp"
#include "yaml/meaning.hpp"

namespace kaudit::test {

enum class Removals { yes, no };

/// A round of changes to one document, and what the document must mean after it.
class RandomChanges {
 public:
  RandomChanges(const yaml::Document& document, Random& random) : m_document(document), m_random(random) {}

  /// Adds one change somewhere, or none where it would contradict those made already.
  void add(Removals removals);

  /// An insertion behind the last member of this collection, and nothing else.
  void append_to(yaml::NodeId node) { insert(node, m_document.node(node).child_count); }

  void tell(yaml::Editor& editor) const;
  [[nodiscard]] Meaning expected() const { return expected(m_document.root()); }

 private:
  struct Insertion {
    std::size_t before;
    std::string key;
    yaml::Fragment value;
  };

  void insert(yaml::NodeId node, std::size_t before);
  void remove(yaml::NodeId node);
  void replace(yaml::NodeId node);
  yaml::Fragment fragment(std::size_t depth);
  [[nodiscard]] bool removed_above(yaml::NodeId node) const;
  [[nodiscard]] bool changed_below(yaml::NodeId node) const;
  [[nodiscard]] Meaning expected(yaml::NodeId node) const;

  const yaml::Document& m_document;
  Random& m_random;
  std::map<yaml::NodeId, std::vector<Insertion>> m_insertions;
  std::map<yaml::NodeId, std::vector<bool>> m_removals;
  std::map<yaml::NodeId, yaml::Fragment> m_replacements;
  std::size_t m_keys = 0;
};

}  // namespace kaudit::test
