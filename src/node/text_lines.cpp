#include "text_lines.hpp"

#include <algorithm>

#include "kaudit/base/ascii.hpp"

namespace kaudit::node {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string harmless(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t\r\n");
  std::string text(line.substr(0, last == std::string_view::npos ? 0 : last + 1));
  std::replace(text.begin(), text.end(), '\t', ' ');
  return one_line(text);
}

std::string shortened(std::string text) {
  constexpr std::size_t k_longest = 1000;
  if (text.size() <= k_longest) return text;
  std::size_t end = k_longest;
  const auto is_continuation = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; };
  while (end > 0 && is_continuation(end)) --end;
  text.resize(end);
  return text + " ...";
}

}  // namespace kaudit::node
