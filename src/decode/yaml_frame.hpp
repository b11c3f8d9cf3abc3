#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "kaudit/decode/value.hpp"
#include "yaml_object.hpp"

namespace kaudit::decode {

inline constexpr std::uint32_t k_no_alias = 0xFFFFFFFFU;

/// A collection being decoded.
struct Frame {
  enum class Kind : std::uint8_t {
    sequence,
    mapping,
    /// A mapping under `<<`: its entries go to frame `target`.
    merge,
    /// A list under `<<`, whose mappings are merged from the last to the first.
    merge_list,
  };

  Kind kind = Kind::sequence;
  std::uint32_t next = 0;
  std::uint32_t end = 0;
  std::size_t offset = 0;
  /// The alias that led here.
  std::uint32_t alias = k_no_alias;
  /// The mapping frame that takes the entries; itself for a mapping.
  std::size_t target = 0;
  bool has_key = false;
  YamlEntry entry;
  Value::Array items;
  std::vector<YamlEntry> entries;
  std::vector<std::uint32_t> merged;
  std::int32_t finding = k_no_finding;
};

/// `rules[0].resources[1]`: the place of what is decoded inside these, the outermost first.
[[nodiscard]] std::string path_of(const std::vector<Frame>& frames);

}  // namespace kaudit::decode
