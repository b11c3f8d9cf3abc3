#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/random.hpp"

namespace kaudit::test {

/// A value tree to be written in some layout.
struct Model {
  enum class Kind { text, word, list, map };
  Kind kind = Kind::text;
  /// The text; of a word (8443, true) what is written as it is.
  std::string text;
  std::vector<Model> items;
  std::vector<std::pair<std::string, Model>> entries;

  static Model string(std::string text) { return {Kind::text, std::move(text), {}, {}}; }
  static Model word(std::string text) { return {Kind::word, std::move(text), {}, {}}; }
  static Model list(std::vector<Model> items) { return {Kind::list, {}, std::move(items), {}}; }
  static Model map(std::vector<std::pair<std::string, Model>> entries) {
    return {Kind::map, {}, {}, std::move(entries)};
  }
};

/// A static pod of kube-apiserver.
Model random_pod(Random& random);

}  // namespace kaudit::test
