#pragma once

#include <cstddef>
#include <vector>

#include "kaudit/decode/value.hpp"
#include "kaudit/text/diagnostic.hpp"
#include "start.hpp"

namespace kaudit::manifest {

/// The container that is the API server, and how it starts. `problem` says why there is none.
struct ServerContainer {
  std::size_t index = 0;
  std::vector<Argument> argv;
  Start start;
  std::optional<text::Diagnostic> problem;
};

/// Looks at every container of the pod (never at init containers): exactly one must start kube-apiserver in a way that
/// is modelled.
[[nodiscard]] ServerContainer find_server(const decode::Value& pod);

}  // namespace kaudit::manifest
