#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "rule_sets.hpp"
#include "text_table.hpp"

namespace kaudit::policy {

/// Which rules have a URL that a path fits.
class UrlIndex {
 public:
  /// Rules in ascending order; the text must stay.
  void add(RuleSets& sets, std::string_view url, std::uint32_t rule);
  /// After the last add().
  void finish();

  /// Calls `use` with the sets whose union are the rules: few, unless URLs are made to be prefixes of one another.
  template <typename Use>
  void visit(std::string_view path, Use&& use) const {
    if (const auto* found = m_paths.find(0, path)) use(found->rules);
    for (auto at = longest_prefix(path); at != k_none; at = m_prefixes[at].shorter) use(m_prefixes[at].rules);
  }

 private:
  static constexpr std::uint32_t k_none = ~std::uint32_t{0};

  struct Prefix {
    std::string_view text;
    RuleSet rules;
    std::uint32_t shorter = k_none;  ///< the longest other prefix that it starts with
  };

  /// Index of the longest prefix of `path` among m_prefixes.
  [[nodiscard]] std::uint32_t longest_prefix(std::string_view path) const noexcept;

  TextTable m_paths;
  TextTable m_by_text;             ///< prefixes until finish()
  std::vector<Prefix> m_prefixes;  ///< sorted
};

}  // namespace kaudit::policy
