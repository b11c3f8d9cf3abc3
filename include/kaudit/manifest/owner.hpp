#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kaudit/decode/value.hpp"
#include "kaudit/manifest/manifest.hpp"

namespace kaudit::manifest {

/// Who writes this manifest, by its content alone: labels, annotations, images, paths (Manifest::owner).
[[nodiscard]] Owner owner_by_content(const decode::Value& pod);

/// The same, also by where the manifest lies on the node ("/var/lib/rancher/rke2/agent/pod-manifests/…", as the node
/// sees it, links resolved), which decides when it is a directory that only one owner uses.
[[nodiscard]] Owner owner_of(const Manifest& manifest, std::string_view manifest_node_path);

/// What `enable` does with a manifest of this owner (design section 4).
struct OwnerAdvice {
  enum class Action : std::uint8_t {
    proceed,  ///< nobody else writes it
    hint,     ///< done; `hint` says what the owner's next upgrade needs
    warn,     ///< done, with a warning: the owner will write it anew
    refuse    ///< not done: the owner would undo it or the pod would not follow
  };
  Action action = Action::proceed;
  std::string code;     ///< "owner-kops"; empty when there is nothing to say
  std::string message;  ///< "kops writes this manifest and will overwrite the change"
  std::string hint;     ///< the owner's own way, with the exact names of its settings
};

[[nodiscard]] OwnerAdvice advice_for(Owner owner);

/// "kubeadm", "RKE2": the name people know; "" for nobody_known.
[[nodiscard]] std::string_view owner_name(Owner owner);

}  // namespace kaudit::manifest
