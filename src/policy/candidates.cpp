#include "candidates.hpp"

#include <algorithm>

#include "patterns.hpp"

namespace kaudit::policy {
namespace {

constexpr std::string_view k_other = "kaudit-other";
/// Patterns with more slashes, which no server knows, are not cut in all ways.
constexpr std::size_t k_most_cuts = 64;

template <typename Use>
void visit_texts(const TextList& list, Use&& use) {
  for (const auto& item : list.items) use(item.value);
}

template <typename Use>
void visit_texts(const Policy& policy, Use&& use) {
  for (const auto& rule : policy.rules) {
    for (const auto* list : {&rule.users, &rule.user_groups, &rule.verbs, &rule.namespaces, &rule.non_resource_urls}) {
      visit_texts(*list, use);
    }
    for (const auto& entry : rule.resources) {
      use(entry.group.value);
      visit_texts(entry.resources, use);
      visit_texts(entry.resource_names, use);
    }
  }
}

/// How many x follow k_other in `text` where most do, and one more; 0 if it is not there.
std::size_t longest_run(std::string_view text) {
  std::size_t longest = 0;
  for (auto at = text.find(k_other); at != std::string_view::npos; at = text.find(k_other, at + 1)) {
    const auto start = at + k_other.size();
    const auto end = std::min(text.find_first_not_of('x', start), text.size());
    longest = std::max(longest, end - start + 1);
  }
  return longest;
}

std::size_t index(Candidates::Part part) { return static_cast<std::size_t>(part); }

std::vector<std::string_view> views(const TextList& list) {
  std::vector<std::string_view> result;
  visit_texts(list, [&](std::string_view text) { result.push_back(text); });
  return result;
}

}  // namespace

FreshTexts::FreshTexts(const Policy& policy) {
  std::size_t run = 0;
  visit_texts(policy, [&](std::string_view text) { run = std::max(run, longest_run(text)); });
  m_name = std::string(k_other) + std::string(run, 'x');
  for (const auto& rule : policy.rules) {
    visit_texts(rule.non_resource_urls,
                [&](std::string_view url) { m_urls.push_back(prefix_of_url(url).value_or(url)); });
  }
  std::sort(m_urls.begin(), m_urls.end());
}

std::string FreshTexts::path_under(std::string_view prefix) const {
  const auto is_free = [&](const std::string& start) {
    const auto at = std::lower_bound(m_urls.begin(), m_urls.end(), start);
    return at == m_urls.end() || !at->starts_with(start);
  };
  const auto try_byte = [&](char byte, std::string_view rest) {
    auto start = std::string(prefix) + byte;
    return is_free(start) ? start.append(rest) : std::string();
  };
  if (auto path = try_byte('/', m_name); !path.empty()) return path;
  if (auto path = try_byte(m_name[0], std::string_view(m_name).substr(1)); !path.empty()) return path;
  for (int byte = '!'; byte < '!' + 255; ++byte) {  // what can be read first
    if (auto path = try_byte(static_cast<char>(byte), m_name); !path.empty()) return path;
  }
  return {};
}

Candidates::Candidates(const Rule& rule, const FreshTexts& fresh, kube::Version version) : m_fresh(fresh) {
  const auto choose = [&](Part part, const TextList& list) {
    m_texts[index(part)] = views(list);
    if (list.empty() && part != Part::group) m_texts[index(part)] = {fresh.name()};
  };
  choose(Part::verb, rule.verbs);
  choose(Part::name_space, rule.namespaces);
  choose(Part::user, rule.users);
  choose(Part::group, rule.user_groups);
  for (const auto& entry : rule.resources) add_entry(entry, version);
  if (rule.resources.empty() && (is_for_resources(rule) || is_for_both_kinds(rule))) {
    add_target(fresh.name(), fresh.name(), {}, {});
  }
  if (is_for_both_kinds(rule)) add_url(k_every);
  if (!is_for_resources(rule)) visit_texts(rule.non_resource_urls, [&](std::string_view url) { add_url(url); });
  m_at_end = m_targets.empty();
  std::stable_partition(m_targets.begin(), m_targets.end(),
                        [](const Target& target) { return is_real(target.resource, target.subresource); });
}

void Candidates::add_entry(const GroupResources& entry, kube::Version version) {
  const bool every = entry.group.value == k_every && every_group_has_a_name(version);
  const auto group = every ? std::string_view(m_fresh.name()) : std::string_view(entry.group.value);
  if (entry.resources.empty()) add_target(group, m_fresh.name(), {}, {});
  visit_texts(entry.resources, [&](std::string_view pattern) { add_pattern(group, pattern, entry.resource_names); });
}

// Patterns with a wildcard are not tried literally: a rule before that matches the request with the fresh text has "*"
// or this very pattern, and so matches the literal one.
void Candidates::add_pattern(std::string_view group, std::string_view pattern, const TextList& names) {
  if (pattern == k_every) return add_target(group, m_fresh.name(), {}, names);
  if (const auto resource = resource_with_subresources(pattern)) {
    add_target(group, *resource, {}, names);  // not needed, but a request that a server makes
    return add_target(group, *resource, m_fresh.name(), names);
  }
  const auto subresource = subresource_of_every(pattern);
  if (subresource && !subresource->empty()) return add_target(group, m_fresh.name(), *subresource, names);
  add_splits(group, pattern, names);
}

void Candidates::add_splits(std::string_view group, std::string_view pattern, const TextList& names) {
  std::size_t cuts = 0;
  for (auto slash = pattern.find('/'); slash != std::string_view::npos; slash = pattern.find('/', slash + 1)) {
    const auto rest = pattern.substr(slash + 1);
    if (rest.empty()) break;
    if (++cuts > k_most_cuts) {
      m_is_complete = false;
      break;
    }
    add_target(group, pattern.substr(0, slash), rest, names);
  }
  add_target(group, pattern, {}, names);
}

void Candidates::add_target(std::string_view group, std::string_view resource, std::string_view subresource,
                            const TextList& names) {
  const auto add = [&](std::string_view name) {
    m_targets.push_back({group, resource, subresource, name, {}, RequestKind::resource});
  };
  if (names.empty()) return add(m_fresh.name());
  visit_texts(names, add);
}

void Candidates::add_path(std::string path) {
  m_targets.push_back({{}, {}, {}, {}, std::move(path), RequestKind::non_resource});
}

void Candidates::add_url(std::string_view url) {
  const auto prefix = prefix_of_url(url);
  add_path(!prefix ? std::string(url) : prefix->empty() ? "/" + m_fresh.name() : std::string(*prefix));
  if (!prefix) return;
  auto path = m_fresh.path_under(*prefix);
  if (path.empty()) {
    m_is_complete = false;
  } else {
    add_path(std::move(path));
  }
}

std::size_t Candidates::count(Part part) const noexcept {
  if (part == Part::target) return m_targets.size();
  return std::max<std::size_t>(m_texts[index(part)].size(), 1);  // no group is one choice
}

Attributes Candidates::request() const noexcept {
  const auto& target = m_targets[m_at[index(Part::target)]];
  const auto text = [&](Part part) { return m_texts[index(part)][m_at[index(part)]]; };
  Attributes request;
  request.user = text(Part::user);
  const auto& groups = m_texts[index(Part::group)];
  if (!groups.empty()) request.groups = {&groups[m_at[index(Part::group)]], 1};
  request.verb = text(Part::verb);
  request.kind = target.kind;
  request.path = target.path;
  if (target.kind == RequestKind::non_resource) return request;
  request.name_space = text(Part::name_space);
  request.api_group = target.api_group;
  request.resource = target.resource;
  request.subresource = target.subresource;
  request.name = target.name;
  return request;
}

std::size_t Candidates::size() const noexcept {
  const auto r = request();
  return r.user->size() + (r.groups.empty() ? 0 : r.groups[0].size()) + r.verb.size() + r.name_space.size() +
         r.api_group.size() + r.resource.size() + r.subresource.size() + r.name.size() + r.path.size();
}

// A rule that does not look at the parts that change most quickly matches all requests that differ in them only.
void Candidates::skip(const Rule& matching) noexcept {
  const std::array<bool, k_parts> looks_at = {!is_for_both_kinds(matching), !matching.verbs.empty(),
                                              !matching.namespaces.empty(), !matching.users.empty(),
                                              !matching.user_groups.empty()};
  auto changing = k_parts;
  while (changing > 0 && !looks_at[changing - 1]) --changing;
  std::fill(m_at.begin() + static_cast<std::ptrdiff_t>(changing), m_at.end(), 0);
  for (; changing > 0; --changing) {
    auto& at = m_at[changing - 1];
    if (++at < count(static_cast<Part>(changing - 1))) return;
    at = 0;
  }
  m_at_end = true;
}

}  // namespace kaudit::policy
