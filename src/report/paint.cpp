#include "paint.hpp"

namespace kaudit::report {

std::string painted(std::string_view text, std::string_view color, Paint paint) {
  if (paint == Paint::plain || color.empty() || text.empty()) return std::string(text);
  return std::string(color).append(text).append("\x1b[0m");
}

std::string one_line(std::string_view text) {
  std::string safe;
  for (const char c : text) safe += static_cast<unsigned char>(c) < 0x20 || c == '\x7f' ? '?' : c;
  return safe;
}

}  // namespace kaudit::report
