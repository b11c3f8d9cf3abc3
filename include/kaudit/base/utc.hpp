#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Moments as seconds since 1970-01-01T00:00:00Z, leap seconds left out, and their texts.
namespace kaudit {

/// "2026-01-31T12:00:00Z": RFC 3339 in UTC, to the second. From the year 0 to 9999; what lies outside is its border.
[[nodiscard]] std::string to_utc_text(double seconds);

/// The moment of an RFC 3339 text with `T`, a fraction of any length, and `Z` or an offset; nothing for anything else.
[[nodiscard]] std::optional<double> parse_utc_text(std::string_view text);

}  // namespace kaudit
