#include "kaudit/policy/check.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "kaudit/base/nearest.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/text/diagnostic.hpp"

namespace kaudit::policy {
namespace {

using decode::Value;

constexpr std::array<std::string_view, 4> k_levels = {"None", "Metadata", "Request", "RequestResponse"};

/// v1beta1 and v1alpha1 were taken out in 1.24.
constexpr kube::Version k_only_v1_since{1, 24};

Error refuse(const text::Source& source, std::size_t offset, std::string field, std::string message,
             std::string hint = {}) {
  text::Diagnostic finding;
  finding.code = "policy";
  finding.field = std::move(field);
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  finding.offset = offset;
  return text::refuse(source, finding);
}

bool same_letters(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

/// apiVersion and kind are found by encoding/json, which does not mind the case of keys.
const Value* find_any_case(const Value& object, std::string_view key) {
  for (const Value::Member& member : *object.object()) {
    if (same_letters(member.key, key)) return &member.value;
  }
  return nullptr;
}

Status check_type(const text::Source& source, const Value& value, std::optional<kube::Version> version) {
  const Value* api_version = find_any_case(value, "apiVersion");
  const Value* kind = find_any_case(value, "kind");
  const std::string* kind_text = kind != nullptr ? kind->string() : nullptr;
  if (kind != nullptr && !kind->is_null() &&
      (kind_text == nullptr || (!kind_text->empty() && *kind_text != "Policy"))) {
    const std::string found = kind_text != nullptr ? *kind_text : std::string(kind->type_name());
    return refuse(source, kind->offset(), "kind", "this is a " + found + ", not an audit Policy",
                  "an audit policy begins with apiVersion: audit.k8s.io/v1, kind: Policy");
  }
  const std::string* text = api_version != nullptr ? api_version->string() : nullptr;
  if (text == nullptr || text->empty()) {
    return refuse(source, api_version != nullptr ? api_version->offset() : value.offset(), "apiVersion",
                  kube::required_value(), "write apiVersion: audit.k8s.io/v1");
  }
  const bool old = *text == "audit.k8s.io/v1beta1" || *text == "audit.k8s.io/v1alpha1";
  if (*text == "audit.k8s.io/v1" || (old && version && *version < k_only_v1_since)) return Done{};
  return refuse(source, api_version->offset(), "apiVersion",
                "no kind \"Policy\" is registered for version " + kube::go_quote(*text),
                old ? "removed in Kubernetes 1.24; write audit.k8s.io/v1" : "write apiVersion: audit.k8s.io/v1");
}

Status check_level(const text::Source& source, const Value& rule, std::size_t index) {
  const std::string field = "rules[" + std::to_string(index) + "]";
  if (rule.object() == nullptr && !rule.is_null()) {
    return refuse(source, rule.offset(), field, "a rule is an object, this is a " + std::string(rule.type_name()));
  }
  const Value* level = rule.find("level");
  if (level == nullptr || level->is_null()) {
    return refuse(source, rule.offset(), field + ".level", kube::required_value());
  }
  const std::string* text = level->string();
  if (text != nullptr && std::find(k_levels.begin(), k_levels.end(), *text) != k_levels.end()) return Done{};
  if (text != nullptr && text->empty()) {
    return refuse(source, level->offset(), field + ".level", kube::required_value());
  }
  if (text == nullptr) {
    return refuse(source, level->offset(), field + ".level",
                  "cannot unmarshal " + std::string(level->type_name()) + " into a level",
                  "one of None, Metadata, Request, RequestResponse");
  }
  const std::string nearest = nearest_word(*text, {k_levels.begin(), k_levels.end()});
  return refuse(source, level->offset(), field + ".level",
                "Unsupported value: " + kube::go_quote(*text) +
                    ": supported values: \"None\", \"Metadata\", \"Request\", \"RequestResponse\"",
                nearest.empty() ? "" : "did you mean " + nearest + "?");
}

}  // namespace

Status check(const text::Source& source, const Value& value, std::optional<kube::Version> version) {
  if (value.object() == nullptr) {
    return refuse(source, value.offset(), "", "this is no audit policy: it holds " + std::string(value.type_name()),
                  "an audit policy begins with apiVersion: audit.k8s.io/v1, kind: Policy");
  }
  KAUDIT_TRY_DO(check_type(source, value, version));
  const Value* rules = value.find("rules");
  if (rules == nullptr || rules->is_null() || (rules->array() != nullptr && rules->array()->empty())) {
    return refuse(source, rules != nullptr ? rules->offset() : value.offset(), "rules",
                  "loaded illegal policy with 0 rules", "give at least one rule, such as level: Metadata");
  }
  if (rules->array() == nullptr) {
    return refuse(source, rules->offset(), "rules", "rules is a list, this is a " + std::string(rules->type_name()));
  }
  for (std::size_t i = 0; i < rules->array()->size(); ++i) {
    KAUDIT_TRY_DO(check_level(source, (*rules->array())[i], i));
  }
  return Done{};
}

}  // namespace kaudit::policy
