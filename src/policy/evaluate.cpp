#include "kaudit/policy/evaluate.hpp"

#include <array>
#include <bit>

#include "compiled.hpp"

namespace kaudit::policy {
namespace {

constexpr auto k_sources = k_dimensions;

/// The rules that mention what one dimension of the request says: a union of sets, read word by word from the front.
class Source {
 public:
  void start() noexcept {
    m_first = 0;
    m_count = 0;
  }

  void add(const RuleSet& set) noexcept {
    m_first |= set.first;
    if (set.head == 0) return;
    if (m_count < m_at.size()) m_at[m_count] = set.head;
    ++m_count;
  }

  [[nodiscard]] std::uint64_t word(const RuleSets& sets, std::uint32_t word) noexcept {
    if (word == 0) return m_first;
    if (m_count > m_at.size()) return ~std::uint64_t{0};  // see is_exact()
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < m_count; ++i) bits |= sets.bits(m_at[i], word);
    return bits;
  }

  /// False: of more sets than fit here, words but the first are a guess that is too high.
  [[nodiscard]] bool is_exact() const noexcept { return m_count <= m_at.size(); }

 private:
  std::uint64_t m_first;
  std::size_t m_count;
  std::array<std::uint32_t, 16> m_at;  // not initialised: most are never used
};

}  // namespace

/// One request being decided. A dimension is looked up when the first rule that is still possible looks at it.
class Evaluator::Search {
 public:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): m_sources are started when they are used
  Search(const Compiled& compiled, const Attributes& request) noexcept : m_c(compiled), m_request(request) {}

  /// By itself, so that what the sieve decides does not pay for the room that a search needs.
  [[gnu::noinline]] static Decision decide(const Compiled& compiled, const Attributes& request) noexcept {
    return Search(compiled, request).run();
  }

 private:
  [[nodiscard]] const Decision& run() noexcept {
    const auto kind = static_cast<std::size_t>(m_request.kind);
    for (std::uint32_t word = 0; word < m_c.blocks.size(); ++word) {
      const auto& block = m_c.blocks[word];
      auto rules = block.of_kind[kind];
      narrow<Dimension::verbs>(rules, block, word);
      if (m_request.kind == RequestKind::resource) {
        narrow<Dimension::resources>(rules, block, word);
        narrow<Dimension::namespaces>(rules, block, word);
        narrow<Dimension::names>(rules, block, word);
      } else {
        narrow<Dimension::urls>(rules, block, word);
      }
      narrow<Dimension::users>(rules, block, word);
      narrow<Dimension::user_groups>(rules, block, word);
      for (; rules != 0; rules &= rules - 1) {
        const auto bit = static_cast<std::uint32_t>(std::countr_zero(rules));
        if (is_match(block, word, bit)) return m_c.decisions[word * k_rules_in_word + bit];
      }
    }
    return m_c.no_rule;
  }

  template <Dimension dimension>
  void narrow(std::uint64_t& rules, const Block& block, std::uint32_t word) noexcept {
    const auto constrained = block.constrains(dimension);
    if ((rules & constrained) == 0) return;
    auto& source = m_sources[static_cast<std::size_t>(dimension)];
    if ((m_started & bit(dimension)) == 0) {
      m_started |= bit(dimension);
      source.start();
      look_up<dimension>(source);
      m_exact &= source.is_exact();
    }
    rules &= ~constrained | source.word(m_c.sets, word);
    if (m_exact) rules &= up_to_lowest(rules & ~block.unsettled[static_cast<std::size_t>(dimension)]);
  }

  /// The lowest bit that is set and all below it; all bits if none is set. Rules after one that matches do not matter.
  static constexpr std::uint64_t up_to_lowest(std::uint64_t bits) noexcept { return bits ^ (bits - 1); }

  static constexpr unsigned bit(Dimension dimension) { return 1U << static_cast<unsigned>(dimension); }

  [[nodiscard]] bool is_match(const Block& block, std::uint32_t word, std::uint32_t bit) const noexcept {
    if (m_exact && (block.to_confirm >> bit & 1U) == 0) return true;
    return mismatch(m_c.rules[word * k_rules_in_word + bit], m_request, m_c.version) == Mismatch::none;
  }

  static void add(Source& source, const TextTable& table, std::uint64_t tag, std::string_view text) noexcept {
    if (const auto* found = table.find(tag, text)) source.add(found->rules);
  }

  template <Dimension dimension>
  void look_up(Source& source) const noexcept {
    if constexpr (dimension == Dimension::users) {
      if (m_request.user) add(source, m_c.users, 0, *m_request.user);
    } else if constexpr (dimension == Dimension::user_groups) {
      if (!m_request.user) return;
      for (const auto group : m_request.groups) add(source, m_c.user_groups, 0, group);
    } else if constexpr (dimension == Dimension::verbs) {
      add(source, m_c.verbs, 0, m_request.verb);
    } else if constexpr (dimension == Dimension::namespaces) {
      add(source, m_c.namespaces, 0, m_request.name_space);
    } else if constexpr (dimension == Dimension::names) {
      add(source, m_c.names, 0, m_request.name);
    } else if constexpr (dimension == Dimension::resources) {
      look_up_resource(source);
    } else {
      m_c.urls.visit(m_request.path, [&](const RuleSet& set) { source.add(set); });
    }
  }

  void look_up_resource(Source& source) const noexcept {
    const auto& index = m_c.resources;
    if (const auto* group = index.groups.find(0, m_request.api_group)) {
      source.add(group->rules);
      look_up_resource_in(source, group->id + std::uint64_t{1});
    }
    if (index.has_every_group) {
      source.add(index.all);
      look_up_resource_in(source, k_every_group);
    }
  }

  void look_up_resource_in(Source& source, std::uint64_t group) const noexcept {
    const auto& index = m_c.resources;
    if (m_request.subresource.empty()) {
      return add(source, index.resources, resource_tag(group, k_without_subresource), m_request.resource);
    }
    add(source, index.resources, resource_tag(group, k_every_subresource), m_request.resource);
    if (const auto* subresource = index.subresources.find(group, m_request.subresource)) {
      source.add(subresource->rules);
      add(source, index.resources, resource_tag(group, subresource->id + k_first_subresource), m_request.resource);
    }
  }

  const Compiled& m_c;
  const Attributes& m_request;
  unsigned m_started = 0;
  bool m_exact = true;
  std::array<Source, k_sources> m_sources;
};

Decision Evaluator::decide(const Attributes& request) const noexcept {
  const auto& c = *m_compiled;
  const auto found = c.sieve.find(request);
  if (found.outcome == Sieve::Outcome::unknown) return Search::decide(c, request);
  const auto* decisions = c.decisions.data();
  return found.rule == Sieve::k_no_rule ? c.no_rule : decisions[found.rule];
}

}  // namespace kaudit::policy
