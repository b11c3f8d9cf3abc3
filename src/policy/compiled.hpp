#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kaudit/policy/evaluate.hpp"
#include "rule_sets.hpp"
#include "sieve.hpp"
#include "text_table.hpp"
#include "url_index.hpp"

namespace kaudit::policy {

/// What a rule can constrain, in the order in which requests are looked up.
enum class Dimension : std::uint8_t { verbs, urls, resources, namespaces, names, users, user_groups };
inline constexpr std::size_t k_dimensions = 7;
inline constexpr std::size_t k_request_kinds = 2;

/// 64 rules, a bit for each.
struct Block {
  std::array<std::uint64_t, k_request_kinds> of_kind{};   ///< rules that requests of this kind can match
  std::array<std::uint64_t, k_dimensions> constrained{};  ///< rules that look at the dimension
  std::uint64_t to_confirm = 0;                           ///< rules of which the index finds too much
  /// Rules that are not settled when a dimension is looked up: a later one or the confirmation can still rule them out.
  std::array<std::uint64_t, k_dimensions> unsettled{};

  [[nodiscard]] std::uint64_t constrains(Dimension dimension) const noexcept {
    return constrained[static_cast<std::size_t>(dimension)];
  }
};

/// Patterns with more slashes are not indexed by every way to cut them: that would be quadratic.
inline constexpr std::size_t k_most_slashes = 16;

/// In ResourceIndex: group "*" of 1.36; other groups are numbered from 1.
inline constexpr std::uint64_t k_every_group = 0;
/// Instead of a subresource's number in the tag of ResourceIndex::resources.
inline constexpr std::uint64_t k_without_subresource = 0;
inline constexpr std::uint64_t k_every_subresource = 1;
inline constexpr std::uint64_t k_first_subresource = 2;

[[nodiscard]] constexpr std::uint64_t resource_tag(std::uint64_t group, std::uint64_t subresource) noexcept {
  return group << 32U | subresource;
}

/// The entries of `resources`, without their resourceNames.
struct ResourceIndex {
  TextTable groups;        ///< with the rules that have all resources of the group
  TextTable subresources;  ///< tag: the group; with the rules that have "*/subresource"
  TextTable resources;     ///< tag: resource_tag()
  RuleSet all;             ///< of every group
  bool has_every_group = false;
};

/// One table for each dimension says which rules mention a text. A request is looked up in them, and the rules that
/// are in all sets, or do not look at the dimension, are those that match. The sieve comes first: it decides nearly all
/// requests of a small policy without a look into these tables.
struct Evaluator::Compiled {
  std::vector<Rule> rules;  ///< what the tables' texts are part of
  kube::Version version;
  std::vector<Decision> decisions;
  Decision no_rule;
  std::vector<Block> blocks;
  RuleSets sets;
  TextTable users;
  TextTable user_groups;
  TextTable verbs;
  TextTable namespaces;
  TextTable names;
  ResourceIndex resources;
  UrlIndex urls;
  Sieve sieve;
};

}  // namespace kaudit::policy
