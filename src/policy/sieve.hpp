#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "glance_table.hpp"
#include "kaudit/policy/evaluate.hpp"

namespace kaudit::policy {

/// Lengths alone tell API groups and subresources apart: whether there is any is as good as random, and not to look at
/// the bytes spares a branch.
[[nodiscard]] inline std::uint64_t group_glance(std::string_view group) noexcept { return group.size(); }
[[nodiscard]] inline std::uint64_t subresource_glance(std::string_view text) noexcept { return text.size(); }
/// Of group "*" of 1.36; no other group has it.
inline constexpr std::uint64_t k_group_of_all = ~std::uint64_t{0};

/// The first eight bytes, with zeros behind a shorter text.
[[nodiscard]] inline std::uint64_t first_bytes(std::string_view text) noexcept {
  std::uint64_t bytes = 0;
  if (text.size() >= sizeof(bytes)) {
    std::memcpy(&bytes, text.data(), sizeof(bytes));
  } else if (!text.empty()) {
    std::memcpy(&bytes, text.data(), text.size());
  }
  return bytes;
}

/// The first rule that can match a request, from a glance at its texts, for policies of up to 64 rules.
///
/// Most policies have ten rules or so and a few dozen texts. The lengths of a request's texts and two bytes of some of
/// them leave one rule or none nearly always. What is left out for certain does not match; of the rule that is left the
/// texts are then compared byte by byte. Where that fails (another text looks the same) or the sieve is too coarse, the
/// full index decides: what comes out is never a guess.
class Sieve {
 public:
  enum class Outcome : std::uint8_t { decided, unknown };

  /// What was found: decided, by `rule` or, if that is k_no_rule, by none.
  struct Found {
    Outcome outcome;
    std::uint32_t rule;
  };
  static constexpr std::uint32_t k_no_rule = 64;

  /// Knows nothing.
  Sieve() = default;
  /// `rules` must stay. Knows nothing of more than 64 rules or of more than a few hundred texts of one kind.
  Sieve(const std::vector<Rule>& rules, kube::Version version);

  [[nodiscard]] Found find(const Attributes& request) const noexcept;

 private:
  /// Rules by one thing that they can look at.
  struct Dimension {
    std::uint64_t looking = 0;  ///< rules that look at it
    GlanceTable table;
  };

  /// A URL that ends with "*": what stands before, and the first eight bytes of that.
  struct Prefix {
    std::uint64_t bytes;
    std::uint64_t mask;
    std::uint64_t rules;
    std::string_view text;
  };

  void add_rule(const Rule& rule, std::uint64_t bit, kube::Version version);
  static void add_texts(Dimension& dimension, const TextList& list, std::uint64_t bit);
  void add_entry(const GroupResources& entry, std::uint64_t bit, kube::Version version);
  void add_pattern(std::uint64_t group, std::string_view name, std::string_view pattern, std::uint64_t bit);
  void add_names(const std::vector<GroupResources>& entries, std::uint64_t bit);
  void add_url(std::string_view url, std::uint64_t bit);

  [[nodiscard]] std::uint64_t candidates(const Attributes& request) const noexcept;
  [[nodiscard]] std::uint64_t resources(const Attributes& request) const noexcept;
  [[nodiscard]] std::uint64_t resources_in(std::uint64_t group, const Attributes& request) const noexcept;
  [[nodiscard]] std::uint64_t urls(std::string_view path) const noexcept;

  [[nodiscard]] bool is_confirmed(std::uint64_t bit, const Attributes& request) const noexcept;
  [[nodiscard]] bool has_resource(std::uint64_t bit, const Attributes& request) const noexcept;
  [[nodiscard]] bool has_resource_in(std::uint64_t group, std::string_view name, std::uint64_t bit,
                                     const Attributes& request) const noexcept;
  [[nodiscard]] bool has_url(std::uint64_t bit, std::string_view path) const noexcept;

  bool m_is_usable = false;
  bool m_knows_every_group = false;  ///< some rule speaks of group "*"
  std::uint64_t m_of_resources = 0;  ///< rules for requests for resources
  std::uint64_t m_of_urls = 0;       ///< rules for other requests
  std::uint64_t m_settled = 0;       ///< rules that look at nothing but verbs, resources and URLs
  std::uint64_t m_uncertain = 0;     ///< rules that are never confirmed here
  Dimension m_verbs;
  Dimension m_namespaces;
  Dimension m_names;
  Dimension m_users;
  Dimension m_user_groups;
  Dimension m_resources;         ///< by group, resource and subresource
  GlanceTable m_groups;          ///< all resources of a group
  GlanceTable m_of_resource;     ///< by group and "pods" of "pods/*"
  GlanceTable m_of_subresource;  ///< by group and "status" of "*/status"
  Dimension m_paths;             ///< URLs; the table has those without "*" at the end
  std::vector<Prefix> m_prefixes;
};

}  // namespace kaudit::policy
