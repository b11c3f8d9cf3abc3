#include <algorithm>

#include "patterns.hpp"
#include "sieve.hpp"

namespace kaudit::policy {
namespace {

constexpr std::size_t k_most_rules = 64;
constexpr std::size_t k_most_prefixes = 32;  // all are looked at each time

}  // namespace

Sieve::Sieve(const std::vector<Rule>& rules, kube::Version version) : m_is_usable(rules.size() <= k_most_rules) {
  for (std::size_t i = 0; i < rules.size() && m_is_usable; ++i) add_rule(rules[i], std::uint64_t{1} << i, version);
  for (auto* table : {&m_verbs.table, &m_namespaces.table, &m_names.table, &m_users.table, &m_user_groups.table,
                      &m_resources.table, &m_groups, &m_of_resource, &m_of_subresource, &m_paths.table}) {
    m_is_usable = m_is_usable && table->finish();
  }
  m_is_usable = m_is_usable && m_prefixes.size() <= k_most_prefixes;
}

void Sieve::add_rule(const Rule& rule, std::uint64_t bit, kube::Version version) {
  const bool is_for_urls = !is_for_resources(rule) && !is_for_both_kinds(rule);
  if (!is_for_urls) m_of_resources |= bit;
  if (!is_for_resources(rule)) m_of_urls |= bit;
  add_texts(m_users, rule.users, bit);
  add_texts(m_user_groups, rule.user_groups, bit);
  add_texts(m_verbs, rule.verbs, bit);
  add_texts(m_namespaces, rule.namespaces, bit);
  for (const auto& entry : rule.resources) add_entry(entry, bit, version);
  add_names(rule.resources, bit);
  if (is_for_urls) {
    for (const auto& url : rule.non_resource_urls.items) add_url(url.value, bit);
  }
  const auto later = m_namespaces.looking | m_names.looking | m_users.looking | m_user_groups.looking;
  m_settled |= bit & ~later;
}

void Sieve::add_texts(Dimension& dimension, const TextList& list, std::uint64_t bit) {
  for (const auto& item : list.items) {
    dimension.looking |= bit;
    dimension.table.add({glance(item.value), bit}, item.value);
  }
}

void Sieve::add_entry(const GroupResources& entry, std::uint64_t bit, kube::Version version) {
  m_resources.looking |= bit;
  const bool is_every = entry.group.value == k_every && every_group_has_a_name(version);
  m_knows_every_group = m_knows_every_group || is_every;
  const auto group = is_every ? k_group_of_all : group_glance(entry.group.value);
  if (entry.resources.empty()) m_groups.add({group, bit}, {}, entry.group.value);
  for (const auto& pattern : entry.resources.items) add_pattern(group, entry.group.value, pattern.value, bit);
}

void Sieve::add_pattern(std::uint64_t group, std::string_view name, std::string_view pattern, std::uint64_t bit) {
  const auto slash = pattern.find('/');
  const bool has_slash = slash != std::string_view::npos;
  if (has_slash && pattern.find('/', slash + 1) != std::string_view::npos) {  // no server knows such a resource
    m_uncertain |= bit;
    return m_groups.add({group, bit}, {}, name);
  }
  if (pattern == k_every) return m_groups.add({group, bit}, {}, name);
  m_resources.table.add({both(both(group, glance(pattern)), subresource_glance({})), bit}, pattern, name);
  if (!has_slash) return;
  const auto resource = pattern.substr(0, slash);
  const auto subresource = pattern.substr(slash + 1);
  m_resources.table.add({both(both(group, glance(resource)), subresource_glance(subresource)), bit}, pattern, name);
  if (resource == k_every) m_of_subresource.add({both(group, subresource_glance(subresource)), bit}, subresource, name);
  if (subresource == k_every) m_of_resource.add({both(group, glance(resource)), bit}, resource, name);
}

/// The names of a single entry; those of several belong to one of them only.
void Sieve::add_names(const std::vector<GroupResources>& entries, std::uint64_t bit) {
  const auto is_named = [](const GroupResources& entry) {
    return !entry.resources.empty() && !entry.resource_names.empty();
  };
  if (std::none_of(entries.begin(), entries.end(), is_named)) return;
  if (entries.size() == 1) return add_texts(m_names, entries.front().resource_names, bit);
  m_uncertain |= bit;
}

void Sieve::add_url(std::string_view url, std::uint64_t bit) {
  m_paths.looking |= bit;
  const auto prefix = prefix_of_url(url);
  if (!prefix) return m_paths.table.add({glance(url), bit}, url);
  const std::string_view ones = "\xff\xff\xff\xff\xff\xff\xff\xff";
  m_prefixes.push_back({first_bytes(*prefix), first_bytes(ones.substr(0, prefix->size())), bit, *prefix});
}

}  // namespace kaudit::policy
