#pragma once

#include <cstdint>

namespace kaudit::decode {

/// What becomes of a text that means one thing or another by the Go type it is read into: refused as "not-modelled", or
/// kept as it stands for a reader that knows the types.
enum class TypeDependent : std::uint8_t { refused, kept };

}  // namespace kaudit::decode
