#include "server_container.hpp"

#include <array>
#include <optional>
#include <string>

#include "findings.hpp"
#include "kaudit/kube/pod_rules.hpp"

namespace kaudit::manifest {
namespace {

using decode::Value;

struct Candidate {
  std::size_t index = 0;
  std::vector<Argument> argv;
  Start start;
  std::string image;
  std::size_t offset = 0;

  [[nodiscard]] std::string path() const { return item("spec.containers", index); }
};

text::Diagnostic problem(std::string code, Where place, std::string message, std::string hint) {
  return {text::Severity::error, std::move(code), std::move(place.field),
          std::move(message),    std::move(hint), place.offset};
}

Where place_of(const Candidate& candidate, std::size_t argument) {
  if (argument >= candidate.argv.size()) return {candidate.path(), candidate.offset};
  const Argument& element = candidate.argv[argument];
  const char* list = element.list == List::command ? ".command" : ".args";
  return {item(candidate.path() + list, element.index), element.offset};
}

constexpr const char* k_direct_hint =
    "start the server without it, each flag an element of its own: command: [kube-apiserver, --flag=value, …]";

text::Diagnostic not_modelled(const Candidate& candidate) {
  const Where place = place_of(candidate, candidate.start.culprit);
  const std::string program = candidate.argv.empty() ? "" : candidate.argv[candidate.start.culprit].text;
  switch (candidate.start.kind) {
    case Start::Kind::shell: {
      const bool has_option = candidate.argv.size() > 1 && candidate.argv[1].text.starts_with('-');
      const std::string shown = program + (has_option ? " " + candidate.argv[1].text : "");
      return problem("shell-wrapper", place,
                     "command is wrapped in a shell (" + kube::go_quote(shown) + "); cannot add flags to it",
                     k_direct_hint);
    }
    case Start::Kind::one_string:
      return problem("shell-wrapper", place, "command line and flags are one string; cannot add flags to it",
                     k_direct_hint);
    case Start::Kind::no_arguments:
      return problem("no-flag-list", place,
                     "the container has neither command nor args; there is no list to add flags to",
                     "write command: [kube-apiserver, --flag=value, …]");
    default:
      return problem("unknown-start", place,
                     "kube-apiserver is started through " + kube::go_quote(program) +
                         " in a way that is not known to pass flags on unchanged",
                     k_direct_hint);
  }
}

text::Diagnostic two_servers(const Candidate& first, const Candidate& second) {
  return problem("two-servers", {second.path(), second.offset},
                 "two containers look like kube-apiserver: " + first.path() + " and " + second.path(),
                 "keep one kube-apiserver in the pod");
}

/// Which other static pod of a control plane this is; empty if none that is known.
std::string_view other_component(const Value& pod) {
  static constexpr std::array<std::string_view, 6> k_components{
      "etcd", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kube-vip", "haproxy"};
  const Value* metadata = pod.find("metadata");
  const std::string name = metadata == nullptr ? std::string() : text_at(*metadata, "name");
  for (const std::string_view component : k_components) {
    if (name.starts_with(component)) return component;
  }
  const Value* spec = pod.find("spec");
  if (spec == nullptr) return {};
  for (const Value& container : items_of(spec->find("containers"))) {
    const std::vector<Argument> argv = argv_of(container);
    for (const std::string_view component : k_components) {
      if (!argv.empty() && base_name(argv.front().text) == component) return component;
    }
  }
  return {};
}

text::Diagnostic no_server(const Value& pod) {
  const Value* spec = pod.find("spec");
  const Where place{"spec.containers", spec == nullptr ? pod.offset() : where(*spec, "spec", "containers").offset};
  const std::string_view component = other_component(pod);
  if (!component.empty()) {
    return problem("not-the-api-server", place,
                   "this is the static pod of " + std::string(component) + ", not of kube-apiserver",
                   "give kube-apiserver's manifest, usually kube-apiserver.yaml in the same directory");
  }
  return problem("not-the-api-server", place, "no container of this pod starts kube-apiserver",
                 "give the manifest of the kube-apiserver static pod");
}

}  // namespace

ServerContainer find_server(const Value& pod) {
  const Value* spec = pod.find("spec");
  std::vector<Candidate> servers;
  std::vector<Candidate> unclear;
  std::size_t index = 0;
  for (const Value& container : items_of(spec == nullptr ? nullptr : spec->find("containers"))) {
    Candidate candidate;
    candidate.index = index++;
    candidate.argv = argv_of(container);
    candidate.image = text_at(container, "image");
    candidate.start = start_of(candidate.argv, candidate.image);
    candidate.offset = container.offset();
    if (candidate.start.kind == Start::Kind::server) {
      servers.push_back(std::move(candidate));
    } else if (candidate.start.kind != Start::Kind::not_the_server) {
      unclear.push_back(std::move(candidate));
    }
  }

  ServerContainer result;
  if (servers.size() > 1) {
    result.problem = two_servers(servers[0], servers[1]);
  } else if (servers.empty()) {
    result.problem = unclear.empty() ? no_server(pod) : not_modelled(unclear.front());
  } else {
    // A sidecar's script may mention the server; one with the server's image is another server.
    for (const Candidate& other : unclear) {
      if (is_server_image(other.image)) result.problem = two_servers(servers.front(), other);
    }
    result.index = servers.front().index;
    result.argv = std::move(servers.front().argv);
    result.start = servers.front().start;
  }
  return result;
}

}  // namespace kaudit::manifest
