#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/kube/version.hpp"
#include "kaudit/manifest/manifest.hpp"
#include "kaudit/patch/plan.hpp"

namespace kaudit::patch {

/// What taking auditing out of a manifest would do, proven like every plan: all `--audit-*` flags in every spelling,
/// the annotations `kaudit/…`, and the mounts and volumes that serve only the paths of those flags: the file itself,
/// its own directory, and for a webhook config the volumes `audit-webhook-…` of the files it names. What also serves
/// anything else stays: a system directory, a path that another argument, probe or variable of the container names, a
/// volume that another container mounts. A list or mapping that becomes empty goes with its key, as `enable` would have
/// made it. No edits: there is nothing of auditing.
///
/// No rule of a version applies: flags that kube-apiserver does not know go like all others. `version` is only said in
/// the plan (nothing: that of the image). `value` is the manifest as the judge read it.
///
/// Errors: as those of plan().
[[nodiscard]] Result<Plan> plan_disable(const manifest::Manifest& manifest, decode::Value value,
                                        std::optional<kube::Version> version = std::nullopt);

/// The tree that plan_disable() would leave, the order of everything else kept: two manifests with equal ones differ in
/// auditing alone. A key whose list or mapping is empty or null is left out wherever enable could fill it.
///
/// Errors: status 70 when `value` is not what `manifest` was read from.
[[nodiscard]] Result<decode::Value> without_auditing(const manifest::Manifest& manifest, const decode::Value& value);

/// Whether anything of auditing is set: an `--audit-*` flag or an annotation of ours.
[[nodiscard]] bool has_auditing(const manifest::Manifest& manifest);

/// The mount through which the server sees `path`: the deepest one at or above it; null pointer if there is none.
[[nodiscard]] const manifest::Mount* mount_of(const manifest::Manifest& manifest, std::string_view path);

/// Where the node has what the server sees at `path`, through the deepest mount at or above it; nothing if no hostPath
/// shows it (it lies inside the container).
[[nodiscard]] std::optional<std::string> node_path_of(const manifest::Manifest& manifest, std::string_view path);

}  // namespace kaudit::patch
