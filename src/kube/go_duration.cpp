// time.ParseDuration; source: Go's time/format.go.
#include <algorithm>
#include <array>
#include <optional>

#include "kaudit/base/ascii.hpp"
#include "kaudit/kube/go_values.hpp"

namespace kaudit::kube {
namespace {

/// time's own quote(): simpler than strconv's.
std::string quote_for_time(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80U || byte < 0x20U) {
      quoted += "\\x";
      quoted += digits[byte >> 4U];
      quoted += digits[byte & 0xFU];
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::optional<std::uint64_t> unit_of(std::string_view name) {
  struct Unit {
    std::string_view name;
    std::uint64_t nanoseconds;
  };
  static constexpr std::array<Unit, 8> k_units{{{"ns", 1},
                                                {"us", 1'000},
                                                {"\xC2\xB5s", 1'000},  // U+00B5, micro sign
                                                {"\xCE\xBCs", 1'000},  // U+03BC, Greek mu
                                                {"ms", 1'000'000},
                                                {"s", 1'000'000'000},
                                                {"m", 60'000'000'000},
                                                {"h", 3'600'000'000'000}}};
  for (const Unit& unit : k_units) {
    if (unit.name == name) return unit.nanoseconds;
  }
  return std::nullopt;
}

constexpr std::uint64_t k_two_to_63 = std::uint64_t{1} << 63U;

/// The digits before the point; nothing when they overflow.
std::optional<std::uint64_t> take_integer(std::string_view& text) {
  std::uint64_t value = 0;
  while (!text.empty() && is_digit(text.front())) {
    if (value > k_two_to_63 / 10) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(text.front() - '0');
    if (value > k_two_to_63) return std::nullopt;
    text.remove_prefix(1);
  }
  return value;
}

struct Fraction {
  std::uint64_t digits = 0;
  double scale = 1;
};

/// The digits behind the point; those that do not fit are ignored.
Fraction take_fraction(std::string_view& text) {
  Fraction fraction;
  bool full = false;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    if (full || fraction.digits > (k_two_to_63 - 1) / 10) {
      full = true;
      continue;
    }
    fraction.digits = fraction.digits * 10 + static_cast<std::uint64_t>(text.front() - '0');
    fraction.scale *= 10;
  }
  return fraction;
}

}  // namespace

Parsed<std::int64_t> parse_duration(std::string_view whole) {
  const auto fail = [whole](const std::string& what) { return "time: " + what + " " + quote_for_time(whole); };
  std::string_view text = whole;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return std::int64_t{0};
  if (text.empty()) return fail("invalid duration");
  std::uint64_t total = 0;
  while (!text.empty()) {
    if (text.front() != '.' && !is_digit(text.front())) return fail("invalid duration");
    const std::size_t before = text.size();
    const auto integer = take_integer(text);
    if (!integer) return fail("invalid duration");
    bool any_digit = text.size() != before;
    Fraction fraction;
    if (text.starts_with('.')) {
      text.remove_prefix(1);
      const std::size_t before_fraction = text.size();
      fraction = take_fraction(text);
      any_digit = any_digit || text.size() != before_fraction;
    }
    if (!any_digit) return fail("invalid duration");
    const std::size_t unit_size = std::min(text.find_first_of(".0123456789"), text.size());
    if (unit_size == 0) return fail("missing unit in duration");
    const std::string_view name = text.substr(0, unit_size);
    text.remove_prefix(unit_size);
    const auto unit = unit_of(name);
    if (!unit) return fail("unknown unit " + quote_for_time(name) + " in duration");
    if (*integer > k_two_to_63 / *unit) return fail("invalid duration");
    std::uint64_t part = *integer * *unit;
    if (fraction.digits > 0) {
      part += static_cast<std::uint64_t>(static_cast<double>(fraction.digits) *
                                         (static_cast<double>(*unit) / fraction.scale));
      if (part > k_two_to_63) return fail("invalid duration");
    }
    if (part > k_two_to_63 - total) return fail("invalid duration");
    total += part;
  }
  if (!negative && total == k_two_to_63) return fail("invalid duration");
  return static_cast<std::int64_t>(negative ? 0 - total : total);
}

}  // namespace kaudit::kube
