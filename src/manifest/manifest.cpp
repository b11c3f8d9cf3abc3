#include "kaudit/manifest/manifest.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "agreement.hpp"
#include "command_line.hpp"
#include "findings.hpp"
#include "kaudit/manifest/owner.hpp"
#include "kind.hpp"
#include "server_container.hpp"

namespace kaudit::manifest {
namespace {

using decode::Value;
using yaml::NodeId;

/// Refusals about surroundings: with them the patched pod is no worse than the one before.
constexpr std::array<std::string_view, 2> k_tolerable{"fixed-uid", "api-reference"};

bool is_tolerated(const text::Diagnostic& finding, const ReadOptions& options) {
  const auto has = [&finding](const auto& codes) { return std::ranges::find(codes, finding.code) != codes.end(); };
  return has(k_tolerable) && has(options.tolerated);
}

/// So many findings are listed in one refusal; whoever has more corrects these first.
constexpr std::size_t k_listed = 20;

/// Warnings are kept; the errors become one Error, the first in full and the others as lines of it.
Status settle(const text::Source& source, std::vector<text::Diagnostic> findings, const ReadOptions& options,
              std::vector<text::Diagnostic>& warnings) {
  std::optional<Error> refusal;
  for (text::Diagnostic& finding : findings) {
    if (finding.severity == text::Severity::error && is_tolerated(finding, options)) {
      finding.severity = text::Severity::warning;
    }
    if (finding.severity == text::Severity::warning) {
      warnings.push_back(std::move(finding));
    } else if (!refusal) {
      refusal = text::refuse(source, finding);
    } else if (refusal->also.size() < k_listed) {
      const text::Position at = source.position(finding.offset);
      refusal->also.push_back(source.name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
                              (finding.field.empty() ? "" : finding.field + ": ") + finding.message);
    }
  }
  if (refusal) return std::move(*refusal);
  return Done{};
}

const Value& member(const Value& object, std::string_view key) {
  static const Value k_null;
  const Value* found = object.find(key);
  return found == nullptr ? k_null : *found;
}

/// The nodes that the patch may edit, by hand or as a whole: none of them may be shared through anchors, aliases or
/// merge keys, nor have a tag.
class Nodes {
 public:
  explicit Nodes(const yaml::Document& document) : m_document(document) {}

  /// Value of `key`; nothing if it is absent.
  [[nodiscard]] Result<std::optional<NodeId>> find(NodeId mapping, std::string_view key) const {
    KAUDIT_TRY_DO(check(mapping));
    const std::optional<NodeId> found = m_document.find(mapping, key);
    if (found) KAUDIT_TRY_DO(check(*found));
    return found;
  }

  [[nodiscard]] Result<NodeId> need(NodeId mapping, std::string_view key) const {
    KAUDIT_TRY(found, find(mapping, key));
    if (!found) return internal_error("the judge knows " + std::string(key) + ", the document does not");
    return *found;
  }

  [[nodiscard]] Result<NodeId> item(NodeId sequence, std::size_t index) const {
    if (index >= m_document.node(sequence).child_count) return internal_error("a list is shorter than the judge says");
    const NodeId found = m_document.child(sequence, index).value;
    KAUDIT_TRY_DO(check(found));
    return found;
  }

 private:
  [[nodiscard]] Status check(NodeId id) const {
    const std::optional<NodeId> shared = m_document.shared_ancestor(id);
    if (!shared) return Done{};
    text::Diagnostic finding;
    finding.code = "shared-node";
    finding.field = m_document.path(*shared);
    finding.message = "an anchor, alias, tag or merge key stands here; the settings below it cannot be edited safely";
    finding.hint = "write it out without &, *, ! and <<";
    const yaml::Node& node = m_document.node(*shared);
    finding.offset = node.property.empty() ? node.span.begin : node.property.begin;
    return text::refuse(m_document.source(), finding);
  }

  const yaml::Document& m_document;
};

ListPlace list_place(NodeId parent, std::string_view key, const std::string& parent_path, std::optional<NodeId> list) {
  return {parent, std::string(key), list, parent_path + "." + std::string(key)};
}

/// Node of item `index`, which may be an alias: then it is the alias itself.
NodeId item_node(const yaml::Document& document, std::optional<NodeId> list, std::size_t index) {
  return list ? document.child(*list, index).value : 0;
}

std::vector<Volume> read_volumes(const yaml::Document& document, const Value& spec, std::optional<NodeId> list) {
  std::vector<Volume> volumes;
  for (const Value& value : items_of(spec.find("volumes"))) {
    Volume volume;
    volume.name = text_at(value, "name");
    if (is_set(value, "hostPath")) {
      volume.host_path = text_at(*value.find("hostPath"), "path");
      volume.host_path_type = text_at(*value.find("hostPath"), "type");
    }
    volume.index = volumes.size();
    volume.node = item_node(document, list, volume.index);
    volumes.push_back(std::move(volume));
  }
  return volumes;
}

std::vector<Mount> read_mounts(const yaml::Document& document, const Value& container, std::optional<NodeId> list) {
  std::vector<Mount> mounts;
  for (const Value& value : items_of(container.find("volumeMounts"))) {
    Mount mount;
    mount.volume = text_at(value, "name");
    mount.path = text_at(value, "mountPath");
    mount.sub_path = text_at(value, "subPath");
    if (mount.sub_path.empty()) mount.sub_path = text_at(value, "subPathExpr");
    const bool* read_only = member(value, "readOnly").boolean();
    mount.read_only = read_only != nullptr && *read_only;
    mount.index = mounts.size();
    mount.node = item_node(document, list, mount.index);
    mounts.push_back(std::move(mount));
  }
  return mounts;
}

std::vector<std::string> used_elsewhere(const Value& spec, std::size_t server) {
  std::vector<std::string> names;
  for (const char* list : {"containers", "initContainers"}) {
    std::size_t index = 0;
    for (const Value& container : items_of(spec.find(list))) {
      const bool is_server = std::string_view(list) == "containers" && index++ == server;
      if (is_server) continue;
      for (const Value& mount : items_of(container.find("volumeMounts"))) names.push_back(text_at(mount, "name"));
    }
  }
  return names;
}

/// The container's setting before the pod's; nothing set: root (the images of kube-apiserver name no user).
std::uint32_t id_of(const Value& spec, const Value& container, std::string_view key) {
  for (const Value* holder : {&container, &spec}) {
    const Value& set = member(member(*holder, "securityContext"), key);
    if (const auto* id = std::get_if<std::int64_t>(&set.data())) {
      constexpr std::int64_t largest = std::numeric_limits<std::int32_t>::max();
      return *id < 0 || *id > largest ? 0 : static_cast<std::uint32_t>(*id);
    }
  }
  return 0;
}

/// An audit flag must be a scalar of its own: what an alias says is not edited.
void check_audit_nodes(const yaml::Document& document, const std::vector<Flag>& flags, Findings& findings) {
  for (const Flag& flag : flags) {
    if (!flag.name.starts_with("audit")) continue;
    for (std::size_t i = flag.index; i < flag.index + flag.elements; ++i) {
      const yaml::Node& node = document.node(document.child(flag.list, i).value);
      if (node.kind == yaml::Kind::scalar && node.property.empty()) continue;
      findings.error("shared-node", {item(document.path(flag.list), i), node.span.begin},
                     "--" + flag.name + " is given through an anchor, alias or tag", "write the text itself");
    }
  }
}

Status read_places(Manifest& manifest, const Value& value, const ServerContainer& server, Findings& findings) {
  const yaml::Document& document = *manifest.document;
  const Nodes nodes(document);
  KAUDIT_TRY(spec, nodes.need(document.root(), "spec"));
  KAUDIT_TRY(containers, nodes.need(spec, "containers"));
  KAUDIT_TRY(container, nodes.item(containers, server.index));
  KAUDIT_TRY(metadata, nodes.need(document.root(), "metadata"));
  KAUDIT_TRY(annotations, nodes.find(metadata, "annotations"));
  KAUDIT_TRY(mounts, nodes.find(container, "volumeMounts"));
  KAUDIT_TRY(volumes, nodes.find(spec, "volumes"));
  KAUDIT_TRY(command, nodes.find(container, "command"));
  KAUDIT_TRY(args, nodes.find(container, "args"));
  const Value& pod_spec = member(value, "spec");
  const Value& server_value = items_of(pod_spec.find("containers"))[server.index];

  manifest.container = container;
  manifest.metadata = metadata;
  manifest.annotations = annotations;
  manifest.mounts_place = list_place(container, "volumeMounts", manifest.container_path, mounts);
  manifest.mounts = read_mounts(document, server_value, mounts);
  manifest.volumes_place = list_place(spec, "volumes", "spec", volumes);
  manifest.volumes = read_volumes(document, pod_spec, volumes);
  const ArgumentLists lists{command, args};
  CommandLine line = read_command_line(server.argv, server.start.first, lists, manifest.container_path, findings);
  check_audit_nodes(document, line.flags, findings);
  manifest.flags = std::move(line.flags);
  manifest.flag_list = std::move(line.flag_list);
  return Done{};
}

void read_values(Manifest& manifest, const Value& value, const ServerContainer& server) {
  const Value& metadata = member(value, "metadata");
  const Value& spec = member(value, "spec");
  const Value& container = items_of(spec.find("containers"))[server.index];
  manifest.pod_name = text_at(metadata, "name");
  manifest.pod_namespace = text_at(metadata, "namespace");
  if (manifest.pod_namespace.empty()) manifest.pod_namespace = "default";
  manifest.container_index = server.index;
  manifest.container_path = item("spec.containers", server.index);
  manifest.container_name = text_at(container, "name");
  manifest.image = text_at(container, "image");
  manifest.version = kube::version_of_image(manifest.image);
  manifest.volumes_used_elsewhere = used_elsewhere(spec, server.index);
  for (const Value::Member& annotation : members_of(metadata.find("annotations"))) {
    manifest.annotation_values.emplace_back(annotation.key, text_of(&annotation.value));
  }
  manifest.run_as_user = id_of(spec, container, "runAsUser");
  manifest.run_as_group = id_of(spec, container, "runAsGroup");
}

/// Where an owner would undo the change, its own way is the better hint.
void hint_at_owner(text::Diagnostic& finding, Owner owner) {
  const OwnerAdvice advice = advice_for(owner);
  if (advice.action == OwnerAdvice::Action::refuse) finding.hint = advice.message + "; " + advice.hint;
}

}  // namespace

Result<Manifest> Manifest::read(const yaml::Document& document, const Value& value, const ReadOptions& options) {
  const text::Source& source = document.source();
  if (const auto problem = not_a_pod(value)) return text::refuse(source, *problem);
  if (const auto problem = disagreement(document, value)) return text::refuse(source, *problem);
  ServerContainer server = find_server(value);
  Manifest manifest;
  manifest.owner = owner_by_content(value);
  manifest.document = &document;
  std::vector<text::Diagnostic> problems = pod_problems(value, server.index);
  // A pod of the wrong shape is told as the kubelet tells it; otherwise what matters first is which pod it is.
  const bool wrong_types = !problems.empty() && problems.front().code == "wrong-type";
  if (server.problem && !wrong_types) {
    hint_at_owner(*server.problem, manifest.owner);
    return text::refuse(source, *server.problem);
  }
  for (text::Diagnostic& problem : problems) {
    if (problem.code == "fixed-uid") hint_at_owner(problem, manifest.owner);
  }
  KAUDIT_TRY_DO(settle(source, std::move(problems), options, manifest.warnings));

  read_values(manifest, value, server);
  Findings findings;
  KAUDIT_TRY_DO(read_places(manifest, value, server, findings));
  KAUDIT_TRY_DO(settle(source, findings.take(), options, manifest.warnings));
  return manifest;
}

const Flag* Manifest::flag(std::string_view name) const {
  const auto found = std::find_if(flags.rbegin(), flags.rend(), [name](const Flag& each) { return each.name == name; });
  return found == flags.rend() ? nullptr : &*found;
}

std::string Manifest::flag_value(std::string_view name) const {
  const Flag* found = flag(name);
  return found == nullptr ? std::string() : found->value.value_or("");
}

const Volume* Manifest::volume(std::string_view name) const {
  const auto found = std::ranges::find(volumes, name, &Volume::name);
  return found == volumes.end() ? nullptr : &*found;
}

std::optional<std::string> Manifest::annotation(std::string_view key) const {
  for (const auto& [name, value] : annotation_values) {
    if (name == key) return value;
  }
  return std::nullopt;
}

}  // namespace kaudit::manifest
