#include "sieve.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "patterns.hpp"
#include "text_table.hpp"

namespace kaudit::policy {
namespace {

/// The lowest bit that is set and all below it; all bits if none is set.
constexpr std::uint64_t up_to_lowest(std::uint64_t bits) noexcept { return bits ^ (bits - 1); }

/// The bits in which the numbers at two places differ.
template <typename Number>
std::uint64_t difference(const char* one, const char* other) noexcept {
  return load<Number>(one) ^ load<Number>(other);
}

/// Equality of texts, with few branches: their lengths are as good as random.
bool same(std::string_view one, std::string_view other) noexcept {
  const auto size = one.size();
  if (size != other.size()) return false;
  const auto* a = one.data();
  const auto* b = other.data();
  const auto differ = [&]<typename Number>(Number, std::size_t step) {  // four numbers that overlap
    return (difference<Number>(a, b) | difference<Number>(a + step, b + step) |
            difference<Number>(a + size - sizeof(Number), b + size - sizeof(Number)) |
            difference<Number>(a + size - sizeof(Number) - step, b + size - sizeof(Number) - step)) != 0;
  };
  if (size >= 4 && size <= 16) return !differ(std::uint32_t{}, size / 8 * 4);
  if (size >= 4) return size <= 32 ? !differ(std::uint64_t{}, size / 16 * 8) : std::memcmp(a, b, size) == 0;
  return size == 0 || ((a[0] ^ b[0]) | (a[size / 2] ^ b[size / 2]) | (a[size - 1] ^ b[size - 1])) == 0;
}

/// Whether exactly this text is known to be one of the rule's.
bool has(const GlanceTable& table, std::uint64_t glance, std::uint64_t rule, std::string_view text,
         std::string_view group = {}) noexcept {
  const auto* known = table.text_of(glance, rule);
  return known != nullptr && same(known->text, text) && same(known->group, group);
}

bool has(const GlanceTable& table, std::uint64_t rule, std::string_view text) noexcept {
  const auto* known = table.text_of(glance(text), rule);
  return known != nullptr && same(known->text, text);
}

/// Whether a text is "resource/subresource"; without subresource, "resource".
bool is_combined(std::string_view text, const Attributes& request) noexcept {
  const auto size = request.resource.size();
  if (request.subresource.empty()) return same(text, request.resource);
  return text.size() == size + 1 + request.subresource.size() && text[size] == '/' &&
         same({text.data(), size}, request.resource) &&
         same({text.data() + size + 1, request.subresource.size()}, request.subresource);
}

}  // namespace

/// The first of them is the first rule that can match; those behind the first that must match are left out.
inline std::uint64_t Sieve::candidates(const Attributes& request) const noexcept {
  auto rules = request.kind == RequestKind::resource ? m_of_resources : m_of_urls;
  rules &= ~m_verbs.looking | m_verbs.table.find(glance(request.verb));
  if (request.kind == RequestKind::resource) {
    rules &= ~m_resources.looking | resources(request);
    rules &= up_to_lowest(rules & m_settled);
    if ((rules & m_namespaces.looking) != 0) {
      rules &= ~m_namespaces.looking | m_namespaces.table.find(glance(request.name_space));
    }
    if ((rules & m_names.looking) != 0) rules &= ~m_names.looking | m_names.table.find(glance(request.name));
  } else {
    rules &= ~m_paths.looking | urls(request.path);
    rules &= up_to_lowest(rules & m_settled);
  }
  if ((rules & m_users.looking) != 0) {
    rules &= ~m_users.looking | (request.user ? m_users.table.find(glance(*request.user)) : 0);
  }
  if ((rules & m_user_groups.looking) != 0) {
    auto listed = ~m_user_groups.looking;
    if (request.user) {
      for (const auto group : request.groups) listed |= m_user_groups.table.find(glance(group));
    }
    rules &= listed;
  }
  return rules;
}

inline std::uint64_t Sieve::resources(const Attributes& request) const noexcept {
  auto rules = resources_in(group_glance(request.api_group), request);
  if (m_knows_every_group) rules |= resources_in(k_group_of_all, request);
  return rules;
}

inline std::uint64_t Sieve::resources_in(std::uint64_t group, const Attributes& request) const noexcept {
  const auto resource = both(group, glance(request.resource));
  const auto subresource = subresource_glance(request.subresource);
  auto rules = m_groups.find(group) | m_resources.table.find(both(resource, subresource));
  if (!m_of_resource.is_empty()) rules |= m_of_resource.find(resource);
  if (!m_of_subresource.is_empty()) rules |= m_of_subresource.find(both(group, subresource));
  return rules;
}

inline std::uint64_t Sieve::urls(std::string_view path) const noexcept {
  const auto bytes = first_bytes(path);
  auto rules = m_paths.table.find(glance(path));
  for (const auto& prefix : m_prefixes) rules |= all_if((bytes & prefix.mask) == prefix.bytes) & prefix.rules;
  return rules;
}

/// Whether the rule matches for certain. False: it does not, or it takes more than this to say.
inline bool Sieve::is_confirmed(std::uint64_t bit, const Attributes& request) const noexcept {
  if ((m_uncertain & bit) != 0) return false;
  if ((m_verbs.looking & bit) != 0 && !has(m_verbs.table, bit, request.verb)) return false;
  if ((m_resources.looking & bit) != 0 && !has_resource(bit, request)) return false;
  if ((m_paths.looking & bit) != 0 && !has_url(bit, request.path)) return false;
  if ((m_settled & bit) != 0) return true;
  if ((m_namespaces.looking & bit) != 0 && !has(m_namespaces.table, bit, request.name_space)) return false;
  if ((m_names.looking & bit) != 0 && !has(m_names.table, bit, request.name)) return false;
  if ((m_users.looking & bit) != 0 && !has(m_users.table, bit, *request.user)) return false;
  if ((m_user_groups.looking & bit) == 0) return true;
  return std::any_of(request.groups.begin(), request.groups.end(),
                     [&](std::string_view group) { return has(m_user_groups.table, bit, group); });
}

inline bool Sieve::has_resource(std::uint64_t bit, const Attributes& request) const noexcept {
  return has_resource_in(group_glance(request.api_group), request.api_group, bit, request) ||
         (m_knows_every_group && has_resource_in(k_group_of_all, k_every, bit, request));
}

inline bool Sieve::has_resource_in(std::uint64_t group, std::string_view name, std::uint64_t bit,
                                   const Attributes& request) const noexcept {
  if (has(m_groups, group, bit, {}, name)) return true;
  const auto resource = both(group, glance(request.resource));
  const auto subresource = subresource_glance(request.subresource);
  const auto* known = m_resources.table.text_of(both(resource, subresource), bit);
  if (known != nullptr && is_combined(known->text, request) && same(known->group, name)) return true;
  if (!m_of_resource.is_empty() && has(m_of_resource, resource, bit, request.resource, name)) return true;
  return !m_of_subresource.is_empty() && !request.subresource.empty() &&
         has(m_of_subresource, both(group, subresource), bit, request.subresource, name);
}

inline bool Sieve::has_url(std::uint64_t bit, std::string_view path) const noexcept {
  for (const auto& prefix : m_prefixes) {
    if ((prefix.rules & bit) != 0 && path.starts_with(prefix.text)) return true;
  }
  return has(m_paths.table, bit, path);
}

// Everything above in one piece: each call would cost as much as what it does.
[[gnu::flatten]] Sieve::Found Sieve::find(const Attributes& request) const noexcept {
  if (!m_is_usable) return {Outcome::unknown, k_no_rule};
  const auto rules = candidates(request);
  if (rules == 0) return {Outcome::decided, k_no_rule};
  const auto rule = static_cast<std::uint32_t>(std::countr_zero(rules));
  return {is_confirmed(std::uint64_t{1} << rule, request) ? Outcome::decided : Outcome::unknown, rule};
}

}  // namespace kaudit::policy
