#include "validate.hpp"

#include <array>
#include <set>

#include "go_text.hpp"
#include "kaudit/base/nearest.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "patterns.hpp"

namespace kaudit::policy {
namespace {

class Validator {
 public:
  explicit Validator(kube::Version version) : m_version(version) {}

  std::vector<text::Diagnostic> run(const Policy& policy) {
    check_stages(policy.omit_stages, "omitStages");
    for (std::size_t i = 0; i < policy.rules.size(); ++i) {
      check_rule(policy.rules[i], "rules[" + std::to_string(i) + "]");
    }
    return std::move(m_findings);
  }

 private:
  void add(std::string field, std::size_t offset, std::string message, std::string hint) {
    m_findings.push_back(
        {text::Severity::error, "policy", std::move(field), std::move(message), std::move(hint), offset});
  }

  void check_stages(const TextList& stages, const std::string& field) {
    for (std::size_t i = 0; i < stages.items.size(); ++i) {
      const Text& stage = stages.items[i];
      if (stage_of(stage.value)) continue;
      const std::string nearest =
          nearest_word(stage.value, {"RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"});
      add(field + "[" + std::to_string(i) + "]", stage.offset,
          kube::invalid_value(stage.value, "allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic"),
          nearest.empty() ? "write one of these" : "did you mean " + nearest + "?");
    }
  }

  void check_rule(const Rule& rule, const std::string& field) {
    check_level(rule, field + ".level");
    check_urls(rule.non_resource_urls, field + ".nonResourceURLs");
    check_resources(rule.resources, field + ".resources");
    check_stages(rule.omit_stages, field + ".omitStages");
    if (!rule.non_resource_urls.empty() && (!rule.resources.empty() || !rule.namespaces.empty())) {
      add(field + ".nonResourceURLs", rule.non_resource_urls.offset,
          "Invalid value: " + text_list(rule.non_resource_urls, m_version) +
              ": rules cannot apply to both regular resources and non-resource URLs",
          "make two rules of it");
    }
  }

  void check_level(const Rule& rule, const std::string& field) {
    const std::string& level = rule.level.value;
    if (level_of(level)) return;
    if (level.empty()) {
      const bool written = rule.level.offset != 0;
      return add(field, written ? rule.level.offset : rule.offset, kube::required_value(),
                 "give the rule a level: None, Metadata, Request or RequestResponse");
    }
    const std::string nearest = nearest_word(level, {"None", "Metadata", "Request", "RequestResponse"});
    add(field, rule.level.offset,
        "Unsupported value: " + named_text(level, m_version) +
            R"(: supported values: "None", "Metadata", "Request", "RequestResponse")",
        nearest.empty() ? "write one of these" : "did you mean " + nearest + "?");
  }

  void check_urls(const TextList& urls, const std::string& list) {
    for (std::size_t i = 0; i < urls.items.size(); ++i) {
      const std::string& url = urls.items[i].value;
      const std::string field = list + "[" + std::to_string(i) + "]";
      if (url == "*") continue;
      if (!url.starts_with('/')) {
        add(field, urls.items[i].offset,
            kube::invalid_value(url, "non-resource URL rules must begin with a '/' character"),
            "write the path with its first slash, such as /healthz*");
      }
      if (!url.empty() && url.find('*') < url.size() - 1) {
        add(field, urls.items[i].offset,
            kube::invalid_value(url, "non-resource URL wildcards '*' must be the final character of the rule"),
            "only the end of a path can be left open");
      }
    }
  }

  void check_resources(const std::vector<GroupResources>& entries, const std::string& field) {
    for (const GroupResources& entry : entries) {
      const std::string& group = entry.group.value;
      if (!group.empty() && !(group == k_every && every_group_has_a_name(m_version))) check_group(entry.group, field);
      if (!entry.resource_names.empty() && entry.resources.empty()) {
        add(field + ".resourceNames", entry.resource_names.offset,
            "Invalid value: " + text_list(entry.resource_names, m_version) +
                ": using resourceNames requires at least one resource",
            "name the resources that these are names of");
      }
    }
  }

  void check_group(const Text& group, const std::string& field) {
    std::string words;
    for (const std::string& problem : kube::dns1123_subdomain_problems(group.value)) {
      words += (words.empty() ? "" : ",") + problem;
    }
    if (words.empty()) return;
    const bool has_version = group.value.find('/') != std::string::npos;
    std::string hint = "write the API group's name, such as apps or rbac.authorization.k8s.io; \"\" is the core group";
    if (has_version) hint = "a group has no version here: write " + group.value.substr(0, group.value.find('/'));
    if (group.value == "*") hint = "every group is `*` since Kubernetes 1.36 only";
    add(field + ".group", group.offset, kube::invalid_value(group.value, words), hint);
  }

  kube::Version m_version;
  std::vector<text::Diagnostic> m_findings;
};

}  // namespace

std::vector<text::Diagnostic> validate(const Policy& policy, kube::Version version) {
  return Validator(version).run(policy);
}

std::string aggregate(const std::vector<text::Diagnostic>& findings) {
  std::set<std::string> seen;
  std::string all;
  for (const text::Diagnostic& finding : findings) {
    const std::string one = finding.field + ": " + finding.message;
    if (!seen.insert(one).second) continue;
    all += (all.empty() ? "" : ", ") + one;
  }
  return seen.size() > 1 ? "[" + all + "]" : all;
}

}  // namespace kaudit::policy
