#pragma once

#include <string>

namespace kaudit::node {

/// What the container runtime says of the newest container of this name, for a reason that no log gives: "; the
/// container runtime has no container kube-apiserver", "; … says of the newest kube-apiserver: Exited". Asked through
/// crictl(1), or ctr(8) where that is all there is; "" where neither is there. Takes up to ten seconds.
[[nodiscard]] std::string words_of_runtime(const std::string& container);

}  // namespace kaudit::node
