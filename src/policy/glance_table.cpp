#include "glance_table.hpp"

#include <algorithm>

namespace kaudit::policy {
namespace {

constexpr unsigned k_fewest_bits = 3;
constexpr unsigned k_most_bits = 10;
constexpr int k_factors = 32;  // tried for each size
constexpr std::size_t k_most_texts = std::size_t{1} << k_most_bits;

}  // namespace

void GlanceTable::add(const Entry& entry, std::string_view text, std::string_view group) {
  if (++m_added > k_most_texts) return;
  const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                  [&](const auto& other) { return other.first.glance == entry.glance; });
  if (found == m_entries.end()) return m_entries.push_back({entry, {text, group}});
  found->first.rules |= entry.rules;
  if (found->second.text != text || found->second.group != group) found->second.is_only = false;
}

bool GlanceTable::finish() {
  if (m_added > k_most_texts) return false;
  m_factor = 0x9E3779B97F4A7C15U;  // 2^64 divided by the golden ratio
  for (auto bits = k_fewest_bits; bits <= k_most_bits; ++bits) {
    if (m_entries.size() * 2 > std::size_t{1} << bits) continue;
    for (int i = 0; i < k_factors; ++i) {
      if (place_all(bits)) return true;
      m_factor = m_factor * 0x5851F42D4C957F2DU + 2;  // odd again
    }
  }
  return false;
}

bool GlanceTable::place_all(unsigned bits) {
  m_shift = 64 - bits;
  m_places.assign(std::size_t{1} << bits, {});
  for (const auto& [entry, text] : m_entries) {
    auto& place = m_places[place_of(entry.glance)];
    if (place.rules != 0) return false;
    place = entry;
  }
  m_texts.assign(m_places.size(), {});
  for (const auto& [entry, text] : m_entries) m_texts[place_of(entry.glance)] = text;
  return true;
}

}  // namespace kaudit::policy
