#include "kaudit/survey/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace kaudit::survey {

std::string size_words(std::uint64_t bytes) {
  constexpr double k_step = 1024;
  constexpr std::array<std::string_view, 4> k_units = {"KB", "MB", "GB", "TB"};
  if (bytes < 1024) return fmt::format("{} byte{}", bytes, bytes == 1 ? "" : "s");
  double size = static_cast<double>(bytes) / k_step;
  std::size_t unit = 0;
  // 1023.7 KB would be shown as 1024 KB.
  while (std::round(size) >= k_step && unit + 1 < k_units.size()) {
    size /= k_step;
    ++unit;
  }
  constexpr double k_one_digit = 9.95;
  return size < k_one_digit ? fmt::format("{:.1f} {}", size, k_units[unit])
                            : fmt::format("{:.0f} {}", size, k_units[unit]);
}

std::string age_words(double seconds) {
  struct Unit {
    double seconds;
    std::string_view name;
  };
  constexpr std::array<Unit, 3> k_units = {{{86400, "days"}, {3600, "h"}, {60, "min"}}};
  for (const Unit& unit : k_units) {
    // One day is said in hours: too much would be rounded away.
    const double least = unit.seconds * (unit.name == "days" ? 2 : 1);
    if (seconds >= least) return fmt::format("{:.0f} {}", std::floor(seconds / unit.seconds), unit.name);
  }
  return fmt::format("{:.0f} s", std::floor(std::max(seconds, 0.0)));
}

std::string number_words(double number) {
  if (number == 0) return "0";
  constexpr double k_whole = 9.95;
  if (number >= k_whole) return fmt::format("{:.0f}", number);
  constexpr double k_tenths = 0.995;
  if (number >= k_tenths) return fmt::format("{:.1f}", number);
  return fmt::format("{:.2g}", number);
}

}  // namespace kaudit::survey
