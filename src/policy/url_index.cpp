#include "url_index.hpp"

#include <algorithm>

#include "patterns.hpp"

namespace kaudit::policy {

void UrlIndex::add(RuleSets& sets, std::string_view url, std::uint32_t rule) {
  const auto prefix = prefix_of_url(url);
  sets.add(prefix ? m_by_text.at(0, *prefix).rules : m_paths.at(0, url).rules, rule);
}

void UrlIndex::finish() {
  for (const auto& entry : m_by_text.places()) {
    if (entry.data != nullptr) m_prefixes.push_back({{entry.data, entry.size}, entry.rules, k_none});
  }
  m_by_text = {};
  std::sort(m_prefixes.begin(), m_prefixes.end(),
            [](const Prefix& left, const Prefix& right) { return left.text < right.text; });
  for (std::uint32_t i = 1; i < m_prefixes.size(); ++i) {
    auto at = i - 1;
    while (at != k_none && !m_prefixes[i].text.starts_with(m_prefixes[at].text)) at = m_prefixes[at].shorter;
    m_prefixes[i].shorter = at;
  }
}

// Whatever stands between a prefix of `path` and `path` in the order starts with that prefix too. So the prefix is the
// last text that is not after `path`, or one that this text starts with.
std::uint32_t UrlIndex::longest_prefix(std::string_view path) const noexcept {
  const auto after = std::upper_bound(m_prefixes.begin(), m_prefixes.end(), path,
                                      [](std::string_view text, const Prefix& prefix) { return text < prefix.text; });
  if (after == m_prefixes.begin()) return k_none;
  auto at = static_cast<std::uint32_t>(after - m_prefixes.begin() - 1);
  const auto& last = m_prefixes[at].text;
  const auto common =
      static_cast<std::size_t>(std::mismatch(last.begin(), last.end(), path.begin(), path.end()).first - last.begin());
  while (at != k_none && m_prefixes[at].text.size() > common) at = m_prefixes[at].shorter;
  return at;
}

}  // namespace kaudit::policy
