#pragma once

#include <cstdint>
#include <string>

#include "yaml_input.hpp"

namespace kaudit::decode {

/// yamlh.go yaml_token_type_t.
enum class TokenKind : std::uint8_t {
  none,
  stream_start,
  stream_end,
  version_directive,
  tag_directive,
  document_start,
  document_end,
  block_sequence_start,
  block_mapping_start,
  block_end,
  flow_sequence_start,
  flow_sequence_end,
  flow_mapping_start,
  flow_mapping_end,
  block_entry,
  flow_entry,
  key,
  value,
  alias,
  anchor,
  tag,
  scalar
};

struct Token {
  TokenKind kind = TokenKind::none;
  Mark start;
  Mark end;
  /// Of a scalar its value, of an alias or anchor its name, of a tag or %TAG its handle.
  std::string value;
  /// Of a tag its suffix, of a %TAG its prefix.
  std::string suffix;
  /// Of a %YAML.
  int major = 0;
  int minor = 0;
  /// A scalar without quotes or header.
  bool plain = false;
};

}  // namespace kaudit::decode
