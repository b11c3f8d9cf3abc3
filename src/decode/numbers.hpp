#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Go's readings and spellings of numbers (package strconv, and encoding/json's of floats).
namespace kaudit::decode {

/// strconv.ParseInt and ParseUint with base 0: an optional sign (signed only), `0x`, `0o`, `0b` or a leading `0` for
/// octal. The underscores must be gone. Nothing when it is no such number or out of range.
[[nodiscard]] std::optional<std::int64_t> go_int(std::string_view text);
[[nodiscard]] std::optional<std::uint64_t> go_uint(std::string_view text);

/// A sign or none and binary digits: strconv.ParseInt with base 2.
[[nodiscard]] std::optional<std::int64_t> go_binary_int(std::string_view text);

/// A decimal float whose form the caller has checked. Nothing when it is larger than a float64 (strconv.ErrRange);
/// too small is zero.
[[nodiscard]] std::optional<double> go_float(std::string_view text);

/// A float64 as encoding/json writes it: the shortest digits that read back, without exponent from 1e-6 up to 1e21.
[[nodiscard]] std::string json_float(double value);

/// The same, but never digits alone that a reader of integers would take for another number: the shortest digits of
/// 2^60 + 256 end in zeros, and are not its value.
[[nodiscard]] std::string json_double(double value);

/// A float64 as Go's %v prints it.
[[nodiscard]] std::string go_float_text(double value);

/// A float64 key as sigs.k8s.io/yaml makes text of it: strconv.FormatFloat(value, 'g', -1, 32), so as a float32.
[[nodiscard]] std::string key_float(double value);

}  // namespace kaudit::decode
