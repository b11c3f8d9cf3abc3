#include <fmt/format.h>

#include "draft.hpp"
#include "kaudit/patch/paths.hpp"

namespace kaudit::patch {
namespace {

/// All versions whose rules are known, oldest first: what an unknown version is held against.
std::vector<kube::Version> versions_to_check(std::optional<kube::Version> version) {
  if (version) return {*version};
  std::vector<kube::Version> all;
  for (kube::Version v = kube::k_oldest_known; v <= kube::k_newest_known; ++v.minor) all.push_back(v);
  return all;
}

/// The element of the manifest that a problem is about; nothing if it is about the wish alone.
std::optional<std::size_t> place_of(const Draft& draft, const std::string& name) {
  const manifest::Flag* flag = draft.manifest.flag(name);
  if (flag == nullptr) return std::nullopt;
  const yaml::Document& document = *draft.manifest.document;
  return document.node(document.child(flag->list, flag->index).value).span.begin;
}

Error refused_setting(const Draft& draft, const kube::FlagProblem& problem, kube::Version version) {
  text::Diagnostic finding;
  finding.code = problem.code;
  finding.message = fmt::format("kube-apiserver {} would not start: {}", kube::to_string(version), problem.message);
  finding.hint = problem.hint;
  if (const auto offset = place_of(draft, problem.name)) {
    finding.field = draft.manifest.flag_list.path;
    finding.offset = *offset;
    return text::refuse(draft.source(), finding);
  }
  Error error;
  error.status = ExitStatus::refused;
  error.code = finding.code;
  error.message = finding.message;
  error.hint = finding.hint;
  return error;
}

void warn(Draft& draft, std::string code, std::string message, const manifest::Flag* flag) {
  Warning warning;
  warning.code = std::move(code);
  warning.message = std::move(message);
  if (flag != nullptr) {
    const yaml::Document& document = *draft.manifest.document;
    const text::Position at =
        draft.source().position(document.node(document.child(flag->list, flag->index).value).span.begin);
    warning.field = document.path(flag->list);
    warning.file = draft.source().name();
    warning.line = at.line;
    warning.column = at.column;
  }
  draft.warnings.push_back(std::move(warning));
}

void warn_of_log(Draft& draft, const Plan& plan, const std::vector<kube::FlagSetting>& settings) {
  const manifest::Flag* flag = draft.manifest.flag("audit-log-path");
  if (plan.log_path == "-") {
    warn(
        draft, "log-stdout",
        "the audit log goes to the container's stdout: the kubelet rotates it away, and the max options have no effect",
        flag);
    return;
  }
  if (plan.log_path.empty()) return;
  if (plan.log_mount == Plan::LogMount::none) {
    warn(draft, "log-not-mounted",
         fmt::format("no volume shows the node's {} to the server: the log is inside the container and lost when it "
                     "restarts; give --log to mount it",
                     plan.log_path),
         flag);
    return;
  }
  const bool given = draft.desired.log_path || draft.desired.log_volume;
  const manifest::Mount* mount = governing_mount(draft, normalise_path(plan.log_path));
  if (!given && mount != nullptr && mount->read_only) {
    warn(draft, "log-read-only",
         fmt::format("the audit log's mount {} is read-only: kube-apiserver cannot write it and will not start; give "
                     "--log {} to make it writable",
                     mount->path, plan.log_path),
         flag);
  }
  if (plan.rotator == Rotator::logrotate) return;
  if (plan.log_max_size_mb == k_max_size_never_reached_mb) {
    warn(draft, "log-unbounded",
         fmt::format("max-size is {} MB, which {} never reaches: nothing keeps it from filling the disk; give "
                     "--max-size, or --rotate logrotate where it is mounted as a single file",
                     plan.log_max_size_mb, plan.log_path),
         flag);
    return;
  }
  // 1.36 and newer do not rotate at all at 0 (facts: audit.go getWriter); before, 0 meant lumberjack's 100 MB.
  const bool never_rotates = effective(settings, "audit-log-maxsize") == "0" && plan.version >= kube::Version{1, 36};
  if (plan.log_mount == Plan::LogMount::file && !never_rotates) {
    warn(draft, "log-cannot-rotate",
         fmt::format("{} is mounted as a single file, which kube-apiserver cannot rename: at max-size recording stops "
                     "until somebody truncates it; a log in a directory of its own can be rotated{}",
                     plan.log_path, draft.desired.rotation.is_logrotate_able ? ", or give --rotate logrotate" : ""),
         flag);
  }
}

/// Source: k8s.io/apiserver pkg/server/options/audit.go (ModeBlocking, ModeBlockingStrict), plugin/pkg/audit/webhook,
/// v1.20 to v1.37: the retries of webhook.WithExponentialBackoff are waited for.
void warn_of_webhook(Draft& draft, const Plan& plan, const std::vector<kube::FlagSetting>& settings) {
  const std::string mode = effective(settings, "audit-webhook-mode");
  if (plan.webhook_path.empty() || (mode != "blocking" && mode != "blocking-strict")) return;
  warn(draft, "webhook-blocking",
       fmt::format("--audit-webhook-mode={}: every recorded request waits until the receiver has its event, and while "
                   "that does not answer for all retries{}",
                   mode,
                   mode == "blocking" ? "; batch, the default, waits for nothing"
                                      : "; then it fails with status 500: without its receiver the API server refuses "
                                        "what the policy records at RequestReceived"),
       draft.manifest.flag("audit-webhook-mode"));
}

}  // namespace

Status check_flags(const Draft& draft, const std::vector<kube::FlagSetting>& settings,
                   std::optional<kube::Version> version) {
  for (const kube::Version one : versions_to_check(version)) {
    const std::vector<kube::FlagProblem> problems = kube::refused_by_apiserver(settings, one);
    if (problems.empty()) continue;
    Error error = refused_setting(draft, problems.front(), one);
    for (std::size_t i = 1; i < problems.size(); ++i) error.also.push_back(problems[i].message);
    return error;
  }
  return Done{};
}

void warn_of_hazards(Draft& draft, const Plan& plan, const std::vector<kube::FlagSetting>& settings) {
  warn_of_log(draft, plan, settings);
  warn_of_webhook(draft, plan, settings);
  const bool backend = !plan.log_path.empty() || !plan.webhook_path.empty();
  if (backend && plan.policy_path.empty()) {
    warn(draft, "no-policy", "there is a backend but no audit policy: kube-apiserver records nothing; give --policy",
         draft.manifest.flag(plan.log_path.empty() ? "audit-webhook-config-file" : "audit-log-path"));
  }
  if (!backend && !plan.policy_path.empty()) {
    warn(draft, "no-backend",
         "there is a policy but no backend: kube-apiserver records nothing; give --log or --webhook-config",
         draft.manifest.flag("audit-policy-file"));
  }
  for (const auto& [path, what] :
       {std::pair(plan.policy_path, "policy"), std::pair(plan.webhook_path, "webhook config")}) {
    const bool given = std::string_view(what) == "policy" ? draft.desired.policy_path.has_value()
                                                          : draft.desired.webhook_path.has_value();
    if (path.empty() || given || is_covered(draft, normalise_path(path), Access::read)) continue;
    warn(draft, "not-mounted",
         fmt::format("no volume shows the node's {} to the server: kube-apiserver will not find its audit {}", path,
                     what),
         draft.manifest.flag(std::string_view(what) == "policy" ? "audit-policy-file" : "audit-webhook-config-file"));
  }
}

}  // namespace kaudit::patch
