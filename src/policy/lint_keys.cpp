// Keys that the server drops: the rule is broader or other than written.

#include <algorithm>

#include "kaudit/base/nearest.hpp"
#include "kaudit/policy/lint.hpp"
#include "lint_rules.hpp"
#include "versions.hpp"

namespace kaudit::policy {
namespace {

enum class Parent { policy, rule, entry, other };

Parent parent_of(const DroppedKey& dropped) {
  const auto has = [&](std::string_view field) {
    return std::find(dropped.fields.begin(), dropped.fields.end(), field) != dropped.fields.end();
  };
  if (has("rules")) return Parent::policy;
  if (has("level")) return Parent::rule;
  return has("resourceNames") ? Parent::entry : Parent::other;
}

std::string nearest_field(const DroppedKey& dropped) {
  const std::string lower = lower_case(dropped.key);
  for (const std::string& field : dropped.fields) {
    const std::string known = lower_case(field);
    if (known == lower || (lower.size() > 1 && known == lower + "s")) return field;
  }
  return nearest_word(dropped.key, {dropped.fields.begin(), dropped.fields.end()});
}

/// A field that exists, but elsewhere: `verbs` among `group` and `resources`, after a wrong indentation.
std::string hint_elsewhere(const DroppedKey& dropped, Parent parent) {
  constexpr std::string_view k_of_rules[] = {"level", "users", "userGroups", "verbs", "nonResourceURLs", "namespaces"};
  const bool of_rule = std::find(std::begin(k_of_rules), std::end(k_of_rules), dropped.key) != std::end(k_of_rules);
  if (parent == Parent::entry && (of_rule || dropped.key == "omitStages" || dropped.key == "omitManagedFields")) {
    return dropped.key + " belongs to the rule: give it the indentation of `level`";
  }
  if (parent == Parent::rule && (dropped.key == "group" || dropped.key == "resourceNames")) {
    return dropped.key + " belongs to an entry of `resources`: `resources: [{group: ..., resources: [...]}]`";
  }
  if (parent == Parent::entry && (dropped.key == "version" || dropped.key == "apiVersion")) {
    return "take it out: an entry is for all versions of its group";
  }
  if (dropped.key == "apiGroups" && (parent == Parent::entry || parent == Parent::rule)) {  // that is RBAC's
    return "an entry of `resources` has one `group`: `resources: [{group: apps, resources: [deployments]}]`";
  }
  if (parent == Parent::policy && of_rule) return dropped.key + " belongs to a rule, an entry of `rules`";
  return {};
}

std::string consequence(const std::string& meant, Parent parent) {
  if (parent == Parent::other) return "it has no effect";
  if (parent == Parent::policy) return "the policy holds without it";
  if (meant == "omitStages" || meant == "omitManagedFields") return "the policy's setting holds";
  if (meant == "verbs") return "the rule is not limited to these verbs";
  if (meant == "users") return "the rule is not limited to these users";
  if (meant == "userGroups") return "the rule is not limited to these groups";
  if (meant == "namespaces") return "the rule is not limited to these namespaces";
  if (meant == "nonResourceURLs") return "the rule is not limited to these URLs";
  if (meant == "resources") {
    return std::string(parent == Parent::rule ? "the rule" : "the entry") + " is not limited to these resources";
  }
  if (meant == "resourceNames") return "the entry is not limited to these names";
  if (meant == "group") return "the entry is not for this group";
  return "the rule matches as if it were not there";
}

void add_unknown(const LintInput& input, const DroppedKey& dropped, Findings& findings) {
  const Parent parent = parent_of(dropped);
  const std::string drops = input.version >= k_strict_since ? "kube-apiserver only warns and drops it: "
                                                            : "kube-apiserver silently drops it: ";
  if (dropped.key == "omitManagedFields" && input.version < k_managed_fields_since && parent != Parent::entry) {
    findings.add(text::Severity::error, "unknown-field", dropped.path, dropped.offset,
                 "omitManagedFields exists since Kubernetes 1.23; " + drops + "managed fields are recorded",
                 "leave it out for versions before 1.23");
    return;
  }
  std::string hint = hint_elsewhere(dropped, parent);
  const std::string meant = hint.empty() ? nearest_field(dropped) : dropped.key;
  if (hint.empty() && !meant.empty()) hint = "did you mean " + meant + "?";
  if (hint.empty()) hint = "take it out; a remark for people is written as a comment, behind #";
  // what metadata says has no effect on what is recorded
  const auto severity = parent == Parent::other ? text::Severity::warning : text::Severity::error;
  findings.add(severity, "unknown-field", dropped.path, dropped.offset,
               "no field is called " + quoted(dropped.key) + " here; " + drops + consequence(meant, parent),
               std::move(hint));
}

void add_repeated(const DroppedKey& dropped, Findings& findings) {
  const bool of_metadata = dropped.path == "metadata" || dropped.path.starts_with("metadata.");
  findings.add(of_metadata ? text::Severity::warning : text::Severity::error, "repeated-key", dropped.path,
               dropped.offset,
               "the key " + quoted(dropped.key) +
                   " stands twice in the same object; kube-apiserver does not add the two together: what one of them "
                   "says is lost",
               "write one of it, with everything that is meant");
}

}  // namespace

void lint_keys(const LintInput& input, Findings& findings) {
  for (const DroppedKey& dropped : input.dropped) {
    if (findings.are_enough()) return;
    if (dropped.kind == DroppedKey::Kind::unknown) {
      add_unknown(input, dropped, findings);
    } else {
      add_repeated(dropped, findings);
    }
  }
}

}  // namespace kaudit::policy
