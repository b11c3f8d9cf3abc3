#include "policy/reference.hpp"

#include <algorithm>
#include <array>

namespace kaudit::test {
namespace {

using policy::OwnedRequest;
using policy::RequestKind;

bool has(const policy::TextList& list, const std::string& text) {
  return std::any_of(list.items.begin(), list.items.end(), [&](const auto& item) { return item.value == text; });
}

bool matches_resource(const policy::Rule& rule, const OwnedRequest& request, kube::Version version) {
  if (request.kind != RequestKind::resource) return false;
  if (!rule.namespaces.empty() && !has(rule.namespaces, request.name_space)) return false;
  if (rule.resources.empty()) return true;
  auto combined = request.resource;
  if (!request.subresource.empty()) combined = request.resource + "/" + request.subresource;
  for (const auto& gr : rule.resources) {
    const bool all_groups = version.minor >= 36 && gr.group.value == "*";
    if (gr.group.value != request.api_group && !all_groups) continue;
    if (gr.resources.empty()) return true;
    for (const auto& item : gr.resources.items) {
      const auto& res = item.value;
      if (!gr.resource_names.empty() && !has(gr.resource_names, request.name)) continue;
      if (res == combined || res == "*") return true;
      if (!request.subresource.empty() && res.rfind("*/", 0) == 0 && res.substr(2) == request.subresource) return true;
      const auto tail = res.size() >= 2 ? res.substr(res.size() - 2) : "";
      if (tail == "/*" && request.resource == res.substr(0, res.size() - 2)) return true;
    }
  }
  return false;
}

bool matches_url(const policy::Rule& rule, const OwnedRequest& request) {
  if (request.kind == RequestKind::resource) return false;
  return std::any_of(rule.non_resource_urls.items.begin(), rule.non_resource_urls.items.end(), [&](const auto& item) {
    const auto& spec = item.value;
    if (spec == "*" || spec == request.path) return true;
    if (spec.empty() || spec.back() != '*') return false;
    auto prefix = spec;
    while (!prefix.empty() && prefix.back() == '*') prefix.pop_back();
    return request.path.rfind(prefix, 0) == 0;
  });
}

}  // namespace

bool matches(const policy::Rule& rule, const OwnedRequest& request, kube::Version version) {
  if (!rule.users.empty() && !(request.user && has(rule.users, *request.user))) return false;
  if (!rule.user_groups.empty()) {
    if (!request.user) return false;
    bool found = false;
    for (const auto& group : request.groups) found = found || has(rule.user_groups, group);
    if (!found) return false;
  }
  if (!rule.verbs.empty() && !has(rule.verbs, request.verb)) return false;
  if (!rule.namespaces.empty() || !rule.resources.empty()) return matches_resource(rule, request, version);
  if (!rule.non_resource_urls.empty()) return matches_url(rule, request);
  return true;
}

std::optional<std::uint32_t> first_match(const policy::Policy& policy, const OwnedRequest& request,
                                         kube::Version version) {
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i) {
    if (matches(policy.rules[i], request, version)) return i;
  }
  return std::nullopt;
}

View::View(const OwnedRequest& request) : m_groups(request.groups.begin(), request.groups.end()) {
  m_attributes = {std::nullopt,      m_groups,         request.verb,        request.name_space,
                  request.api_group, request.resource, request.subresource, request.name,
                  request.path,      request.kind};
  if (request.user) m_attributes.user = *request.user;
}

policy::TextList list(const std::vector<std::string>& texts) {
  policy::TextList result;
  for (const auto& text : texts) result.items.push_back({text, 0});
  return result;
}

policy::Rule rule(const RuleParts& parts) {
  policy::Rule result;
  result.level.value = parts.level;
  result.users = list(parts.users);
  result.user_groups = list(parts.groups);
  result.verbs = list(parts.verbs);
  result.resources = parts.resources;
  result.namespaces = list(parts.namespaces);
  result.non_resource_urls = list(parts.urls);
  return result;
}

policy::GroupResources entry(const std::string& group, const std::vector<std::string>& resources,
                             const std::vector<std::string>& names) {
  return {{group, 0}, list(resources), list(names), 0};
}

policy::Policy policy_of(std::vector<policy::Rule> rules) {
  policy::Policy result;
  result.rules = std::move(rules);
  return result;
}

// Lengths on both sides of every boundary of the fingerprints, and long texts that differ in one byte in the middle.
std::string text_of(std::size_t number) {
  static const std::array<std::string, 20> texts = {"a",
                                                    "b",
                                                    "",
                                                    "*",
                                                    "ab",
                                                    "abcd",
                                                    "abcdefg",
                                                    "abcdefgh",
                                                    "system:serviceaccount:ns-0001:default",
                                                    "system:serviceaccount:ns-0002:default",
                                                    "sixteen-bytes-ab",
                                                    "seventeen-bytes-a",
                                                    "seventeen-bytes-b",
                                                    "abc",
                                                    "axc",
                                                    "system:node",
                                                    "system:mode",
                                                    "a-name-of-thirty-two-bytes-to-ab",
                                                    "a-name-of-thirty-two-bytes-or-ab",
                                                    "aaaa"};
  if (number < texts.size()) return texts[number];
  return "text-" + std::to_string(number) + (number % 3 == 0 ? "" : ":with-more-than-16-bytes");
}

namespace {

std::string text(Random& random, Shape shape) { return text_of(random.below(shape.texts)); }

std::vector<std::string> texts(Random& random, Shape shape) {
  std::vector<std::string> result;
  if (!random.one_in(shape.constrained_one_in)) return result;
  for (auto count = 1 + random.below(3); count > 0; --count) result.push_back(text(random, shape));
  return result;
}

std::string pattern(Random& random, Shape shape) {
  switch (random.below(10)) {
    case 0:
      return "*";
    case 1:
      return "*/" + text(random, shape);
    case 2:
      return text(random, shape) + "/*";
    case 3:
      return random.of<std::string>({"*/*", "/", "/*", "*/", "a/b/c", "a/b/*", "*/a/b", "a//b", "a/", "/a"});
    case 4:
    case 5: {
      const auto resource = text(random, shape);
      return resource + "/" + text(random, shape);
    }
    case 6:
      return random.one_in(20) ? "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/" + text(random, shape) : text(random, shape);
    default:
      return text(random, shape);
  }
}

std::string url(Random& random, Shape shape) {
  auto path = random.one_in(4) ? std::string("/") : "/" + text(random, shape);
  switch (random.below(6)) {
    case 0:
      return path + "*";
    case 1:
      return path + "/" + text(random, shape) + "*";
    case 2:
      return random.of<std::string>({"*", "/*", "/ab*", "/a*", "**", "/a**", "", "/a*b"});
    default:
      return path;
  }
}

}  // namespace

policy::Policy random_policy(Random& random, std::size_t rules, Shape shape) {
  policy::Policy result;
  for (std::size_t i = 0; i < rules; ++i) {
    RuleParts parts{texts(random, shape), texts(random, shape), texts(random, shape)};
    if (random.one_in(3)) {
      for (auto count = 1 + random.below(3); count > 0; --count) parts.urls.push_back(url(random, shape));
    }
    if (parts.urls.empty() || random.one_in(10)) parts.namespaces = texts(random, shape);
    for (auto count = parts.urls.empty() ? random.below(4) : 0; count > 0; --count) {
      const auto group = random.one_in(4) ? std::string("*") : text(random, shape);
      parts.resources.push_back(entry(group, {}, texts(random, shape)));
      auto& patterns = parts.resources.back().resources.items;
      for (auto left = random.below(4); left > 0; --left) patterns.push_back({pattern(random, shape), 0});
    }
    parts.level = random.of<std::string>({"None", "Metadata", "Request", "RequestResponse"});
    result.rules.push_back(rule(parts));
  }
  return result;
}

policy::OwnedRequest random_request(Random& random, Shape shape) {
  policy::OwnedRequest request;
  if (!random.one_in(8)) request.user = text(random, shape);
  for (auto count = random.one_in(30) ? std::size_t{40} : random.below(4); count > 0; --count) {
    request.groups.push_back(text(random, shape));
  }
  request.verb = text(random, shape);
  request.name_space = text(random, shape);
  request.api_group = text(random, shape);
  request.resource = random.one_in(4) ? pattern(random, shape) : text(random, shape);
  if (random.one_in(2)) request.subresource = random.one_in(4) ? pattern(random, shape) : text(random, shape);
  request.name = text(random, shape);
  request.path = random.one_in(3) ? url(random, shape) : "/" + text(random, shape);
  if (random.one_in(4)) request.path += text(random, shape);
  request.kind = random.one_in(3) ? RequestKind::non_resource : RequestKind::resource;
  return request;
}

std::string describe(const policy::OwnedRequest& request) {
  auto result = request.user ? "user '" + *request.user + "'" : std::string("no user");
  for (const auto& group : request.groups) result += " group '" + group + "'";
  result += " verb '" + request.verb + "'";
  if (request.kind == RequestKind::non_resource) return result + " path '" + request.path + "'";
  return result + " namespace '" + request.name_space + "' resource '" + request.api_group + "' '" + request.resource +
         "' '" + request.subresource + "' name '" + request.name + "'";
}

}  // namespace kaudit::test
