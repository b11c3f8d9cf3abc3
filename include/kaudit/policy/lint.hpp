#pragma once

#include <vector>

#include "kaudit/kube/version.hpp"
#include "kaudit/policy/load.hpp"
#include "kaudit/policy/reach.hpp"
#include "kaudit/text/diagnostic.hpp"

namespace kaudit::policy {

/// What kube-apiserver does not say of a policy that it takes, or would take: rules that record more, less or other
/// than written. Every code has a section in docs/lint.md, which says why it matters. Severities:
///
///   error    the server silently drops something that is written, or a rule does not do what it says
///   warning  the policy very probably records what it should not, or not what it should
///   info     worth knowing; often intended
///
/// In the order of the text. Nothing for a policy that could not be decoded. `reaches` are those of reach() for the
/// same policy and version.
[[nodiscard]] std::vector<text::Diagnostic> lint(const Loading& loading, kube::Version version,
                                                 const std::vector<Reach>& reaches);

/// For a server whose version is not known, of a policy that load_strictest() accepts: what lint() finds for any known
/// version, each code once at a place. The message of what is not for all versions begins with those it is for.
[[nodiscard]] std::vector<text::Diagnostic> lint_every_version(const text::Source& source,
                                                               const std::vector<Reach>& reaches);

}  // namespace kaudit::policy
