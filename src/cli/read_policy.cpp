#include <algorithm>

#include <fmt/format.h>

#include "kaudit/policy/lint.hpp"
#include "kaudit/policy/load.hpp"
#include "kaudit/policy/reach.hpp"
#include "kaudit/text/diagnostic.hpp"
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
                      kube::Version version) {
  const std::vector<policy::Reach> reaches = policy::reach(*loading.policy, version);
  for (const text::Diagnostic& finding : policy::lint(loading, version, reaches)) {
    if (finding.severity == text::Severity::info) continue;
    session.warnings.push_back(text::warn(source, finding));
  }
}

}  // namespace

Status check_policy(Session& session, const manifest::Manifest& manifest, const std::string& shown,
                    const std::string& bytes) {
  const text::Source source(shown, bytes);
  const auto known = session.options.version ? session.options.version : manifest.version;
  const kube::Version version =
      std::clamp(known.value_or(kube::k_newest_known), kube::k_oldest_known, kube::k_newest_known);
  const policy::Loading loading = known ? policy::load(source, version) : policy::load_strictest(source);
  if (loading.verdict == policy::Loading::Verdict::refused) {
    Error error = refusal(loading, bytes);
    if (!known) error.hint += k_version_hint;
    return error;
  }
  warn_of_findings(session, source, loading, version);
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
