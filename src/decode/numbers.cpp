#include "numbers.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <system_error>

#include "kaudit/base/ascii.hpp"

namespace kaudit::decode {
namespace {

std::optional<std::uint64_t> digits(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Shortest digits (no point) and the decimal exponent of the first one, of a finite number other than zero.
struct Shortest {
  std::string digits;
  int exponent = 0;
};

template <typename Float>
Shortest shortest(Float value) {
  std::array<char, 64> buffer{};
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value), std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
  const std::size_t e = text.find('e');
  Shortest result;
  for (const char c : text.substr(0, e)) {
    if (c != '.') result.digits += c;
  }
  const std::string_view exponent = text.substr(e + 1);
  const bool negative = exponent.front() == '-';
  for (const char c : exponent.substr(1)) result.exponent = result.exponent * 10 + (c - '0');
  if (negative) result.exponent = -result.exponent;
  return result;
}

std::string with_exponent(const Shortest& number, std::size_t least_exponent_digits) {
  std::string text(1, number.digits.front());
  if (number.digits.size() > 1) text += '.' + number.digits.substr(1);
  text += number.exponent < 0 ? "e-" : "e+";
  const std::string exponent = std::to_string(std::abs(number.exponent));
  if (exponent.size() < least_exponent_digits) text += '0';
  return text + exponent;
}

std::string without_exponent(const Shortest& number) {
  if (number.exponent < 0) {
    return "0." + std::string(static_cast<std::size_t>(-number.exponent - 1), '0') + number.digits;
  }
  const auto whole = static_cast<std::size_t>(number.exponent) + 1;
  if (number.digits.size() <= whole) return number.digits + std::string(whole - number.digits.size(), '0');
  return number.digits.substr(0, whole) + '.' + number.digits.substr(whole);
}

/// Whether a decimal float that from_chars finds out of range is too large, rather than too small: the power of ten
/// of its first digit other than zero.
bool is_too_large(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, e);
  long long power = 0;
  bool seen = false;
  bool point = false;
  for (const char c : mantissa) {
    if (c == '.') point = true;
    if (!is_digit(c)) continue;
    seen = seen || c != '0';
    if (!point && seen) ++power;
    if (point && !seen) --power;
  }
  if (!seen || e == std::string_view::npos) return power > 0;
  const bool negative = text[e + 1] == '-';
  long long exponent = 0;
  for (const char c : text.substr(e + 1)) {
    if (is_digit(c) && exponent < std::numeric_limits<int>::max()) exponent = exponent * 10 + (c - '0');
  }
  return power + (negative ? -exponent : exponent) > 0;
}

}  // namespace

std::optional<std::uint64_t> go_uint(std::string_view text) {
  if (text.size() < 2 || text.front() != '0') return digits(text, 10);
  switch (text[1]) {
    case 'x':
    case 'X':
      return digits(text.substr(2), 16);
    case 'o':
    case 'O':
      return digits(text.substr(2), 8);
    case 'b':
    case 'B':
      return digits(text.substr(2), 2);
    default:
      return digits(text.substr(1), 8);
  }
}

namespace {

std::optional<std::int64_t> with_sign(std::string_view text,
                                      std::optional<std::uint64_t> (*magnitude_of)(std::string_view)) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  const auto magnitude = magnitude_of(text);
  constexpr std::uint64_t k_limit = std::uint64_t{1} << 63U;
  if (!magnitude || *magnitude > k_limit || (!negative && *magnitude == k_limit)) return std::nullopt;
  if (*magnitude == k_limit) return std::numeric_limits<std::int64_t>::min();
  const auto value = static_cast<std::int64_t>(*magnitude);
  return negative ? -value : value;
}

}  // namespace

std::optional<std::int64_t> go_int(std::string_view text) { return with_sign(text, go_uint); }

std::optional<std::int64_t> go_binary_int(std::string_view text) {
  return with_sign(text, [](std::string_view magnitude) { return digits(magnitude, 2); });
}

std::optional<double> go_float(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    if (is_too_large(text)) return std::nullopt;
    value = 0;
  }
  if (std::isinf(value)) return std::nullopt;
  return negative ? -value : value;
}

std::string json_float(double value) {
  // encoding/json encode.go floatEncoder.encode (Go 1.26): 'e' outside [1e-6, 1e21), and e-09 becomes e-9.
  const std::string sign = std::signbit(value) ? "-" : "";
  if (value == 0) return sign + "0";
  const Shortest number = shortest(value);
  const double magnitude = std::abs(value);
  const bool plain = magnitude >= 1e-6 && magnitude < 1e21;
  return sign + (plain ? without_exponent(number) : with_exponent(number, number.exponent < 0 ? 1 : 2));
}

std::string json_double(double value) {
  constexpr double k_two_to_53 = 9007199254740992.0;
  constexpr double k_two_to_64 = 18446744073709551616.0;
  const double magnitude = std::abs(value);
  if (magnitude < k_two_to_53 || magnitude >= k_two_to_64) return json_float(value);
  return (value < 0 ? "-" : "") + with_exponent(shortest(value), 2);
}

namespace {

/// internal/strconv ftoa.go (Go 1.26), formatDigits: %g with the shortest digits takes 6 for its precision.
template <typename Float>
std::string general(Float value) {
  const std::string sign = std::signbit(value) ? "-" : "";
  if (value == 0) return sign + "0";
  const Shortest number = shortest(value);
  const bool plain = number.exponent >= -4 && number.exponent < 6;
  return sign + (plain ? without_exponent(number) : with_exponent(number, 2));
}

}  // namespace

std::string go_float_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return general(value);
}

std::string key_float(double value) {
  if (std::isnan(value)) return ".nan";
  const auto narrow = static_cast<float>(value);
  if (std::isinf(narrow)) return narrow > 0 ? ".inf" : "-.inf";
  return general(narrow);
}

}  // namespace kaudit::decode
