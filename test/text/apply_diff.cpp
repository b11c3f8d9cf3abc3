#include "text/apply_diff.hpp"

#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace kaudit::test {
namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t feed = text.find('\n');
    lines.emplace_back(text.substr(0, feed == std::string_view::npos ? text.size() : feed + 1));
    text.remove_prefix(lines.back().size());
  }
  return lines;
}

/// First line number of one side of `@@ -3,4 +3,5 @@`, as an index; behind that line for an empty side.
std::size_t first_line(const std::string& header, char sign) {
  const std::size_t at = header.find(sign, 2) + 1;
  const std::size_t number = std::strtoul(header.c_str() + at, nullptr, 10);
  const std::size_t end = header.find(' ', at);
  return header.substr(at, end - at).ends_with(",0") ? number : number - 1;
}

}  // namespace

std::string apply_diff(std::string_view text, std::string_view diff, Direction direction) {
  const char removes = direction == Direction::forward ? '-' : '+';
  const char adds = direction == Direction::forward ? '+' : '-';
  const std::vector<std::string> old = split(text);
  std::vector<std::string> patch = split(diff);
  for (std::size_t i = 1; i < patch.size(); ++i) {
    if (patch[i].front() == '\\') patch[i - 1].pop_back();
  }
  std::string out;
  std::size_t at = 0;
  for (std::size_t i = 2; i < patch.size(); ++i) {
    const std::string& line = patch[i];
    if (line.front() == '@') {
      const std::size_t first = first_line(line, removes);
      if (first < at || first > old.size()) throw std::runtime_error("hunk out of place: " + line);
      while (at < first) out += old[at++];
    } else if (line.front() == adds) {
      out += line.substr(1);
    } else if (line.front() == ' ' || line.front() == removes) {
      if (at >= old.size() || old[at] != line.substr(1)) throw std::runtime_error("does not fit: " + line);
      if (line.front() == ' ') out += old[at];
      ++at;
    } else if (line.front() != '\\') {
      throw std::runtime_error("not a diff: " + line);
    }
  }
  while (at < old.size()) out += old[at++];
  return out;
}

}  // namespace kaudit::test
