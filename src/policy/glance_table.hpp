#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace kaudit::policy {

/// What is seen of a text at a glance: its length, its first and its last byte. Equal texts have equal glances, and the
/// few texts of one policy mostly differ in theirs.
[[nodiscard]] inline std::uint64_t glance(std::string_view text) noexcept {
  const auto size = text.size();
  if (size == 0) return 0;
  const auto first = static_cast<unsigned char>(text.front());
  const auto last = static_cast<unsigned char>(text.back());
  return (std::uint64_t{size} << 8U | first) << 8U | last;
}

/// One of several glances.
[[nodiscard]] constexpr std::uint64_t both(std::uint64_t one, std::uint64_t other) noexcept {
  return one + (other + 1) * 0xC2B2AE3D27D4EB4FU;  // a prime of xxHash
}

/// All bits or none, without a branch: whether a text is in a policy is as good as random.
[[nodiscard]] constexpr std::uint64_t all_if(bool condition) noexcept {
  return std::uint64_t{0} - static_cast<std::uint64_t>(condition);
}

/// Rules (a bit for each of the first 64) by glances. Every glance has a place of its own, so that a look-up is one
/// comparison.
class GlanceTable {
 public:
  struct Entry {
    std::uint64_t glance = 0;
    std::uint64_t rules = 0;  ///< of all texts that have the glance; 0: an empty place
  };

  /// One text that has a glance.
  struct Text {
    std::string_view text;
    std::string_view group;  ///< of resources: the API group that goes with it
    bool is_only = true;     ///< no other text or group has the glance
  };

  /// The text must stay. More than a few hundred texts are too many; those are not kept.
  void add(const Entry& entry, std::string_view text, std::string_view group = {});
  /// After the last add(); false: too many texts, or no places were found; the table cannot be used then.
  [[nodiscard]] bool finish();

  [[nodiscard]] bool is_empty() const noexcept { return m_entries.empty(); }

  /// The rules of all texts that look like this one: those of the text itself among them.
  [[nodiscard]] std::uint64_t find(std::uint64_t glance) const noexcept {
    const auto* places = m_places.data();  // without the check of the index, which costs as much as the rest
    const auto& entry = places[place_of(glance)];
    return all_if(entry.glance == glance) & entry.rules;
  }

  /// The text that has the glance, if it is the only one and among those of the rule; null: not known.
  [[nodiscard]] const Text* text_of(std::uint64_t glance, std::uint64_t rule) const noexcept {
    const auto place = place_of(glance);
    const auto* places = m_places.data();
    const auto* text = m_texts.data() + place;
    return (places[place].rules & rule) != 0 && text->is_only ? text : nullptr;
  }

 private:
  [[nodiscard]] bool place_all(unsigned bits);

  [[nodiscard]] std::uint64_t place_of(std::uint64_t glance) const noexcept { return glance * m_factor >> m_shift; }

  std::size_t m_added = 0;
  std::vector<std::pair<Entry, Text>> m_entries;  ///< in the order of first mention
  std::vector<Entry> m_places;                    ///< a power of two
  std::vector<Text> m_texts;                      ///< of the same places
  std::uint64_t m_factor = 1;                     ///< odd
  unsigned m_shift = 63;
};

}  // namespace kaudit::policy
