// Users and groups that no request has.

#include <algorithm>
#include <array>

#include "lint_rules.hpp"

namespace kaudit::policy {
namespace {

using text::Severity;

constexpr std::string_view k_account = "system:serviceaccount:";
constexpr std::string_view k_node = "system:node:";

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

/// What to write instead of a user with a wildcard.
std::string hint_for_user(std::string_view text) {
  const std::string_view before = text.substr(0, text.find('*'));
  if (before.empty()) return "leave users out: a rule without users is for all of them";
  if (starts_with(before, k_node)) return "write `userGroups: [\"system:nodes\"]`";
  if (starts_with(before, k_account)) {
    const std::string_view rest = before.substr(k_account.size());
    const std::size_t colon = rest.find(':');
    if (rest.empty()) return "write `userGroups: [\"system:serviceaccounts\"]`";
    if (colon + 1 == rest.size() && colon != std::string_view::npos) {
      return "write `userGroups: [\"system:serviceaccounts:" + std::string(rest.substr(0, colon)) + "\"]`";
    }
  }
  return "list the users, or name a group that they have in userGroups";
}

std::string hint_for_group(std::string_view text) {
  const std::string_view before = text.substr(0, text.find('*'));
  if (before.empty()) return "leave userGroups out: a rule without userGroups is for users of all groups";
  if (starts_with(before, "system:serviceaccounts")) return "write \"system:serviceaccounts\"";
  return "list the groups";
}

/// The groups that Kubernetes itself gives or reads. Source: apiserver pkg/authentication/user/user.go.
bool is_system_group(std::string_view text) {
  constexpr std::array<std::string_view, 7> k_groups = {
      "system:authenticated", "system:unauthenticated", "system:masters",      "system:nodes",
      "system:monitoring",    "system:serviceaccounts", "system:bootstrappers"};
  return std::find(k_groups.begin(), k_groups.end(), text) != k_groups.end() ||
         starts_with(text, "system:serviceaccounts:") || starts_with(text, "system:bootstrappers:");
}

void lint_users(const Rule& rule, std::size_t index, Findings& findings) {
  for (std::size_t i = 0; i < rule.users.items.size() && !findings.are_enough(); ++i) {
    const Text& user = rule.users.items[i];
    const auto path = [&] { return item_path(rule_path(index, "users"), i); };
    if (user.value.find('*') != std::string::npos) {
      findings.add(Severity::error, "literal-star", path(), user.offset,
                   "users are compared letter by letter, * included: " + quoted(user.value) + " is nobody's name",
                   hint_for_user(user.value));
    } else if (is_system_group(user.value)) {
      findings.add(Severity::error, "group-in-users", path(), user.offset,
                   quoted(user.value) + " is a group, and no user has this name: it matches nobody here",
                   "write it in userGroups");
    }
  }
}

void lint_user_groups(const Rule& rule, std::size_t index, Findings& findings) {
  for (std::size_t i = 0; i < rule.user_groups.items.size() && !findings.are_enough(); ++i) {
    const Text& group = rule.user_groups.items[i];
    const auto path = [&] { return item_path(rule_path(index, "userGroups"), i); };
    if (group.value.find('*') != std::string::npos) {
      findings.add(Severity::error, "literal-star", path(), group.offset,
                   "groups are compared letter by letter, * included: nobody is in " + quoted(group.value),
                   hint_for_group(group.value));
    } else if (starts_with(group.value, k_account) || starts_with(group.value, k_node) ||
               group.value == "system:anonymous") {
      findings.add(Severity::error, "user-in-groups", path(), group.offset,
                   quoted(group.value) + " is a user's name, and no group has it: it matches nobody here",
                   "write it in users");
    }
  }
}

}  // namespace

void lint_subjects(const LintInput& input, Findings& findings) {
  for (std::size_t i = 0; i < input.policy.rules.size() && !findings.are_enough(); ++i) {
    lint_users(input.policy.rules[i], i, findings);
    lint_user_groups(input.policy.rules[i], i, findings);
  }
}

}  // namespace kaudit::policy
