#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "kaudit/kube/version.hpp"

namespace kaudit::kube {

/// The resources that kube-apiserver serves itself, by version: its own, and those of the two servers built into it
/// (apiextensions.k8s.io, apiregistration.k8s.io). A resource is in a version when the kube-apiserver of that version
/// can serve it under any API version at all, alpha ones and those behind a feature gate included: what is not here is
/// surely unknown to a server of that version, what is here may still be switched off. Custom resources and other
/// aggregated APIs (metrics.k8s.io) are not here, and nobody can know them offline.
///
/// Resources that are only ever posted (tokenreviews, bindings, pods/eviction, serviceaccounts/token) are rows like
/// others. What only authorization knows and no request to kube-apiserver is served under is not here: nodes/metrics,
/// nodes/log, nodes/stats, nodes/spec (the kubelet's), users and groups (impersonation), signers.
///
/// Source: api/openapi-spec/swagger.json and api/discovery of k8s.io/kubernetes, every minor from 1.20 to 1.37, by
/// test/kube/resources_from_discovery.py. Versions outside that range are judged by the nearest one.

enum class Scope { namespaced, cluster };

/// A part of a resource with a path of its own: "exec" of pods.
struct Subresource {
  std::string_view name;
  std::optional<Version> since = {};    ///< none: as long as its resource
  std::optional<Version> removed = {};  ///< first version that does not know it; none: as long as its resource
};

struct ApiResource {
  std::string_view group;     ///< without a version; empty: the core group
  std::string_view plural;    ///< what paths, policies and audit events say: "deployments"
  std::string_view singular;  ///< "deployment"
  std::string_view kind;      ///< "Deployment"
  Scope scope = Scope::namespaced;
  std::array<std::string_view, 2> short_names = {};  ///< kubectl's "deploy"; unused ones are empty
  std::span<const Subresource> subresources = {};    ///< of all versions, sorted by name
  std::optional<Version> since = {};                 ///< none: as long as we know
  std::optional<Version> removed = {};               ///< first version that does not know it
};

/// Every resource of every known version: the core group first, then the groups in the order of discovery, which is
/// the one kubectl follows when a bare name is in several of them; within a group by name.
[[nodiscard]] std::span<const ApiResource> api_resources();

/// Whether `version` knows the resource.
[[nodiscard]] bool is_served(const ApiResource& resource, Version version);

/// The resource that a request or a policy means by this group and plural, both exact; null pointer if `version` knows
/// none.
[[nodiscard]] const ApiResource* find_resource(std::string_view group, std::string_view plural, Version version);

/// The resources of all groups with this plural, exact, in the order of api_resources(): two for "events" ("" and
/// "events.k8s.io"), mostly one or none.
[[nodiscard]] std::vector<const ApiResource*> resources_by_plural(std::string_view plural, Version version);

/// The resources that a person may mean by `name`: plural, singular, kind or short name, in any case of letters.
/// In the order of api_resources(), so the first one is kubectl's.
[[nodiscard]] std::vector<const ApiResource*> resources_called(std::string_view name, Version version);

/// Names of the subresources that `version` knows of this resource, sorted.
[[nodiscard]] std::vector<std::string_view> subresources_of(const ApiResource& resource, Version version);

/// Whether `version` knows this subresource of the resource, exact.
[[nodiscard]] bool has_subresource(const ApiResource& resource, std::string_view subresource, Version version);

/// Whether `version` has any resource in this group, exact ("" is the core group; "core" and "apps/v1" are none).
[[nodiscard]] bool is_builtin_group(std::string_view group, Version version);

}  // namespace kaudit::kube
