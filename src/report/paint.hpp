#pragma once

#include <string>
#include <string_view>

#include "kaudit/report/report.hpp"

namespace kaudit::report {

inline constexpr std::string_view k_red = "\x1b[31m";
inline constexpr std::string_view k_green = "\x1b[32m";
inline constexpr std::string_view k_yellow = "\x1b[33m";
inline constexpr std::string_view k_cyan = "\x1b[36m";
inline constexpr std::string_view k_bold = "\x1b[1m";

[[nodiscard]] std::string painted(std::string_view text, std::string_view color, Paint paint);

}  // namespace kaudit::report
