#include <algorithm>

#include <fmt/format.h>

#include "console.hpp"
#include "explain_requests.hpp"
#include "explain_target.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/kube/long_running.hpp"
#include "kaudit/policy/load.hpp"
#include "kaudit/policy/request.hpp"
#include "kaudit/report/lint_report.hpp"
#include "kaudit/text/yaml_lines.hpp"
#include "session.hpp"
#include "verbs_run.hpp"

namespace kaudit::cli {
namespace {

std::string reason_of(policy::Mismatch mismatch, const policy::Rule& rule, const policy::OwnedRequest& request) {
  using policy::Mismatch;
  switch (mismatch) {
    case Mismatch::users:
      return fmt::format("users does not list {}", request.user.value_or("nobody: the request is unauthenticated"));
    case Mismatch::user_groups:
      return "userGroups lists none of the groups";
    case Mismatch::verbs:
      return fmt::format("verbs does not list {}", request.verb);
    case Mismatch::kind:
      return request.kind == policy::RequestKind::resource ? "it is for URLs, this is a request for a resource"
                                                           : "it is for resources, this is a request for a URL";
    case Mismatch::namespaces:
      return request.name_space.empty() ? "namespaces is given, the request has none"
                                        : fmt::format("namespaces does not list {}", request.name_space);
    case Mismatch::resources:
      return fmt::format("no entry of resources has {}{} of group \"{}\"", request.resource,
                         request.subresource.empty() ? "" : "/" + request.subresource, request.api_group);
    case Mismatch::resource_names:
      return request.name.empty() ? "resourceNames is given, the request has no name"
                                  : fmt::format("resourceNames does not list {}", request.name);
    case Mismatch::non_resource_urls:
      return fmt::format("nonResourceURLs has none that fits {}", request.path);
    case Mismatch::none:
      break;
  }
  return fmt::format("it matches (level {})", rule.level.value);
}

std::string request_words(const policy::OwnedRequest& request) {
  std::string words = request.verb + " ";
  if (request.kind == policy::RequestKind::non_resource) {
    words += request.path;
  } else {
    words += request.resource + (request.api_group.empty() ? "" : "." + request.api_group);
    if (!request.subresource.empty()) words += "/" + request.subresource;
    if (!request.name.empty()) words += " " + request.name;
    words += request.name_space.empty() ? " in no namespace" : " in namespace " + request.name_space;
  }
  return fmt::format("{} as {} (groups: {})", words, request.user.value_or(""), fmt::join(request.groups, ", "));
}

/// Offset of the last text of a rule: its lines go to that one's.
std::size_t last_offset(const policy::Rule& rule) {
  std::size_t last = std::max(rule.offset, rule.level.offset);
  const auto see = [&](const policy::TextList& list) {
    last = std::max(last, list.offset);
    for (const policy::Text& item : list.items) last = std::max(last, item.offset);
  };
  for (const auto* list :
       {&rule.users, &rule.user_groups, &rule.verbs, &rule.namespaces, &rule.non_resource_urls, &rule.omit_stages}) {
    see(*list);
  }
  for (const policy::GroupResources& entry : rule.resources) {
    last = std::max({last, entry.offset, entry.group.offset});
    see(entry.resources);
    see(entry.resource_names);
  }
  return last;
}

/// Index of a rule's last line: that of its last text, and what is indented like it behind that (a key that the server
/// drops, a closing bracket), but no comments at the end.
std::size_t last_line_of(const text::YamlLines& lines, const policy::Policy& policy, std::size_t index) {
  const policy::Rule& rule = policy.rules[index];
  const std::size_t column = lines.position(rule.offset).column - 1;
  const bool is_last = index + 1 == policy.rules.size();
  const std::size_t end = is_last ? lines.line_count() : lines.line_index(policy.rules[index + 1].offset);
  std::size_t last = std::max(lines.line_index(rule.offset), lines.line_index(last_offset(rule)));
  for (std::size_t line = last + 1; line < end; ++line) {
    const std::string text = lines.line_text(line);
    const std::size_t indent = text.find_first_not_of(' ');
    if (indent == std::string::npos || text[indent] == '#') continue;
    if (indent < column) break;
    last = line;
  }
  return last;
}

std::string text_of(const text::YamlLines& lines, const policy::Policy& policy, std::size_t index) {
  constexpr std::size_t k_most_lines = 40;
  const std::size_t first = lines.line_index(policy.rules[index].offset);
  const std::size_t last = last_line_of(lines, policy, index);
  std::string text;
  for (std::size_t line = first; line <= last && line < first + k_most_lines; ++line) {
    text += fmt::format("  {}\n", lines.line_text(line));
  }
  if (last >= first + k_most_lines) text += "  …\n";
  return text;
}

/// In their order in time.
std::vector<std::string> stages_of(const policy::OwnedRequest& request, const policy::Decision& decision) {
  const bool is_long_running = request.kind == policy::RequestKind::resource
                                   ? kube::is_long_running(request.verb, request.subresource)
                                   : kube::is_long_running_path(request.path);
  std::vector<std::string> stages;
  for (std::size_t i = 0; i < policy::k_stages && decision.level != policy::Level::none; ++i) {
    const auto stage = static_cast<policy::Stage>(i);
    if (stage == policy::Stage::response_started && !is_long_running) continue;
    if (!decision.omit_stages.contains(stage)) stages.emplace_back(policy::to_string(stage));
  }
  return stages;
}

report::Explanation explain_one(const text::Source& source, const policy::Policy& policy, const ExplainOptions& options,
                                kube::Version version) {
  const Target target = target_of(options, version);
  report::Explanation explanation;
  std::vector<std::string_view> groups;
  const policy::Attributes attributes = policy::attributes_of(target.request, groups);
  const policy::Decision decision = policy::Evaluator::compile(policy, version).decide(attributes);
  const text::YamlLines lines(source);
  const auto line_of = [&](std::size_t rule) { return lines.position(policy.rules[rule].offset).line; };
  explanation.file = source.name();
  explanation.kubernetes_version = kube::to_string(version);
  explanation.notes = target.notes;
  if (options.version && *options.version > version) {
    explanation.notes.push_back(
        fmt::format("Kubernetes {} is newer than this program knows", kube::to_string(*options.version)));
  }
  explanation.request = request_words(target.request);
  explanation.level = policy::to_string(decision.level);
  if (decision.rule) {
    explanation.rule = *decision.rule;
    explanation.line = line_of(*decision.rule);
    explanation.rule_text = text_of(lines, policy, *decision.rule);
  }
  explanation.stages = stages_of(target.request, decision);
  for (const std::string_view stage : sorted_stages(decision.omit_stages)) explanation.omit_stages.emplace_back(stage);
  explanation.omits_managed_fields = decision.managed_fields == policy::ManagedFields::omitted;
  if (explanation.omits_managed_fields && !policy::knows_managed_fields(version)) {
    explanation.notes.push_back("Kubernetes " + explanation.kubernetes_version +
                                " does not know omitManagedFields, and keeps them");
  }
  for (std::size_t i = 0; i < decision.rule.value_or(static_cast<std::uint32_t>(policy.rules.size())); ++i) {
    const policy::Mismatch why = policy::mismatch(policy.rules[i], attributes, version);
    explanation.passed.push_back({i + 1, line_of(i), reason_of(why, policy.rules[i], target.request)});
  }
  return explanation;
}

Status run_explain(const ExplainOptions& options) {
  const kube::Version version = std::min(options.version.value_or(kube::k_newest_known), kube::k_newest_known);
  KAUDIT_TRY(file, host::read_own_file(options.policy, k_input_limit));
  const text::Source source(options.policy, std::move(file.bytes));
  policy::Loading loading = policy::load(source, version);
  if (loading.verdict == policy::Loading::Verdict::refused) return std::move(loading.problems.front());
  if (options.requests) return explain_requests(options, *loading.policy, version);
  const report::Explanation explanation = explain_one(source, *loading.policy, options, version);
  const bool printed =
      print(options.output == Output::json ? report::explanation_json(explanation)
                                           : report::explanation_text(explanation, paint_of(options.color)));
  if (printed) return Done{};
  return host::file_error(ExitStatus::host_refused, "stdout", "standard output", "the answer cannot be written");
}

}  // namespace

ExitStatus explain(const ExplainOptions& options) {
  const Status done = run_explain(options);
  if (done) return ExitStatus::done;
  // In the batch form, standard output holds decisions and nothing else.
  print_failure("explain", options.requests ? Output::text : options.output, options.color, done.error());
  return done.error().status;
}

}  // namespace kaudit::cli
