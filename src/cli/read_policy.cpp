#include <algorithm>

#include <fmt/format.h>

#include "kaudit/host/file_end.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/patch/disable.hpp"
#include "kaudit/policy/lint.hpp"
#include "kaudit/policy/load.hpp"
#include "kaudit/policy/reach.hpp"
#include "kaudit/text/yaml_lines.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

/// Another version might take the policy.
constexpr std::string_view k_version_hint =
    "; the image names no version, so the policy must suit every known one: give --kubernetes-version";

/// Why this policy is not installed: the server's first reason, with the others behind it.
Error refusal(const policy::Loading& loading, const std::string& bytes) {
  constexpr std::size_t k_most_others = 20;
  Error error = loading.problems.front();
  for (std::size_t i = 1; i < loading.problems.size() && i <= k_most_others; ++i) {
    const Error& other = loading.problems[i];
    error.also.push_back(
        fmt::format("{}:{}:{}: {}: {}", other.file, other.line, other.column, other.field, other.message));
  }
  // A file given by mistake may have a token on the very line that is wrong.
  if (bytes.find("audit.k8s.io") == std::string::npos) error.excerpt.clear();
  return error;
}

/// What the server would not say, but a person must know (promise 8). What is merely worth knowing is for `lint`.
void warn_of_findings(Session& session, const text::Source& source, const policy::Loading& loading,
                      std::optional<kube::Version> known) {
  const std::vector<policy::Reach> reaches = policy::reach(*loading.policy, known.value_or(kube::k_newest_known));
  const auto findings = known ? policy::lint(loading, *known, reaches) : policy::lint_every_version(source, reaches);
  const text::YamlLines lines(source);
  for (const text::Diagnostic& finding : findings) {
    if (finding.severity == text::Severity::info) continue;
    session.warnings.push_back(text::warn(lines, finding));
  }
}

/// Whether a policy of another root may be missing: an image is often checked without what will be mounted over it.
Status tell_unreadable(Session& session, Error error, ServerRestart restart, bool is_missing) {
  if (is_missing && !session.root.is_host()) return Done{};
  error.code = "policy-unreadable";
  error.message = "the audit policy that the manifest names: " + error.message;
  if (restart == ServerRestart::comes) return session.refuse_access(std::move(error));
  session.warn(std::move(error));
  return Done{};
}

}  // namespace

Status check_policy(Session& session, const manifest::Manifest& manifest, const std::string& shown,
                    const std::string& bytes) {
  const text::Source source(shown, bytes);
  auto known = session.options.version ? session.options.version : manifest.version;
  if (known) known = std::clamp(*known, kube::k_oldest_known, kube::k_newest_known);
  const policy::Loading loading = known ? policy::load(source, *known) : policy::load_strictest(source);
  if (loading.verdict == policy::Loading::Verdict::refused) {
    Error error = refusal(loading, bytes);
    if (!known) error.hint += k_version_hint;
    return error;
  }
  warn_of_findings(session, source, loading, known);
  return Done{};
}

Status check_named_policy(Session& session, const manifest::Manifest& manifest, ServerRestart restart) {
  const auto node_path = patch::node_path_of(manifest, manifest.flag_value("audit-policy-file"));
  if (!node_path) return Done{};  // what no volume of the node's shows is a finding of the plan's
  const std::string shown = session.root.shown(*node_path);
  const auto place = host::locate_through_links(session.root, *node_path);
  if (!place) return tell_unreadable(session, place.error(), restart, place.error().code == "missing-directory");
  const auto image = host::read_file(*place, k_input_limit);
  if (!image) return tell_unreadable(session, image.error(), restart, false);
  if (!*image) {
    return tell_unreadable(session,
                           host::file_error(ExitStatus::host_refused, {}, shown, "there is no such file",
                                            "kube-apiserver does not start without it: put it there, or give --policy"),
                           restart, true);
  }
  auto checked = check_policy(session, manifest, shown, (*image)->bytes);
  if (checked || restart == ServerRestart::comes) return checked;
  Error error = std::move(checked).error();
  error.message += "; the API server will not start again with this policy";
  session.warn(std::move(error));
  return Done{};
}

Result<std::optional<NodeFile>> read_policy(Session& session, const EnableOptions& options,
                                            const ManifestInput& input) {
  if (!options.policy) return std::optional<NodeFile>();
  KAUDIT_TRY(file, place_file(session, input,
                              {rollout::Role::policy, *options.policy, options.policy_dest, "audit-policy-file"}));
  KAUDIT_TRY_DO(check_policy(session, input.manifest, file.origin, file.bytes));
  return std::optional(std::move(file));
}

}  // namespace kaudit::cli
