#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yaml_tape.hpp"

namespace kaudit::decode {

/// What yaml.v2 makes of a scalar when it decodes into interface{}.
struct Scalar {
  enum class Type : std::uint8_t { null, boolean, integer, unsigned_integer, real, string };

  Type type = Type::null;
  bool boolean = false;
  std::int64_t integer = 0;
  /// Above the largest int64 only.
  std::uint64_t unsigned_integer = 0;
  double real = 0;
  std::string string;
  /// A !!binary string that was not UTF-8: encoding/json has put U+FFFD in.
  bool replaced = false;
};

struct ResolvedScalar {
  Scalar scalar;
  /// Why yaml.v2 refuses it, in its words; empty: it does not.
  std::string problem;
  /// Whether it refuses is not known here (only with a problem).
  bool not_modelled = false;
};

/// decode.go decoder.scalar and resolve.go resolve: `implicit` as the parser says it.
[[nodiscard]] ResolvedScalar resolve_scalar(std::string_view text, Tag tag, bool implicit);

}  // namespace kaudit::decode
