#include "kaudit/base/utc.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>

#include "kaudit/base/ascii.hpp"

namespace kaudit {
namespace {

constexpr double k_minute = 60;
constexpr double k_hour = 3600;
constexpr double k_day = 86400;

/// The shape of a moment up to its seconds: d is a digit.
constexpr std::string_view k_shape = "dddd-dd-ddTdd:dd:dd";

bool has_shape(std::string_view text, std::string_view shape) {
  return text.size() == shape.size() && std::equal(text.begin(), text.end(), shape.begin(),
                                                   [](char c, char s) { return s == 'd' ? is_digit(c) : c == s; });
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

/// ".123" → 0.123, and how many characters that were; none: there is no fraction.
double fraction_in(std::string_view& rest) {
  if (rest.size() < 2 || rest[0] != '.' || !is_digit(rest[1])) return 0;
  double value = 0;
  double unit = 1;
  rest.remove_prefix(1);
  while (!rest.empty() && is_digit(rest[0])) {
    unit /= 10;
    value += unit * (rest[0] - '0');
    rest.remove_prefix(1);
  }
  return value;
}

/// Seconds that an offset is ahead of UTC.
std::optional<double> offset_in(std::string_view text) {
  if (text == "Z") return 0;
  if (!has_shape(text, "+dd:dd") && !has_shape(text, "-dd:dd")) return std::nullopt;
  const double ahead = number(text.substr(1, 2)) * k_hour + number(text.substr(4, 2)) * k_minute;
  return text[0] == '-' ? -ahead : ahead;
}

}  // namespace

std::string to_utc_text(double seconds) {
  constexpr double k_first = -62167219200;  // the year 0
  constexpr double k_last = 253402300799;   // the end of 9999
  const double bounded = std::isnan(seconds) ? 0 : std::clamp(std::floor(seconds), k_first, k_last);
  const std::chrono::sys_seconds moment{std::chrono::seconds(static_cast<long long>(bounded))};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(moment - day);
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", int(date.year()),
                                 unsigned(date.month()), unsigned(date.day()), int(time.hours().count()),
                                 int(time.minutes().count()), int(time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<double> parse_utc_text(std::string_view text) {
  if (text.size() <= k_shape.size() || !has_shape(text.substr(0, k_shape.size()), k_shape)) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(number(text.substr(0, 4))),
                                         std::chrono::month(static_cast<unsigned>(number(text.substr(5, 2)))),
                                         std::chrono::day(static_cast<unsigned>(number(text.substr(8, 2)))));
  const int hour = number(text.substr(11, 2));
  const int minute = number(text.substr(14, 2));
  const int second = number(text.substr(17, 2));
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  std::string_view rest = text.substr(k_shape.size());
  const double fraction = fraction_in(rest);
  const auto ahead = offset_in(rest);
  if (!ahead) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return static_cast<double>(days) * k_day + hour * k_hour + minute * k_minute + second + fraction - *ahead;
}

}  // namespace kaudit
