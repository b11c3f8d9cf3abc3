#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::decode {

/// The tags that yaml.v2 looks at; every other one makes a scalar a string.
enum class Tag : std::uint8_t { none, str, boolean, integer, real, null, timestamp, binary, merge, other };

/// The tag that the parser reports as `tag`; "" for none.
[[nodiscard]] Tag tag_of(std::string_view tag);

/// One node of the document. A collection is followed by what it holds.
struct TapeNode {
  enum class Kind : std::uint8_t { scalar, alias, sequence, mapping };

  /// Byte offset into the Source.
  std::uint32_t offset = 0;
  /// As yaml.v2 counts lines, from 1.
  std::uint32_t line = 0;
  /// Scalar: where its value lies in Tape::text.
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
  /// Collection: index behind the last node it holds. Alias: index of the node it stands for.
  std::uint32_t link = 0;
  Kind kind = Kind::scalar;
  Tag tag = Tag::none;
  /// Scalar: written plain without a tag, or with the tag `!` (yaml.v2 calls both implicit).
  bool implicit = false;
  /// Collection: in brackets.
  bool flow = false;
};

/// The first document of a YAML text, as its nodes in the order of the text. Aliases are resolved to node indices.
struct Tape {
  /// Empty for a stream without a document.
  std::vector<TapeNode> nodes;
  /// The values of the scalars.
  std::string text;

  [[nodiscard]] std::string_view value(const TapeNode& node) const {
    return std::string_view(text).substr(node.begin, node.size);
  }
  /// Index of the node that follows node `index` and all it holds.
  [[nodiscard]] std::uint32_t behind(std::uint32_t index) const {
    const TapeNode& node = nodes[index];
    const bool collection = node.kind == TapeNode::Kind::sequence || node.kind == TapeNode::Kind::mapping;
    return collection ? node.link : index + 1;
  }
};

/// Reads the first document as yaml.v2's reader, scanner and parser do (yaml_input.hpp, yaml_scanner.hpp,
/// yaml_parser.hpp).
[[nodiscard]] Result<Tape> read_tape(const text::Source& source);

}  // namespace kaudit::decode
