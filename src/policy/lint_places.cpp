// Namespaces, names and URLs that no request has, and conditions that are none.

#include <algorithm>

#include "kaudit/kube/pod_rules.hpp"
#include "lint_rules.hpp"
#include "patterns.hpp"

namespace kaudit::policy {
namespace {

using text::Severity;

void lint_namespaces(const Rule& rule, std::size_t index, Findings& findings) {
  for (std::size_t i = 0; i < rule.namespaces.items.size() && !findings.are_enough(); ++i) {
    const Text& space = rule.namespaces.items[i];
    if (space.value.empty()) continue;  // what is in no namespace, and lists over all of them
    const auto path = [&] { return item_path(rule_path(index, "namespaces"), i); };
    if (space.value.find('*') != std::string::npos) {
      findings.add(Severity::error, "literal-star", path(), space.offset,
                   "namespaces are compared letter by letter, * included: none is called " + quoted(space.value),
                   space.value == "*" ? "leave namespaces out: a rule without namespaces is for all of them"
                                      : "list the namespaces");
    } else if (!kube::dns1123_label_problems(space.value).empty()) {
      findings.add(Severity::error, "impossible-namespace", path(), space.offset,
                   "no namespace can be called " + quoted(space.value) +
                       ": names of namespaces are lower case letters, digits and '-'",
                   lower_case(space.value) != space.value ? "did you mean " + lower_case(space.value) + "?"
                                                          : "write the namespace as kubectl shows it");
    }
  }
}

void lint_names(const Rule& rule, std::size_t index, Findings& findings) {
  for (std::size_t e = 0; e < rule.resources.size(); ++e) {
    const TextList& names = rule.resources[e].resource_names;
    for (std::size_t i = 0; i < names.items.size() && !findings.are_enough(); ++i) {
      if (names.items[i].value.find('*') == std::string::npos) continue;
      const std::string& name = names.items[i].value;
      findings.add(
          Severity::error, "literal-star", item_path(entry_path(index, e, "resourceNames"), i), names.items[i].offset,
          "names are compared letter by letter, * included: " + quoted(name) + " is an object of this very name only",
          name == "*" ? "leave resourceNames out: without them an entry is for objects of every name"
                      : "list the names");
    }
  }
}

/// Whether a create of what the entry names has a name: only that of a part of an object does (`pods/exec`).
bool may_be_subresource(const GroupResources& entry) {
  return std::any_of(entry.resources.items.begin(), entry.resources.items.end(), [](const Text& resource) {
    return resource.value.find('/') != std::string::npos || resource.value == "*";
  });
}

void lint_nameless_verbs(const Rule& rule, std::size_t index, Findings& findings) {
  for (std::size_t e = 0; e < rule.resources.size(); ++e) {
    const GroupResources& entry = rule.resources[e];
    if (entry.resource_names.empty() || entry.resources.empty() || may_be_subresource(entry)) continue;
    if (entry.resource_names.contains("")) continue;
    for (std::size_t v = 0; v < rule.verbs.items.size(); ++v) {
      const Text& verb = rule.verbs.items[v];
      if (verb.value != "create" && verb.value != "deletecollection") continue;
      findings.add(Severity::info, "resource-names-create", item_path(rule_path(index, "verbs"), v), verb.offset,
                   "a " + verb.value + " request has no object name, so resources[" + std::to_string(e) +
                       "] with its resourceNames never matches one",
                   "give " + verb.value + " a rule without resourceNames");
      return;
    }
  }
}

/// Number of parts between slashes, and whether the last part has begun.
std::vector<std::string_view> split_at_slashes(std::string_view url) {
  std::vector<std::string_view> parts;
  url.remove_prefix(std::min<std::size_t>(1, url.size()));
  while (true) {
    const std::size_t slash = url.find('/');
    parts.push_back(url.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    url.remove_prefix(slash + 1);
  }
}

/// Whether every path that fits is one for resources: /api/VERSION/… and /apis/GROUP/VERSION/….
/// Source: apiserver pkg/endpoints/request/requestinfo.go NewRequestInfo.
bool is_resource_path(std::string_view url) {
  const std::vector<std::string_view> parts = split_at_slashes(url);
  const std::size_t before = parts[0] == "api" ? 2 : parts[0] == "apis" ? 3 : 0;
  if (before == 0 || parts.size() <= before) return false;
  // nothing behind the last slash is no part of its own
  return !parts[before].empty() && std::all_of(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(before),
                                               [](std::string_view part) { return !part.empty(); });
}

void lint_urls(const Rule& rule, std::size_t index, Findings& findings) {
  for (std::size_t i = 0; i < rule.non_resource_urls.items.size() && !findings.are_enough(); ++i) {
    const Text& url = rule.non_resource_urls.items[i];
    const auto path = [&] { return item_path(rule_path(index, "nonResourceURLs"), i); };
    if (url.value.find('?') != std::string::npos) {
      findings.add(Severity::error, "url-query", path(), url.offset,
                   "the path that is compared ends before the '?': " + quoted(url.value) + " matches no request",
                   "write " + url.value.substr(0, std::min<std::size_t>(url.value.find('?'), 80)));
    } else if (is_resource_path(url.value)) {
      findings.add(Severity::error, "resource-url", path(), url.offset,
                   quoted(url.value) +
                       " is the path of a resource, and nonResourceURLs never match requests for "
                       "resources",
                   "name the group and the resource in `resources`");
    }
  }
}

void add_empty_at(std::size_t offset, const std::string& path, std::string_view matches, Findings& findings) {
  if (offset == 0) return;
  findings.add(Severity::info, "empty-list", path, offset, "an empty list is no condition: " + std::string(matches),
               "leave it out if that is meant; a rule that should match nothing is taken out");
}

void add_empty(const TextList& list, const std::string& path, std::string_view matches, Findings& findings) {
  if (list.empty()) add_empty_at(list.offset, path, matches, findings);
}

void lint_empty_lists(const Rule& rule, std::size_t index, Findings& findings) {
  add_empty(rule.users, rule_path(index, "users"), "the rule matches every user", findings);
  add_empty(rule.user_groups, rule_path(index, "userGroups"), "the rule matches users of every group", findings);
  add_empty(rule.verbs, rule_path(index, "verbs"), "the rule matches every verb", findings);
  add_empty(rule.namespaces, rule_path(index, "namespaces"), "the rule matches every namespace", findings);
  add_empty(rule.non_resource_urls, rule_path(index, "nonResourceURLs"), "it limits the rule to no URL", findings);
  if (rule.resources.empty()) {
    add_empty_at(rule.resources_offset, rule_path(index, "resources"),
                 is_for_both_kinds(rule) ? "the rule matches requests for every resource, and for URLs, too"
                                         : "the rule matches every resource",
                 findings);
  }
  for (std::size_t e = 0; e < rule.resources.size(); ++e) {
    const GroupResources& entry = rule.resources[e];
    add_empty(entry.resources, entry_path(index, e, "resources"), "the entry matches every resource of the group",
              findings);
    add_empty(entry.resource_names, entry_path(index, e, "resourceNames"), "the entry matches objects of every name",
              findings);
  }
}

}  // namespace

void lint_places(const LintInput& input, Findings& findings) {
  for (std::size_t i = 0; i < input.policy.rules.size() && !findings.are_enough(); ++i) {
    const Rule& rule = input.policy.rules[i];
    lint_namespaces(rule, i, findings);
    lint_names(rule, i, findings);
    lint_nameless_verbs(rule, i, findings);
    lint_urls(rule, i, findings);
    lint_empty_lists(rule, i, findings);
  }
}

}  // namespace kaudit::policy
