#include "paint.hpp"

namespace kaudit::report {

std::string painted(std::string_view text, std::string_view color, Paint paint) {
  if (paint == Paint::plain || color.empty() || text.empty()) return std::string(text);
  return std::string(color).append(text).append("\x1b[0m");
}

}  // namespace kaudit::report
