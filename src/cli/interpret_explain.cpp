#include "typed.hpp"

namespace kaudit::cli {
namespace {

/// POLICY VERB TARGET, or POLICY alone where --requests is given.
Status interpret_arguments(const TypedOptions& typed, ExplainOptions& options) {
  const std::vector<std::string>& words = typed.arguments;
  if (words.empty()) return usage_error("no policy is given", "see kaudit explain --help");
  options.policy = words.front();
  if (options.policy.empty()) return usage_error("the name of a policy must not be empty");
  if (options.requests) {
    if (words.size() > 1) return usage_error("--requests takes the place of \"" + words[1] + "\"", "give one of both");
    if (options.requests->empty()) return usage_error("--requests: must not be empty");
    return Done{};
  }
  if (words.size() < 3) {
    return usage_error("a request is needed: VERB RESOURCE or VERB /PATH",
                       "kaudit explain POLICY get pods, or kaudit explain POLICY --requests FILE");
  }
  if (words.size() > 3) return usage_error("unexpected argument \"" + words[3] + "\"", "see kaudit explain --help");
  options.verb = words[1];
  options.target = words[2];
  if (options.verb.empty()) return usage_error("the verb must not be empty");
  if (options.target.empty()) return usage_error("the resource must not be empty");
  const bool is_path = options.target.starts_with('/');
  if (is_path && (!options.subresource.empty() || !options.name_space.empty())) {
    return usage_error("a path has neither subresource nor namespace", "leave out --subresource and --namespace");
  }
  return Done{};
}

}  // namespace

Result<ExplainOptions> interpret_explain(const TypedOptions& typed) {
  ExplainOptions options;
  options.requests = typed.text_of("--requests");
  options.subresource = typed.text_of("--subresource").value_or("");
  options.name_space = typed.text_of("--namespace").value_or("");
  options.user = typed.text_of("--as");
  if (options.user && options.user->empty()) return usage_error("--as: must not be empty");
  options.groups = typed.list_of("--as-group");
  KAUDIT_TRY_DO(interpret_arguments(typed, options));
  if (options.requests) {
    for (const char* name : {"--subresource", "--namespace", "--as"}) {
      if (typed.value_of(name) != nullptr)
        return usage_error(std::string(name) + " is for one request, not --requests");
    }
    if (!options.groups.empty()) return usage_error("--as-group is for one request, not --requests");
  }
  KAUDIT_TRY(version, version_of(typed));
  KAUDIT_TRY(output, output_of(typed));
  KAUDIT_TRY(color, color_of(typed));
  options.version = version;
  options.output = output;
  options.color = color;
  return options;
}

}  // namespace kaudit::cli
