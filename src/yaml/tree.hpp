#pragma once

#include <deque>
#include <vector>

#include "kaudit/yaml/document.hpp"

namespace kaudit::yaml {

/// A Document in the making. Nodes stand in the order in which they begin (a collection before its members, a key
/// before its value).
struct Tree {
  std::deque<Node> nodes;
  std::vector<Child> children;
};

}  // namespace kaudit::yaml
