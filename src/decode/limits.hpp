#pragma once

#include <cstddef>

namespace kaudit::decode {

/// How deep values may be nested, whatever the syntax. Sources: Go encoding/json scanner.go maxNestingDepth;
/// yaml.v2 scannerc.go max_flow_level and max_indents.
constexpr std::size_t k_deepest = 10000;

}  // namespace kaudit::decode
