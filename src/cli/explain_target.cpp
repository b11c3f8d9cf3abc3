#include "explain_target.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "kaudit/kube/resources.hpp"

namespace kaudit::cli {
namespace {

constexpr std::string_view k_account = "system:serviceaccount:";

/// Groups that authentication itself gives. Source: apiserver pkg/authentication: authenticated-group adder,
/// serviceaccount UserInfo.
std::vector<std::string> groups_of(const ExplainOptions& options) {
  std::vector<std::string> groups = options.groups;
  const auto add = [&](std::string group) {
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(std::move(group));
  };
  const std::string user = options.user.value_or("");
  if (user == "system:anonymous") {
    add("system:unauthenticated");
    return groups;
  }
  const std::size_t colon = user.find(':', k_account.size());
  if (user.starts_with(k_account) && colon != std::string::npos) {
    add("system:serviceaccounts");
    add("system:serviceaccounts:" + user.substr(k_account.size(), colon - k_account.size()));
  }
  add("system:authenticated");
  return groups;
}

class Resolver {
 public:
  Resolver(const ExplainOptions& options, kube::Version version) : m_options(options), m_version(version) {}

  Target run() {
    policy::OwnedRequest& request = m_target.request;
    request.verb = m_options.verb;
    // A name that no sensible policy lists.
    request.user = m_options.user.value_or("somebody");
    request.groups = groups_of(m_options);
    if (m_options.target.starts_with('/')) {
      request.kind = policy::RequestKind::non_resource;
      request.path = m_options.target;
      return std::move(m_target);
    }
    request.subresource = m_options.subresource;
    request.name_space = m_options.name_space;
    split_target();
    adjust_as_request_info();
    return std::move(m_target);
  }

 private:
  void split_target() {
    policy::OwnedRequest& request = m_target.request;
    std::string resource = m_options.target;
    if (const std::size_t slash = resource.find('/'); slash != std::string::npos) {
      request.name = resource.substr(slash + 1);
      resource.resize(slash);
    }
    if (const std::size_t dot = resource.find('.'); dot != std::string::npos) {
      request.api_group = resource.substr(dot + 1);
      resource.resize(dot);
      request.resource = resource;
      return;
    }
    request.resource = resource;
    look_up(resource);
  }

  void look_up(const std::string& name) {
    policy::OwnedRequest& request = m_target.request;
    const auto found = kube::resources_called(name, m_version);
    if (found.empty()) {
      if (name != "*") {
        m_target.notes.push_back(fmt::format("{} is not built into Kubernetes {}: taken as it is, in the core group",
                                             name, kube::to_string(m_version)));
      }
      return;
    }
    m_resource = found.front();
    request.resource = m_resource->plural;
    request.api_group = m_resource->group;
    if (request.resource != name || !request.api_group.empty()) {
      m_target.notes.push_back(
          fmt::format("{} is {}{}", name, request.resource,
                      request.api_group.empty() ? " of the core group" : " of group " + request.api_group));
    }
  }

  void adjust_as_request_info() {
    policy::OwnedRequest& request = m_target.request;
    const bool is_namespace = request.resource == "namespaces" && request.api_group.empty();
    if (is_namespace && !request.name.empty() && request.name_space.empty()) {
      request.name_space = request.name;
      m_target.notes.emplace_back("the request for a Namespace lies in that namespace");
    }
    const bool nameless = request.verb == "create" || request.verb == "deletecollection";
    if (nameless && request.subresource.empty() && !request.name.empty()) {
      request.name.clear();
      m_target.notes.push_back(fmt::format("a {} has no name yet: resourceNames never match it", request.verb));
    }
    if (m_resource != nullptr && m_resource->scope == kube::Scope::cluster && !is_namespace &&
        !request.name_space.empty()) {
      m_target.notes.push_back(fmt::format("{} have no namespace: left out", request.resource));
      request.name_space.clear();
    }
    if (m_resource != nullptr && request.subresource.empty() && !request.name.empty() &&
        kube::has_subresource(*m_resource, request.name, m_version)) {
      m_target.notes.push_back(
          fmt::format("{0} is taken as a name, as kubectl does; --subresource {0} is the "
                      "subresource",
                      request.name));
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
