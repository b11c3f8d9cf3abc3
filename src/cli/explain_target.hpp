#pragma once

#include <string>
#include <vector>

#include "kaudit/cli/options.hpp"
#include "kaudit/policy/reach.hpp"

namespace kaudit::cli {

/// The request that the words of `kaudit explain` mean, and how they were understood.
struct Target {
  policy::OwnedRequest request;
  std::vector<std::string> notes;
};

/// By the grammar of `kubectl auth can-i` (kubectl pkg/cmd/auth/cani.go): RESOURCE[.GROUP][/NAME] or /PATH. A resource
/// without a group is looked up among those built into `version`, as kubectl asks the server. Namespace and name are
/// those that RequestInfo gives (a Namespace object lies in itself, a create has no name).
[[nodiscard]] Target target_of(const ExplainOptions& options, kube::Version version);

}  // namespace kaudit::cli
