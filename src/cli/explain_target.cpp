#include "explain_target.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/kube/resources.hpp"
#include "kaudit/kube/user_groups.hpp"
#include "kaudit/kube/verbs.hpp"
#include "kaudit/policy/request.hpp"

namespace kaudit::cli {
namespace {

std::vector<std::string> groups_of(const ExplainOptions& options, kube::Version version) {
  std::vector<std::string> groups = options.groups;
  for (std::string& group : kube::groups_by_name(options.user.value_or(""), version)) {
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(std::move(group));
  }
  return groups;
}

/// Source: k8s.io/apiserver pkg/endpoints/request/requestinfo.go NewRequestInfo.
std::string_view verb_of_method(std::string_view method, bool is_collection) {
  if (method == "post") return "create";
  if (method == "put") return "update";
  if (is_collection && (method == "get" || method == "head")) return "list";
  if (is_collection && method == "delete") return "deletecollection";
  return method == "head" ? "get" : method;
}

/// What kubectl takes "deploy", "Deployment", "deployments.apps" and "deployments.v1.apps" for; a group may be cut
/// short. Null pointer: nothing of Kubernetes. Source: apimachinery pkg/api/meta/restmapper.go ResourcesFor.
const kube::ApiResource* kube_resource(const std::string& name, const std::optional<std::string>& typed_group,
                                       kube::Version version) {
  const auto found = kube::resources_called(name, version);
  if (!typed_group) return found.empty() ? nullptr : found.front();
  std::string group = lower_case(*typed_group);
  if (group.size() > 1 && group[0] == 'v' && group[1] >= '0' && group[1] <= '9') {
    const std::size_t dot = group.find('.');
    group = dot == std::string::npos ? "" : group.substr(dot + 1);
  }
  const auto exact = std::find_if(found.begin(), found.end(), [&](const auto* one) { return one->group == group; });
  if (exact != found.end()) return *exact;
  const auto longer =
      std::find_if(found.begin(), found.end(), [&](const auto* one) { return one->group.starts_with(group); });
  return longer == found.end() ? nullptr : *longer;
}

class Resolver {
 public:
  Resolver(const ExplainOptions& options, kube::Version version) : m_options(options), m_version(version) {}

  Target run() {
    policy::OwnedRequest& request = m_target.request;
    request.verb = m_options.verb;
    // A name that no sensible policy lists.
    request.user = m_options.user.value_or("somebody");
    request.groups = groups_of(m_options, m_version);
    if (m_options.target.starts_with('/')) {
      take_path();
      note_verb();
      return std::move(m_target);
    }
    request.subresource = m_options.subresource;
    request.name_space = m_options.name_space;
    split_target();
    adjust_as_request_info();
    note_verb();
    return std::move(m_target);
  }

 private:
  /// Only the path is compared, and kube-apiserver decides by it what is a request for a resource.
  void take_path() {
    policy::OwnedRequest& request = m_target.request;
    policy::fill_from_url(request, m_options.target);
    if (m_options.target.find('?') != std::string::npos) {
      m_target.notes.emplace_back("the query, from the ? on, is not part of what nonResourceURLs are compared with");
    }
    if (request.kind == policy::RequestKind::non_resource) return;
    if (const std::string_view verb = verb_of_method(request.verb, request.name.empty()); verb != request.verb) {
      request.verb = verb;
      policy::fill_from_url(request, m_options.target);
    }
    m_target.notes.emplace_back("kube-apiserver reads this path as a request for a resource");
  }

  void split_target() {
    policy::OwnedRequest& request = m_target.request;
    std::string resource = m_options.target;
    if (const std::size_t slash = resource.find('/'); slash != std::string::npos) {
      request.name = resource.substr(slash + 1);
      resource.resize(slash);
    }
    const std::size_t dot = resource.find('.');
    request.resource = resource.substr(0, dot);
    std::optional<std::string> group;
    if (dot != std::string::npos) group = resource.substr(dot + 1);
    m_resource = kube_resource(request.resource, group, m_version);
    if (m_resource == nullptr) {
      request.api_group = group.value_or("");
      note_unknown(resource, group);
      return;
    }
    request.resource = m_resource->plural;
    request.api_group = m_resource->group;
    const std::string full = request.resource + (request.api_group.empty() ? "" : "." + request.api_group);
    if (full == resource) return;
    m_target.notes.push_back(
        fmt::format("{} is {}{}", resource, request.resource,
                    request.api_group.empty() ? " of the core group" : " of group " + request.api_group));
  }

  /// Of a group that is not Kubernetes' own nothing is known, so there is nothing to say.
  void note_unknown(const std::string& typed, const std::optional<std::string>& group) {
    if (typed == "*") {
      m_target.notes.emplace_back("no request is for a resource called *");
    } else if (!group || kube::is_builtin_group(*group, m_version)) {
      m_target.notes.push_back(fmt::format("{} is not built into Kubernetes {}: taken as it is{}", typed,
                                           kube::to_string(m_version), group ? "" : ", in the core group"));
    }
  }

  void note_verb() {
    const policy::OwnedRequest& request = m_target.request;
    const bool is_resource = request.kind == policy::RequestKind::resource;
    const std::span<const std::string_view> known =
        is_resource ? kube::k_usual_verbs : std::span<const std::string_view>(kube::k_methods);
    if (std::find(known.begin(), known.end(), request.verb) != known.end()) return;
    m_target.notes.push_back(fmt::format("no request for {} has the verb {}: they are {}",
                                         is_resource ? "a resource" : "a URL", request.verb,
                                         fmt::join(known.begin(), known.end(), ", ")));
  }

  void adjust_as_request_info() {
    policy::OwnedRequest& request = m_target.request;
    if (m_resource != nullptr && request.subresource.empty() && !request.name.empty() &&
        kube::has_subresource(*m_resource, request.name, m_version)) {
      m_target.notes.push_back(
          fmt::format("{0} is taken as a name, as kubectl does; --subresource {0} is the "
                      "subresource",
                      request.name));
    }
    const bool nameless = request.verb == "create" || request.verb == "deletecollection";
    if (nameless && request.subresource.empty() && !request.name.empty()) {
      request.name.clear();
      m_target.notes.push_back(fmt::format("a {} has no name yet: resourceNames never match it", request.verb));
    }
    adjust_namespace();
    const bool for_one = !request.name.empty() || request.verb == "create";
    if (m_resource != nullptr && m_resource->scope == kube::Scope::namespaced && for_one &&
        request.name_space.empty()) {
      m_target.notes.push_back(
          fmt::format("such a request for {} always has a namespace: give one with -n NAMESPACE", request.resource));
    }
  }

  /// A request for something that has none, or for a Namespace: its URL is /namespaces/NAME, from which the namespace
  /// is taken. That of a list or watch is /namespaces, and its name a field selector.
  void adjust_namespace() {
    policy::OwnedRequest& request = m_target.request;
    if (m_resource == nullptr || m_resource->scope != kube::Scope::cluster) return;
    const bool is_namespace = request.resource == "namespaces" && request.api_group.empty();
    const bool is_one = is_namespace && request.verb != "list" && request.verb != "watch" && !request.name.empty();
    if (is_one) {
      if (request.name_space != request.name) {
        m_target.notes.push_back(fmt::format("the request for a Namespace lies in that namespace{}",
                                             request.name_space.empty() ? "" : ", not in " + request.name_space));
      }
      request.name_space = request.name;
    } else if (!request.name_space.empty()) {
      m_target.notes.push_back(fmt::format("{} have no namespace: left out", request.resource));
      request.name_space.clear();
    }
  }

  const ExplainOptions& m_options;
  kube::Version m_version;
  const kube::ApiResource* m_resource = nullptr;
  Target m_target;
};

}  // namespace

Target target_of(const ExplainOptions& options, kube::Version version) { return Resolver(options, version).run(); }

}  // namespace kaudit::cli
