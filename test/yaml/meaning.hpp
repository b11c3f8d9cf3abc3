#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kaudit/yaml/document.hpp"
#include "kaudit/yaml/editor.hpp"

namespace kaudit::test {

/// What a document says, without its looks: for comparing before and after.
struct Meaning {
  /// A word is a plain scalar that YAML does not take for a string: true, 8443.
  enum class Kind { null, word, string, list, map };
  Kind kind = Kind::null;
  std::string text;
  std::vector<Meaning> items;
  std::vector<std::pair<std::string, Meaning>> entries;
  friend bool operator==(const Meaning&, const Meaning&) = default;
};

/// Of one node; collections come without their members.
Meaning meaning_alone(const yaml::Document& document, yaml::NodeId id);
Meaning meaning_of(const yaml::Document& document, yaml::NodeId id);
Meaning meaning_of(const yaml::Fragment& fragment);

/// For messages.
std::string to_text(const Meaning& meaning);

}  // namespace kaudit::test
