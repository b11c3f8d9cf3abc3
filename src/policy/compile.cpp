#include <algorithm>

#include "compiled.hpp"
#include "patterns.hpp"
#include "versions.hpp"

namespace kaudit::policy {
namespace {

Stages stages_of(const TextList& list, Stages stages) {
  for (const auto& item : list.items) {
    if (const auto stage = stage_of(item.value)) stages.add(*stage);
  }
  return stages;
}

ManagedFields managed_fields(bool omitted) { return omitted ? ManagedFields::omitted : ManagedFields::kept; }

/// Fills the tables of one dimension after the other, in the order of the rules.
class Compiler {
 public:
  Compiler(RuleSets& sets, std::vector<Block>& blocks, kube::Version version)
      : m_sets(sets), m_blocks(blocks), m_every_group(every_group_has_a_name(version)) {}

  void start_rule(std::uint32_t rule) {
    m_rule = rule;
    if (rule % k_rules_in_word == 0) m_blocks.emplace_back();
  }

  void kind(RequestKind kind) { m_blocks.back().of_kind[static_cast<std::size_t>(kind)] |= bit(); }

  void texts(Dimension dimension, TextTable& table, const TextList& list) {
    if (list.empty()) return;
    constrain(dimension);
    for (const auto& item : list.items) m_sets.add(table.at(0, item.value).rules, m_rule);
  }

  void urls(UrlIndex& index, const TextList& list) {
    constrain(Dimension::urls);
    for (const auto& item : list.items) index.add(m_sets, item.value, m_rule);
  }

  void resources(ResourceIndex& index, const std::vector<GroupResources>& entries) {
    if (entries.empty()) return;
    constrain(Dimension::resources);
    for (const auto& entry : entries) add_entry(index, entry);
  }

  /// The names of one entry are exact; those of several are not, because they lose which entry they belong to.
  void names(TextTable& table, const std::vector<GroupResources>& entries) {
    const auto named = [](const GroupResources& entry) {
      return !entry.resources.empty() && !entry.resource_names.empty();
    };
    if (std::none_of(entries.begin(), entries.end(), named)) return;
    if (entries.size() > 1) confirm();
    if (!std::all_of(entries.begin(), entries.end(), named)) return;
    for (const auto& entry : entries) texts(Dimension::names, table, entry.resource_names);
  }

 private:
  [[nodiscard]] std::uint64_t bit() const { return std::uint64_t{1} << (m_rule % k_rules_in_word); }
  void constrain(Dimension dimension) { m_blocks.back().constrained[static_cast<std::size_t>(dimension)] |= bit(); }
  void confirm() { m_blocks.back().to_confirm |= bit(); }

  void add_entry(ResourceIndex& index, const GroupResources& entry) {
    std::uint64_t group = k_every_group;
    auto* all = &index.all;
    if (m_every_group && entry.group.value == k_every) {
      index.has_every_group = true;
    } else {
      auto& found = index.groups.at(0, entry.group.value);
      group = found.id + std::uint64_t{1};
      all = &found.rules;
    }
    if (entry.resources.empty()) m_sets.add(*all, m_rule);
    for (const auto& pattern : entry.resources.items) add_pattern(index, group, *all, pattern.value);
  }

  void add_pattern(ResourceIndex& index, std::uint64_t group, RuleSet& all, std::string_view pattern) {
    const auto is_long = static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '/')) > k_most_slashes;
    if (is_long) confirm();
    if (is_long || pattern == k_every) return m_sets.add(all, m_rule);
    add_resource(index, resource_tag(group, k_without_subresource), pattern);
    for (auto slash = pattern.find('/'); slash < pattern.size() - 1; slash = pattern.find('/', slash + 1)) {
      const auto subresource = index.subresources.at(group, pattern.substr(slash + 1)).id + k_first_subresource;
      add_resource(index, resource_tag(group, subresource), pattern.substr(0, slash));
    }
    if (const auto subresource = subresource_of_every(pattern)) {
      m_sets.add(index.subresources.at(group, *subresource).rules, m_rule);
    }
    if (const auto resource = resource_with_subresources(pattern)) {
      add_resource(index, resource_tag(group, k_without_subresource), *resource);
      add_resource(index, resource_tag(group, k_every_subresource), *resource);
    }
  }

  void add_resource(ResourceIndex& index, std::uint64_t tag, std::string_view resource) {
    m_sets.add(index.resources.at(tag, resource).rules, m_rule);
  }

  RuleSets& m_sets;
  std::vector<Block>& m_blocks;
  std::uint32_t m_rule = 0;
  bool m_every_group;
};

void settle(Block& block) {
  auto rules = block.to_confirm;
  for (auto dimension = k_dimensions; dimension-- > 0;) {
    block.unsettled[dimension] = rules;
    rules |= block.constrained[dimension];
  }
}

}  // namespace

Evaluator Evaluator::compile(const Policy& policy, kube::Version version) {
  auto compiled = std::make_unique<Compiled>();
  auto& c = *compiled;
  c.rules = policy.rules;
  c.version = version;
  const auto stages = stages_of(policy.omit_stages, {});
  c.no_rule = {std::nullopt, Level::none, stages, managed_fields(policy.omit_managed_fields)};
  Compiler compiler(c.sets, c.blocks, version);
  for (std::uint32_t i = 0; i < c.rules.size(); ++i) {
    const auto& rule = c.rules[i];
    c.decisions.push_back({i, level_of(rule.level.value).value_or(Level::none), stages_of(rule.omit_stages, stages),
                           managed_fields(rule.omit_managed_fields.value_or(policy.omit_managed_fields))});
    compiler.start_rule(i);
    compiler.texts(Dimension::users, c.users, rule.users);
    compiler.texts(Dimension::user_groups, c.user_groups, rule.user_groups);
    compiler.texts(Dimension::verbs, c.verbs, rule.verbs);
    if (is_for_resources(rule) || is_for_both_kinds(rule)) compiler.kind(RequestKind::resource);
    if (!is_for_resources(rule)) compiler.kind(RequestKind::non_resource);
    compiler.texts(Dimension::namespaces, c.namespaces, rule.namespaces);
    compiler.resources(c.resources, rule.resources);
    compiler.names(c.names, rule.resources);
    if (!is_for_resources(rule) && !is_for_both_kinds(rule)) compiler.urls(c.urls, rule.non_resource_urls);
  }
  c.urls.finish();
  for (auto& block : c.blocks) settle(block);
  c.sieve = Sieve(c.rules, version);
  return Evaluator(std::move(compiled));
}

bool knows_managed_fields(kube::Version version) noexcept { return version >= k_managed_fields_since; }

Evaluator::Evaluator(std::unique_ptr<const Compiled> compiled) noexcept : m_compiled(std::move(compiled)) {}
Evaluator::Evaluator(Evaluator&& other) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&& other) noexcept = default;
Evaluator::~Evaluator() = default;

}  // namespace kaudit::policy
