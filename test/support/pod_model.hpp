#pragma once

#include <string>
#include <vector>

#include "support/random.hpp"

namespace kaudit::test {

struct ModelEntry;

/// A value tree to be written in some layout.
struct Model {
  enum class Kind { text, word, list, map };
  Kind kind = Kind::text;
  /// The text; of a word (8443, true) what is written as it is.
  std::string text;
  std::vector<Model> items;
  std::vector<ModelEntry> entries;

  static Model string(std::string text);
  static Model word(std::string text);
  static Model list(std::vector<Model> items);
  static Model map(std::vector<ModelEntry> entries);
};

struct ModelEntry {
  std::string key;
  Model value;
};

/// A static pod of kube-apiserver.
Model random_pod(Random& random);

}  // namespace kaudit::test
