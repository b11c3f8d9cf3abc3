#include "kaudit/kube/go_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "kaudit/base/ascii.hpp"
#include "kaudit/kube/pod_rules.hpp"

namespace kaudit::kube {
namespace {

char lower(char c) { return static_cast<char>(static_cast<unsigned char>(c) | 0x20U); }
bool is_hex_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'f'; }

constexpr std::uint64_t k_least_int64 = std::uint64_t{1} << 63U;

std::string number_error(std::string_view function, std::string_view text, std::string_view reason) {
  return "strconv." + std::string(function) + ": parsing " + go_quote(text) + ": " + std::string(reason);
}

/// strconv underscoreOK: every underscore stands between digits, a base prefix counting as one.
bool underscores_ok(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  char saw = '^';
  std::size_t i = 0;
  bool hex = false;
  if (text.size() >= 2 && text[0] == '0' && (lower(text[1]) == 'b' || lower(text[1]) == 'o' || lower(text[1]) == 'x')) {
    i = 2;
    saw = '0';
    hex = lower(text[1]) == 'x';
  }
  for (; i < text.size(); ++i) {
    if (is_digit(text[i]) || (hex && is_hex_letter(text[i]))) {
      saw = '0';
    } else if (text[i] == '_') {
      if (saw != '0') return false;
      saw = '_';
    } else {
      if (saw == '_') return false;
      saw = '!';
    }
  }
  return saw != '_';
}

enum class NumberFault { syntax, range };
using Magnitude = std::variant<std::uint64_t, NumberFault>;

/// strconv ParseUint(text, 0, 64)
Magnitude parse_magnitude(std::string_view whole) {
  std::string_view text = whole;
  if (text.empty()) return NumberFault::syntax;
  unsigned base = 10;
  if (text[0] == '0') {
    const char prefix = text.size() >= 3 ? lower(text[1]) : '\0';
    base = prefix == 'b' ? 2 : prefix == 'x' ? 16 : 8;
    text.remove_prefix(prefix == 'b' || prefix == 'o' || prefix == 'x' ? 2 : 1);
  }
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  bool underscores = false;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c == '_') {
      underscores = true;
      continue;
    }
    unsigned digit = 0;
    if (is_digit(c)) {
      digit = static_cast<unsigned>(c - '0');
    } else if (lower(c) >= 'a' && lower(c) <= 'z') {
      digit = static_cast<unsigned>(lower(c) - 'a') + 10;
    } else {
      return NumberFault::syntax;
    }
    if (digit >= base) return NumberFault::syntax;
    if (value > max / base) return NumberFault::range;
    value *= base;
    if (value > max - digit) return NumberFault::range;
    value += digit;
  }
  if (underscores && !underscores_ok(whole)) return NumberFault::syntax;
  return value;
}

/// Length of the number at the start of `text` by the grammar of strconv readFloat; nothing if there is none.
std::optional<std::size_t> float_length(std::string_view text) {
  std::size_t i = 0;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) i = 1;
  const bool hex = i + 2 < text.size() && text[i] == '0' && lower(text[i + 1]) == 'x';
  if (hex) i += 2;
  bool dot = false;
  bool digits = false;
  for (; i < text.size(); ++i) {
    if (text[i] == '_') continue;
    if (text[i] == '.') {
      if (dot) break;
      dot = true;
    } else if (is_digit(text[i]) || (hex && is_hex_letter(text[i]))) {
      digits = true;
    } else {
      break;
    }
  }
  if (!digits) return std::nullopt;
  if (i < text.size() && lower(text[i]) == (hex ? 'p' : 'e')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (i >= text.size() || !is_digit(text[i])) return std::nullopt;
    while (i < text.size() && (is_digit(text[i]) || text[i] == '_')) ++i;
  } else if (hex) {
    return std::nullopt;
  }
  const std::string_view number = text.substr(0, i);
  if (number.find('_') != std::string_view::npos && !underscores_ok(number)) return std::nullopt;
  return i;
}

/// strconv special: inf, infinity, nan in any case, the first two with a sign.
std::optional<float> special_float(std::string_view text) {
  std::string word = lower_case(text);
  if (word == "nan") return std::numeric_limits<float>::quiet_NaN();
  const bool negative = word.starts_with('-');
  if (negative || word.starts_with('+')) word.erase(0, 1);
  if (word != "inf" && word != "infinity") return std::nullopt;
  const float infinite = std::numeric_limits<float>::infinity();
  return negative ? -infinite : infinite;
}

}  // namespace

Parsed<std::int64_t> parse_int(std::string_view text) {
  const bool negative = text.starts_with('-');
  const bool is_signed = negative || text.starts_with('+');
  const Magnitude parsed = parse_magnitude(is_signed ? text.substr(1) : text);
  const auto* magnitude = std::get_if<std::uint64_t>(&parsed);
  if (magnitude == nullptr && std::get<NumberFault>(parsed) == NumberFault::syntax) {
    return number_error("ParseInt", text, "invalid syntax");
  }
  if (magnitude == nullptr || *magnitude > k_least_int64 || (*magnitude == k_least_int64 && !negative)) {
    return number_error("ParseInt", text, "value out of range");
  }
  return static_cast<std::int64_t>(negative ? 0 - *magnitude : *magnitude);
}

Parsed<bool> parse_bool(std::string_view text) {
  for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return false;
  }
  return number_error("ParseBool", text, "invalid syntax");
}

Parsed<float> parse_float32(std::string_view text) {
  if (const auto special = special_float(text)) return *special;
  const auto length = float_length(text);
  if (!length || *length != text.size()) return number_error("ParseFloat", text, "invalid syntax");
  std::string digits;
  for (const char c : text) {
    if (c != '_') digits += c;
  }
  bool negative = false;
  if (digits.front() == '+' || digits.front() == '-') {
    negative = digits.front() == '-';
    digits.erase(0, 1);
  }
  std::chars_format format = std::chars_format::general;
  if (digits.size() > 1 && digits[0] == '0' && lower(digits[1]) == 'x') {
    format = std::chars_format::hex;
    digits.erase(0, 2);
  }
  float value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, format);
  if (parsed.ec == std::errc::result_out_of_range) {
    // from_chars does not say on which side; a double does for every text a person would write.
    double wide = 0;
    const auto again = std::from_chars(digits.data(), digits.data() + digits.size(), wide, format);
    const bool tiny = again.ec == std::errc{} ? wide < 1 : digits.find('-') != std::string::npos;
    if (!tiny) return number_error("ParseFloat", text, "value out of range");
    value = again.ec == std::errc{} ? static_cast<float>(wide) : 0.0F;
  }
  return negative ? -value : value;
}

std::string print_float32(float value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 64> buffer{};
  // %v is %g with the shortest digits, and the exponent form outside 1e-4 … 1e6.
  const float size = std::fabs(value);
  const bool plain = size == 0.0F || (size >= 1e-4F && size < 1e6F);
  const auto printed = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                     plain ? std::chars_format::fixed : std::chars_format::scientific);
  return {buffer.data(), printed.ptr};
}

}  // namespace kaudit::kube
