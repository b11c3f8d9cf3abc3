#include "kaudit/base/nearest.hpp"

#include <algorithm>

namespace kaudit {
namespace {

/// Damerau-Levenshtein distance with adjacent transpositions (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string nearest_word(std::string_view typed, const std::vector<std::string_view>& known) {
  constexpr std::size_t k_longest = 100;  // no word of ours is near anything longer
  if (typed.size() > k_longest) return {};
  std::string_view best;
  std::size_t best_distance = 0;
  for (const std::string_view word : known) {
    const std::size_t d = distance(typed, word);
    if (d > std::max<std::size_t>(1, word.size() / 3)) continue;
    if (best.empty() || d < best_distance) {
      best = word;
      best_distance = d;
    }
  }
  return std::string(best);
}

}  // namespace kaudit
