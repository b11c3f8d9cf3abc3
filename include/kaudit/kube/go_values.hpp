#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace kaudit::kube {

/// What Go's strconv and time make of a flag's text: the value, or the error in Go's words.
template <typename T>
using Parsed = std::variant<T, std::string>;

/// strconv.ParseInt(text, 0, 64): base by prefix (`010` is 8, `0x10` is 16), `1_000` allowed.
[[nodiscard]] Parsed<std::int64_t> parse_int(std::string_view text);
/// strconv.ParseBool
[[nodiscard]] Parsed<bool> parse_bool(std::string_view text);
/// strconv.ParseFloat(text, 32)
[[nodiscard]] Parsed<float> parse_float32(std::string_view text);
/// time.ParseDuration, in nanoseconds.
[[nodiscard]] Parsed<std::int64_t> parse_duration(std::string_view whole);

/// A float32 as fmt's %v prints it.
[[nodiscard]] std::string print_float32(float value);

}  // namespace kaudit::kube
