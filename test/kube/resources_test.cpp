#include "kaudit/kube/resources.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace kaudit::kube;

namespace {

bool knows(std::string_view group, std::string_view plural, int minor) {
  return find_resource(group, plural, {1, minor}) != nullptr;
}

bool knows(std::string_view group, std::string_view plural, std::string_view subresource, int minor) {
  const ApiResource* resource = find_resource(group, plural, {1, minor});
  return resource != nullptr && has_subresource(*resource, subresource, {1, minor});
}

/// "group/plural" of each.
std::vector<std::string> names_of(const std::vector<const ApiResource*>& resources) {
  std::vector<std::string> names;
  names.reserve(resources.size());
  for (const ApiResource* resource : resources) {
    names.push_back(std::string(resource->group) + "/" + std::string(resource->plural));
  }
  return names;
}

using Names = std::vector<std::string>;

template <typename Known>
std::pair<int, int> life(Known known) {
  std::pair<int, int> range{0, 0};
  for (int minor = k_oldest_known.minor; minor <= k_newest_known.minor; ++minor) {
    if (!known(minor)) continue;
    if (range.first == 0) range.first = minor;
    range.second = minor;
  }
  return range;
}

std::pair<int, int> life_of(std::string_view group, std::string_view plural) {
  return life([&](int minor) { return knows(group, plural, minor); });
}

std::pair<int, int> life_of(std::string_view group, std::string_view plural, std::string_view subresource) {
  return life([&](int minor) { return knows(group, plural, subresource, minor); });
}

using Range = std::pair<int, int>;

}  // namespace

TEST_CASE("workloads are in apps in every known version, and in extensions in none", "[resources]") {
  for (const char* plural : {"deployments", "daemonsets", "replicasets"}) {
    CAPTURE(plural);
    CHECK(life_of("apps", plural) == Range{20, 37});
    CHECK(life_of("extensions", plural) == Range{0, 0});
    CHECK(life_of("", plural) == Range{0, 0});
  }
}

TEST_CASE("ingresses are in networking.k8s.io always and in extensions until 1.21", "[resources]") {
  CHECK(life_of("networking.k8s.io", "ingresses") == Range{20, 37});
  CHECK(life_of("extensions", "ingresses") == Range{20, 21});
  CHECK(life_of("extensions", "ingresses", "status") == Range{20, 21});
  CHECK(is_builtin_group("extensions", {1, 21}));
  CHECK_FALSE(is_builtin_group("extensions", {1, 22}));
}

TEST_CASE("pod security policies are in policy until 1.24", "[resources]") {
  CHECK(life_of("policy", "podsecuritypolicies") == Range{20, 24});
  CHECK(life_of("policy", "poddisruptionbudgets") == Range{20, 37});
  CHECK(names_of(resources_called("psp", {1, 24})) == Names{"policy/podsecuritypolicies"});
  CHECK(resources_called("psp", {1, 25}).empty());
}

TEST_CASE("resources that came later are known from the version on that first had them, alpha or not", "[resources]") {
  CHECK(life_of("authentication.k8s.io", "selfsubjectreviews") == Range{26, 37});
  CHECK(life_of("admissionregistration.k8s.io", "validatingadmissionpolicies") == Range{26, 37});
  CHECK(life_of("admissionregistration.k8s.io", "mutatingadmissionpolicies") == Range{32, 37});
  CHECK(life_of("certificates.k8s.io", "clustertrustbundles") == Range{27, 37});
  CHECK(life_of("networking.k8s.io", "servicecidrs") == Range{29, 37});
  CHECK(life_of("networking.k8s.io", "clustercidrs") == Range{25, 28});
  CHECK(life_of("resource.k8s.io", "resourceclaims") == Range{26, 37});
  CHECK(life_of("resource.k8s.io", "podschedulings") == Range{26, 26});
  CHECK(life_of("storagemigration.k8s.io", "storageversionmigrations") == Range{30, 37});
  CHECK(life_of("lifecycle.k8s.io", "evictionrequests") == Range{37, 37});
}

TEST_CASE("what 1.20 has behind an alpha feature gate is known to 1.20", "[resources]") {
  CHECK(life_of("storage.k8s.io", "csistoragecapacities") == Range{20, 37});
  CHECK(life_of("", "pods", "ephemeralcontainers") == Range{20, 37});
}

TEST_CASE("subresources have a life of their own", "[resources]") {
  CHECK(life_of("", "pods", "resize") == Range{32, 37});
  CHECK(life_of("networking.k8s.io", "networkpolicies", "status") == Range{24, 27});
  CHECK(life_of("admissionregistration.k8s.io", "validatingadmissionpolicies", "status") == Range{27, 37});
  CHECK(life_of("resource.k8s.io", "devicetaintrules", "status") == Range{35, 37});
  CHECK(life_of("storage.k8s.io", "csinodes", "status") == Range{37, 37});
}

TEST_CASE("a subresource is not known where its resource is not", "[resources]") {
  const auto all = api_resources();
  const auto gone = std::find_if(all.begin(), all.end(), [](const ApiResource& r) { return r.group == "extensions"; });
  REQUIRE(gone != all.end());
  CHECK(has_subresource(*gone, "status", {1, 21}));
  CHECK_FALSE(has_subresource(*gone, "status", {1, 22}));
  CHECK(subresources_of(*gone, {1, 22}).empty());
}

TEST_CASE("subresources that matter to an audit are known in every version", "[resources]") {
  const std::vector<std::pair<const char*, const char*>> core = {
      {"pods", "attach"},       {"pods", "binding"},   {"pods", "eviction"},
      {"pods", "exec"},         {"pods", "log"},       {"pods", "proxy"},
      {"pods", "portforward"},  {"pods", "status"},    {"serviceaccounts", "token"},
      {"nodes", "proxy"},       {"services", "proxy"}, {"namespaces", "finalize"},
      {"namespaces", "status"}, {"nodes", "status"},   {"replicationcontrollers", "scale"}};
  for (const auto& [resource, subresource] : core) {
    CAPTURE(resource, subresource);
    CHECK(life_of("", resource, subresource) == Range{20, 37});
  }
  CHECK(life_of("apps", "deployments", "scale") == Range{20, 37});
  CHECK(life_of("certificates.k8s.io", "certificatesigningrequests", "approval") == Range{20, 37});
  const ApiResource* secrets = find_resource("", "secrets", {1, 37});
  REQUIRE(secrets != nullptr);
  CHECK(subresources_of(*secrets, {1, 37}).empty());
}

TEST_CASE("what only the kubelet, authorization or an aggregated server has is no resource of kube-apiserver",
          "[resources]") {
  for (const char* subresource : {"metrics", "log", "stats", "spec"}) {
    CAPTURE(subresource);
    CHECK(life_of("", "nodes", subresource) == Range{0, 0});
  }
  CHECK(life_of("", "users") == Range{0, 0});
  CHECK_FALSE(is_builtin_group("metrics.k8s.io", {1, 37}));
}

TEST_CASE("what is only posted, and what the built-in aggregated servers have, are resources like others",
          "[resources]") {
  CHECK(life_of("", "bindings") == Range{20, 37});
  CHECK(life_of("authentication.k8s.io", "tokenreviews") == Range{20, 37});
  for (const char* plural :
       {"subjectaccessreviews", "localsubjectaccessreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews"}) {
    CAPTURE(plural);
    CHECK(life_of("authorization.k8s.io", plural) == Range{20, 37});
  }
  CHECK(life_of("apiextensions.k8s.io", "customresourcedefinitions", "status") == Range{20, 37});
  CHECK(life_of("apiregistration.k8s.io", "apiservices", "status") == Range{20, 37});
}

TEST_CASE("a bare name in several groups means them in kubectl's order", "[resources]") {
  CHECK(names_of(resources_by_plural("events", {1, 30})) == Names{"/events", "events.k8s.io/events"});
  CHECK(names_of(resources_by_plural("ingresses", {1, 21})) ==
        Names{"networking.k8s.io/ingresses", "extensions/ingresses"});
  CHECK(names_of(resources_by_plural("ingresses", {1, 22})) == Names{"networking.k8s.io/ingresses"});
  CHECK(names_of(resources_by_plural("deployments", {1, 22})) == Names{"apps/deployments"});
}

TEST_CASE("a person may say plural, singular, kind or short name, in any case", "[resources]") {
  for (const char* name : {"deployments", "deployment", "Deployment", "DEPLOY", "deploy", "Deployments"}) {
    CAPTURE(name);
    CHECK(names_of(resources_called(name, {1, 30})) == Names{"apps/deployments"});
  }
  CHECK(names_of(resources_called("netpol", {1, 30})) == Names{"networking.k8s.io/networkpolicies"});
  CHECK(names_of(resources_called("crds", {1, 30})) == Names{"apiextensions.k8s.io/customresourcedefinitions"});
  CHECK(names_of(resources_called("crd", {1, 30})) == Names{"apiextensions.k8s.io/customresourcedefinitions"});
  CHECK(names_of(resources_called("event", {1, 30})) == Names{"/events", "events.k8s.io/events"});
  CHECK(names_of(resources_called("Endpoints", {1, 30})) == Names{"/endpoints"});
  for (const char* name : {"", "deploymen", "deploymentss", "deployments.apps", "pods/exec", "*"}) {
    CAPTURE(name);
    CHECK(resources_called(name, {1, 30}).empty());
  }
}

TEST_CASE("policies and requests mean a resource by its exact plural and group", "[resources]") {
  for (const char* name : {"pod", "Pods", "po", "Pod", "", "pods/exec", "*"}) {
    CAPTURE(name);
    CHECK_FALSE(knows("", name, 30));
    CHECK(resources_by_plural(name, {1, 30}).empty());
  }
  CHECK_FALSE(knows("core", "pods", 30));
  CHECK_FALSE(knows("apps/v1", "deployments", 30));
  CHECK_FALSE(knows("", "pods", "Exec", 30));
}

TEST_CASE("a group is exact: the core group is empty, and a version is no part of it", "[resources]") {
  for (const char* group : {"", "apps", "batch", "rbac.authorization.k8s.io"}) {
    CAPTURE(group);
    CHECK(is_builtin_group(group, {1, 20}));
    CHECK(is_builtin_group(group, {1, 37}));
  }
  for (const char* group : {"core", "v1", "apps/v1", "rbac", "Apps", "*"}) {
    CAPTURE(group);
    CHECK_FALSE(is_builtin_group(group, {1, 30}));
  }
}

TEST_CASE("scope is known", "[resources]") {
  CHECK(find_resource("", "pods", {1, 30})->scope == Scope::namespaced);
  CHECK(find_resource("", "events", {1, 30})->scope == Scope::namespaced);
  CHECK(find_resource("", "namespaces", {1, 30})->scope == Scope::cluster);
  CHECK(find_resource("", "nodes", {1, 30})->scope == Scope::cluster);
  CHECK(find_resource("authorization.k8s.io", "localsubjectaccessreviews", {1, 30})->scope == Scope::namespaced);
  CHECK(find_resource("authorization.k8s.io", "subjectaccessreviews", {1, 30})->scope == Scope::cluster);
}

TEST_CASE("versions outside the known range are judged by the nearest one", "[resources]") {
  CHECK(knows("policy", "podsecuritypolicies", 16));
  CHECK_FALSE(knows("authentication.k8s.io", "selfsubjectreviews", 19));
  CHECK(knows("lifecycle.k8s.io", "evictions", 40));
  CHECK_FALSE(knows("extensions", "ingresses", 40));
}

/// Counts of api/openapi-spec/swagger.json, resources and subresources together; of 1.20 two more (see the script).
TEST_CASE("each version has as many resources and subresources as its published API", "[resources]") {
  const std::vector<std::size_t> counts = {100, 100, 98,  98,  99,  99,  108, 111, 110,
                                           112, 117, 116, 117, 118, 120, 122, 126, 133};
  for (int minor = k_oldest_known.minor; minor <= k_newest_known.minor; ++minor) {
    CAPTURE(minor);
    std::size_t count = 0;
    for (const ApiResource& resource : api_resources()) {
      if (!is_served(resource, {1, minor})) continue;
      count += 1 + subresources_of(resource, {1, minor}).size();
    }
    CHECK(count == counts.at(static_cast<std::size_t>(minor - k_oldest_known.minor)));
  }
}

TEST_CASE("the table is well formed: names unique and lower case, lives in the known range, subresources sorted",
          "[resources]") {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const ApiResource& resource : api_resources()) {
    CAPTURE(resource.group, resource.plural);
    CHECK(seen.emplace(resource.group, resource.plural).second);
    CHECK(std::none_of(resource.plural.begin(), resource.plural.end(), [](char c) { return c < 'a' || c > 'z'; }));
    CHECK(resource.plural.size() >= resource.singular.size());
    CHECK_FALSE(resource.kind.empty());
    CHECK(resource.since.value_or(k_oldest_known) < resource.removed.value_or(Version{1, k_newest_known.minor + 1}));
    CHECK(resource.since.value_or(k_newest_known) <= k_newest_known);
    CHECK(std::is_sorted(resource.subresources.begin(), resource.subresources.end(),
                         [](const Subresource& a, const Subresource& b) { return a.name < b.name; }));
  }
}
