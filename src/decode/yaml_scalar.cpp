#include "yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "kaudit/decode/base64.hpp"
#include "numbers.hpp"
#include "text_bytes.hpp"

namespace kaudit::decode {
namespace {

using Type = Scalar::Type;

/// A plain scalar's value and the tag yaml.v2 finds for it.
struct Found {
  Tag tag = Tag::str;
  Scalar scalar;
};

Scalar string_scalar(std::string_view text) {
  Scalar scalar;
  scalar.type = Type::string;
  scalar.string = text;
  return scalar;
}

Found boolean(bool value) {
  Found found{Tag::boolean, {}};
  found.scalar.type = Type::boolean;
  found.scalar.boolean = value;
  return found;
}

Found real(double value) {
  Found found{Tag::real, {}};
  found.scalar.type = Type::real;
  found.scalar.real = value;
  return found;
}

Found integer(std::int64_t value) {
  Found found{Tag::integer, {}};
  found.scalar.type = Type::integer;
  found.scalar.integer = value;
  return found;
}

Found unsigned_integer(std::uint64_t value) {
  Found found{Tag::integer, {}};
  found.scalar.type = Type::unsigned_integer;
  found.scalar.unsigned_integer = value;
  return found;
}

template <std::size_t Size>
bool is_one_of(std::string_view text, const std::array<std::string_view, Size>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// resolve.go resolveMap.
std::optional<Found> look_up(std::string_view text) {
  constexpr std::array<std::string_view, 5> k_null{"", "~", "null", "Null", "NULL"};
  constexpr std::array<std::string_view, 11> k_true{"y",    "Y",    "yes", "Yes", "YES", "true",
                                                    "True", "TRUE", "on",  "On",  "ON"};
  constexpr std::array<std::string_view, 11> k_false{"n",     "N",     "no",  "No",  "NO", "false",
                                                     "False", "FALSE", "off", "Off", "OFF"};
  constexpr std::array<std::string_view, 3> k_nan{".nan", ".NaN", ".NAN"};
  constexpr std::array<std::string_view, 3> k_infinity{".inf", ".Inf", ".INF"};
  constexpr std::size_t k_longest = 5;
  if (text.size() > k_longest) return std::nullopt;
  if (is_one_of(text, k_null)) return Found{Tag::null, {}};
  if (is_one_of(text, k_true)) return boolean(true);
  if (is_one_of(text, k_false)) return boolean(false);
  if (is_one_of(text, k_nan)) return real(std::numeric_limits<double>::quiet_NaN());
  const double infinity = std::numeric_limits<double>::infinity();
  if (is_one_of(text, k_infinity)) return real(infinity);
  const bool sign = text.front() == '+' || text.front() == '-';
  if (sign && is_one_of(text.substr(1), k_infinity)) return real(text.front() == '-' ? -infinity : infinity);
  return std::nullopt;
}

bool has_digit(std::string_view text, std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; }

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (has_digit(text, at)) ++at;
  return at;
}

/// `[eE][-+]?[0-9]+` or nothing, to the end of the text.
bool is_exponent(std::string_view text, std::size_t at) {
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  ++at;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  return has_digit(text, at) && skip_digits(text, at) == text.size();
}

/// resolve.go yamlStyleFloat: `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`.
bool is_yaml_float(std::string_view text) {
  std::size_t at = !text.empty() && (text.front() == '+' || text.front() == '-') ? 1 : 0;
  const std::size_t whole = skip_digits(text, at);
  if (whole == at && !(whole < text.size() && text[whole] == '.' && has_digit(text, whole + 1))) return false;
  at = whole < text.size() && text[whole] == '.' ? skip_digits(text, whole + 1) : whole;
  return is_exponent(text, at);
}

/// The underscores that strconv.ParseFloat takes: between two digits.
std::optional<std::string> without_inner_underscores(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      out += text[i];
    } else if (i == 0 || !has_digit(text, i - 1) || !has_digit(text, i + 1)) {
      return std::nullopt;
    }
  }
  return out;
}

/// A scalar that starts with a point and stands in no table.
Found after_point(std::string_view text) {
  const auto plain = without_inner_underscores(text);
  if (plain && is_yaml_float(*plain)) {
    if (const auto value = go_float(*plain)) return real(*value);
  }
  return {Tag::str, string_scalar(text)};
}

/// `YYYY-M-D` with a day that is in the calendar: the one form of resolve.go's timestamps that is modelled.
bool is_date(std::string_view text) {
  const std::size_t month_at = 5;
  const std::size_t month_end = skip_digits(text, month_at);
  const std::size_t day_end = skip_digits(text, month_end + 1);
  if (day_end != text.size() || month_end >= text.size() || text[month_end] != '-') return false;
  const std::string_view month_text = text.substr(month_at, month_end - month_at);
  const std::string_view day_text = text.substr(month_end + 1);
  if (month_text.empty() || month_text.size() > 2 || day_text.empty() || day_text.size() > 2) return false;
  const auto number = [](std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
  };
  constexpr std::array<int, 13> k_days{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int year = number(text.substr(0, 4));
  const int month = number(month_text);
  const int day = number(day_text);
  if (month < 1 || month > 12) return false;
  const bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day >= 1 && day <= k_days.at(static_cast<std::size_t>(month)) + (leap ? 1 : 0);
}

bool may_be_timestamp(std::string_view text) { return skip_digits(text, 0) == 4 && text.size() > 4 && text[4] == '-'; }

/// A scalar that starts with a digit or a sign and stands in no table.
Found number(std::string_view text) {
  std::string plain(text);
  plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
  if (const auto value = go_int(plain)) return integer(*value);
  if (const auto value = go_uint(plain)) return unsigned_integer(*value);
  if (is_yaml_float(plain)) {
    if (const auto value = go_float(plain)) return real(*value);
  }
  // strconv.ParseInt(plain[2:], 2, 64) takes a sign behind the prefix: `0b-101` is -5.
  if (plain.compare(0, 2, "0b") == 0) {
    if (const auto value = go_binary_int(std::string_view(plain).substr(2))) return integer(*value);
  }
  return {Tag::str, string_scalar(text)};
}

Found find(std::string_view text) {
  const char first = text.empty() ? '\0' : text.front();
  const bool numeric = first == '+' || first == '-' || (first >= '0' && first <= '9');
  const bool in_table = text.empty() || std::string_view("yYnNtTfFoO~").find(first) != std::string_view::npos;
  if (!numeric && !in_table && first != '.') return {Tag::str, string_scalar(text)};
  if (auto found = look_up(text)) return *std::move(found);
  if (first == '.') return after_point(text);
  return numeric ? number(text) : Found{Tag::str, string_scalar(text)};
}

std::string_view name_of(Tag tag) {
  switch (tag) {
    case Tag::boolean:
      return "!!bool";
    case Tag::integer:
      return "!!int";
    case Tag::real:
      return "!!float";
    case Tag::null:
      return "!!null";
    case Tag::timestamp:
      return "!!timestamp";
    default:
      return "!!str";
  }
}

ResolvedScalar refused(std::string_view text, Tag found, Tag wanted) {
  ResolvedScalar result;
  result.problem = "cannot decode " + std::string(name_of(found)) + " `" + std::string(text) + "` as a " +
                   std::string(name_of(wanted));
  return result;
}

ResolvedScalar resolve_timestamp(std::string_view text) {
  ResolvedScalar result;
  result.scalar = string_scalar(text);
  if (may_be_timestamp(text)) {
    result.not_modelled = !is_date(text);
    if (result.not_modelled) result.problem = "a !!timestamp other than a plain date";
    return result;
  }
  return refused(text, find(text).tag, Tag::timestamp);
}

ResolvedScalar resolve_binary(std::string_view text) {
  ResolvedScalar result;
  auto data = go_base64(text);
  if (!data) {
    result.problem = "!!binary value contains invalid base64 data";
    return result;
  }
  std::string valid = with_valid_utf8(*data);
  result.scalar = string_scalar(valid);
  result.scalar.replaced = valid != *data;
  return result;
}

}  // namespace

ResolvedScalar resolve_scalar(std::string_view text, Tag tag, bool implicit) {
  const bool quoted = tag == Tag::none && !implicit;
  if (quoted || tag == Tag::str || tag == Tag::other || tag == Tag::merge) return {string_scalar(text), {}, false};
  if (tag == Tag::binary) return resolve_binary(text);
  if (tag == Tag::timestamp) return resolve_timestamp(text);
  Found found = find(text);
  if (tag == Tag::real && found.scalar.type == Type::integer) {
    found = real(static_cast<double>(found.scalar.integer));
  }
  if (tag != Tag::none && tag != found.tag) return refused(text, found.tag, tag);
  return {std::move(found.scalar), {}, false};
}

}  // namespace kaudit::decode
