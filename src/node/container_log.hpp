#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kaudit/node/audit_log.hpp"

namespace kaudit::node {

/// What a container wrote, line by line, from its log in CRI format or Docker's JSON lines. Partial lines are joined,
/// stdout's and stderr's each by themselves. Of a text that was cut, the first line of either stream is left out: it
/// may be the end of a longer one. Lines in neither format are left out.
/// Source: k8s.io/cri-client pkg/logs/logs.go (parseCRILog, parseDockerJSONLog), v1.20 to v1.37.
[[nodiscard]] std::vector<std::string> written_lines(std::string_view log, Beginning beginning);

}  // namespace kaudit::node
