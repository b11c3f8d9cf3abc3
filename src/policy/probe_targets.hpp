#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/kube/version.hpp"
#include "kaudit/policy/policy.hpp"

namespace kaudit::policy {

/// Something that a request may be about.
struct ProbeTarget {
  std::string api_group;
  std::string resource;  ///< "": it is the URL `path`
  std::string subresource;
  std::string name_space;  ///< "": none
  std::string name;
  std::string path;
  /// Whether there may be such an object: its name is one that a rule lists, in a namespace that may be there.
  enum class Object : std::uint8_t { impossible, may_exist } object = Object::impossible;
};

/// What requests that rule may match can be about, without what must not be touched; `fresh` is the name that nothing
/// has. Those of a rule that names no resources are well-known ones. At most a few hundred.
[[nodiscard]] std::vector<ProbeTarget> targets_of(const Rule& rule, kube::Version version, std::string_view fresh);

}  // namespace kaudit::policy
