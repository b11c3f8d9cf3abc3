#include "kaudit/policy/lint.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "console.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/policy/load.hpp"
#include "kaudit/policy/reach.hpp"
#include "kaudit/report/lint_report.hpp"
#include "kaudit/text/yaml_lines.hpp"
#include "session.hpp"
#include "verbs_run.hpp"

namespace kaudit::cli {
namespace {

report::LintFinding finding_of(const text::YamlLines& lines, const text::Diagnostic& diagnostic) {
  return {diagnostic.severity, text::refuse(lines, diagnostic)};
}

std::string words_of(const policy::OwnedRequest& request) {
  std::string who = request.user ? "user " + *request.user : "nobody (unauthenticated)";
  for (const std::string& group : request.groups) who += ", group " + group;
  if (request.kind == policy::RequestKind::non_resource) {
    return fmt::format("{} {} by {}", request.verb, request.path, who);
  }
  std::string what = request.resource + (request.api_group.empty() ? "" : "." + request.api_group);
  if (!request.subresource.empty()) what += " subresource " + request.subresource;
  if (!request.name.empty()) what += " name " + request.name;
  if (!request.name_space.empty()) what += " namespace " + request.name_space;
  return fmt::format("{} {} by {}", request.verb, what, who);
}

std::vector<std::string> witnesses_of(const std::vector<policy::Reach>& reaches) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < reaches.size(); ++i) {
    if (reaches[i].witness && !reaches[i].decides_no_real_request())
      lines.push_back(fmt::format("rule {} decides: {}", i + 1, words_of(*reaches[i].witness)));
  }
  return lines;
}

report::LintResult lint_one(const text::Source& source, kube::Version version, Verbosity verbosity) {
  const policy::Loading loading = policy::load(source, version);
  report::LintResult result;
  result.is_accepted = loading.verdict == policy::Loading::Verdict::accepted;
  result.server_error = loading.server_error;
  result.server_warnings = loading.server_warnings;
  for (const Error& problem : loading.problems) result.findings.push_back({text::Severity::error, problem});
  if (!loading.policy) return result;
  const std::vector<policy::Reach> reaches = policy::reach(*loading.policy, version);
  const text::YamlLines lines(source);
  for (const text::Diagnostic& diagnostic : policy::lint(loading, version, reaches)) {
    result.findings.push_back(finding_of(lines, diagnostic));
  }
  if (verbosity == Verbosity::verbose) result.witnesses = witnesses_of(reaches);
  return result;
}

/// What the server says of a file that it cannot read either. Source: k8s.io/apiserver pkg/audit/policy/reader.go
/// LoadPolicyFromFile, v0.20 to v0.37; os.ReadFile's errors. What only we may not read, or do not want to, is left out.
std::string server_error_of(const std::string& file, const Error& error) {
  std::string reason;
  if (error.code == "missing") reason = "open " + file + ": no such file or directory";
  if (error.code == "directory") reason = "read " + file + ": is a directory";
  return reason.empty() ? reason : "failed to read file path " + kube::go_quote(file) + ": " + reason;
}

ExitStatus cannot_print(const LintOptions& options) {
  const Error error =
      host::file_error(ExitStatus::host_refused, "stdout", "standard output", "what was found cannot be written");
  print_failure("lint", Output::text, options.color, error);
  return error.status;
}

std::vector<std::string> notes_of(std::optional<kube::Version> wished) {
  if (!wished || *wished <= kube::k_newest_known) return {};
  return {fmt::format("Kubernetes {} is newer than this program knows", kube::to_string(*wished))};
}

/// The worst of two: unreadable before unacceptable before a problem found.
ExitStatus worse(ExitStatus left, ExitStatus right) { return std::max(left, right); }

bool fails(const report::LintResult& result, text::Severity from) {
  return !result.is_accepted ||
         std::any_of(result.findings.begin(), result.findings.end(),
                     [&](const report::LintFinding& finding) { return finding.severity <= from; });
}

/// With -q, what does not make the exit status 1 is left out.
void hide_harmless(report::LintResult& result, text::Severity from) {
  std::erase_if(result.findings, [&](const report::LintFinding& finding) { return finding.severity > from; });
}

}  // namespace

ExitStatus lint(const LintOptions& options) {
  const kube::Version version = std::min(options.version.value_or(kube::k_newest_known), kube::k_newest_known);
  const bool text = options.output == Output::text;
  const report::Paint paint = paint_of(options.color);
  ExitStatus status = ExitStatus::done;
  std::vector<report::LintResult> results;
  for (const std::string& file : options.files) {
    report::LintResult result;
    auto read = host::read_own_file(file, k_input_limit);
    if (read) {
      result = lint_one(text::Source(file, std::move(read->bytes)), version, options.verbosity);
      if (fails(result, options.fails_at)) status = worse(status, ExitStatus::work_found);
    } else {
      status = worse(status, read.error().status);
      result.is_read = false;
      result.server_error = server_error_of(file, read.error());
      result.findings.push_back({text::Severity::error, std::move(read).error()});
    }
    result.file = file;
    result.kubernetes_version = kube::to_string(version);
    if (result.is_read) result.notes = notes_of(options.version);
    if (options.verbosity == Verbosity::quiet) hide_harmless(result, options.fails_at);
    const bool worth_telling = options.verbosity != Verbosity::quiet || fails(result, options.fails_at);
    if (text && worth_telling && !print(report::lint_text(result, paint))) return cannot_print(options);
    if (!text) results.push_back(std::move(result));
  }
  if (!text && !print(report::lint_json(results, std::nullopt, status))) return cannot_print(options);
  return status;
}

}  // namespace kaudit::cli
