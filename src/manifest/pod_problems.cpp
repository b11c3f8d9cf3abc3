// Source: pkg/kubelet/config/common.go v1.32–v1.37 (tryDecodeSinglePod, static pod checks) and
// pkg/apis/core/validation/validation.go v1.32 (ValidatePodCreate).
#include <unordered_set>

#include "findings.hpp"
#include "kaudit/base/ascii.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/manifest/manifest.hpp"
#include "pod_types.hpp"
#include "pod_volumes.hpp"

namespace kaudit::manifest {
namespace {

using decode::Value;

/// apimachinery pkg/api/validation TotalAnnotationSizeLimitB
constexpr std::size_t k_annotations_limit = 262144;
constexpr std::size_t k_longest_label_value = 63;

/// Since 1.34 the kubelet refuses static pods that refer to API objects (gate PreventStaticPodAPIReferences, on by
/// default; always since 1.37). Before, such a pod waits for an object that it may never get.
constexpr kube::Version k_no_api_references{1, 34};

void check_name_and_namespace(const Value& metadata, Findings& findings) {
  const std::string name = text_at(metadata, "name");
  if (name.empty()) {
    findings.error("missing-name", where(metadata, "metadata", "name"), "invalid pod: name is needed for the pod",
                   "give it metadata.name, such as kube-apiserver");
  }
  for (const std::string& problem :
       name.empty() ? std::vector<std::string>() : kube::dns1123_subdomain_problems(name)) {
    findings.error("bad-name", where(metadata, "metadata", "name"), kube::invalid_value(name, problem),
                   "rename the pod");
  }
  const std::string name_space = text_at(metadata, "namespace");
  if (name_space.empty()) return;
  for (const std::string& problem : kube::dns1123_label_problems(name_space)) {
    findings.error("bad-name", where(metadata, "metadata", "namespace"), kube::invalid_value(name_space, problem),
                   "name an existing namespace, such as kube-system");
  }
}

/// With a UID of its own the pod counts as the same one after every edit, and since 1.31 the kubelet compares only
/// the name and image of its containers: new flags would wait for the next restart (facts A.6). An export of the
/// mirror pod (only the API server writes resourceVersion) is not what a kubelet has been running from: what has to
/// be known about it is told, for whoever works on one.
void check_uid(const Value& metadata, Findings& findings) {
  if (text_at(metadata, "uid").empty()) return;
  const Where where_it_is = where(metadata, "metadata", "uid");
  const std::string message =
      "the manifest sets the pod's UID, so the kubelet would not restart the container for new flags";
  if (text_at(metadata, "resourceVersion").empty()) {
    findings.error("fixed-uid", where_it_is, message,
                   "delete metadata.uid, or let the tool that wrote it set the audit flags");
  } else {
    findings.warning("fixed-uid", where_it_is, message,
                     "this is an export of the mirror pod (kubectl get pod -o yaml): delete what the API server put "
                     "into its metadata before a kubelet gets it");
  }
}

void check_annotations(const Value& metadata, Findings& findings) {
  const Value* annotations = metadata.find("annotations");
  std::size_t size = 0;
  for (const Value::Member& member : members_of(annotations)) {
    for (const std::string& problem : kube::qualified_name_problems(lower_case(member.key))) {
      findings.error("bad-annotation", {"metadata.annotations", member.key_offset},
                     kube::invalid_value(member.key, problem), "rename the annotation");
    }
    size += member.key.size() + text_of(&member.value).size();
  }
  if (size > k_annotations_limit) {
    findings.error("bad-annotation", {"metadata.annotations", annotations->offset()},
                   "Too long: may not be more than 262144 bytes", "take annotations out");
  }
}

bool is_label_value(std::string_view value) { return value.empty() || kube::qualified_name_problems(value).empty(); }

void check_labels(const Value& metadata, Findings& findings) {
  for (const Value::Member& member : members_of(metadata.find("labels"))) {
    for (const std::string& problem : kube::qualified_name_problems(member.key)) {
      findings.error("bad-label", {"metadata.labels", member.key_offset}, kube::invalid_value(member.key, problem),
                     "rename the label");
    }
    const std::string value = text_of(&member.value);
    if (value.size() > k_longest_label_value) {
      findings.error("bad-label", {"metadata.labels", member.value.offset()},
                     kube::invalid_value(value, "must be no more than 63 characters"), "shorten the label's value");
    } else if (value.find('/') != std::string::npos || !is_label_value(value)) {
      findings.error("bad-label", {"metadata.labels", member.value.offset()},
                     kube::invalid_value(value,
                                         "a valid label must be an empty string or consist of alphanumeric characters, "
                                         "'-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
                                         "'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                                         "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"),
                     "correct the label's value");
    }
  }
}

/// A pod without these cannot be running now, and the patch makes that neither better nor worse: it is told, so that
/// an excerpt or a manifest in the making can be worked on.
void check_completeness(const Value& container, const std::string& path, Findings& findings) {
  for (const char* key : {"name", "image"}) {
    if (!text_at(container, key).empty()) continue;
    findings.warning("incomplete-container", where(container, path, key), kube::required_value(),
                     std::string("the kubelet refuses the pod until the container has a") +
                         (std::string_view(key) == "image" ? "n image" : " name"));
  }
}

void check_container(const Value& container, const std::string& path, std::unordered_set<std::string>& names,
                     Findings& findings) {
  check_completeness(container, path, findings);
  const std::string name = text_at(container, "name");
  if (!name.empty()) {
    for (const std::string& problem : kube::dns1123_label_problems(name)) {
      findings.error("bad-name", where(container, path, "name"), kube::invalid_value(name, problem),
                     "rename the container");
    }
    if (!names.insert(name).second) {
      findings.error("duplicate-container", where(container, path, "name"), kube::duplicate_value(name),
                     "rename one of the two containers");
    }
  }
  const std::string image = text_at(container, "image");
  if (image.starts_with(' ') || image.ends_with(' ')) {
    findings.error("bad-image", where(container, path, "image"),
                   kube::invalid_value(image, "must not have leading or trailing whitespace"), "take the blanks out");
  }
  std::unordered_set<std::string> port_names;
  std::size_t index = 0;
  for (const Value& port : items_of(container.find("ports"))) {
    const std::string field = item(path + ".ports", index++);
    const std::string port_name = text_at(port, "name");
    if (!port_name.empty() && !port_names.insert(port_name).second) {
      findings.error("duplicate-port", where(port, field, "name"), kube::duplicate_value(port_name),
                     "rename one of the two ports");
    }
  }
}

/// What of the Kubernetes API a pod refers to, as HasAPIObjectReference (pkg/api/pod/util.go v1.37) finds it.
class References {
 public:
  References(bool refused, Findings& findings) : m_refused(refused), m_findings(findings) {}

  void look_at(const Value& spec) {
    if (!text_at(spec, "serviceAccountName").empty())
      found("serviceaccounts", where(spec, "spec", "serviceAccountName"));
    if (!text_at(spec, "serviceAccount").empty()) found("serviceaccounts", where(spec, "spec", "serviceAccount"));
    if (!items_of(spec.find("imagePullSecrets")).empty()) found("secrets", where(spec, "spec", "imagePullSecrets"));
    if (!items_of(spec.find("resourceClaims")).empty()) found("resourceclaims", where(spec, "spec", "resourceClaims"));
    std::size_t index = 0;
    for (const Value& volume : items_of(spec.find("volumes"))) look_at_volume(volume, item("spec.volumes", index++));
  }

  void look_at_container(const Value& container, const std::string& path) {
    std::size_t index = 0;
    for (const Value& source : items_of(container.find("envFrom"))) {
      const std::string field = item(path + ".envFrom", index++);
      member(source, field, "configMapRef", "configmaps");
      member(source, field, "secretRef", "secrets");
    }
    index = 0;
    for (const Value& variable : items_of(container.find("env"))) {
      const std::string field = item(path + ".env", index++) + ".valueFrom";
      const Value* from = variable.find("valueFrom");
      if (from == nullptr) continue;
      member(*from, field, "configMapKeyRef", "configmaps");
      member(*from, field, "secretKeyRef", "secrets");
    }
  }

 private:
  void look_at_volume(const Value& volume, const std::string& field) {
    member(volume, field, "secret", "secrets");
    member(volume, field, "configMap", "configmaps");
    member(volume, field, "persistentVolumeClaim", "persistentvolumeclaims");
    member(volume, field, "ephemeral", "persistentvolumeclaims");
    const Value* projected = volume.find("projected");
    if (projected == nullptr) return;
    std::size_t index = 0;
    for (const Value& source : items_of(projected->find("sources"))) {
      const std::string inner = item(field + ".projected.sources", index++);
      member(source, inner, "secret", "secrets");
      member(source, inner, "configMap", "configmaps");
      member(source, inner, "serviceAccountToken", "serviceaccounts");
      member(source, inner, "clusterTrustBundle", "clustertrustbundles");
    }
  }

  void member(const Value& object, const std::string& field, std::string_view key, std::string_view resource) {
    if (is_set(object, key)) found(resource, where(object, field, key));
  }

  void found(std::string_view resource, Where place) {
    std::string message = "static pods may not reference " + std::string(resource);
    std::string hint = "mount a file of the node (hostPath) instead";
    if (m_refused) {
      m_findings.error("api-reference", std::move(place), std::move(message), std::move(hint));
    } else {
      m_findings.warning("api-reference", std::move(place), message + " (refused by kubelets since 1.34)",
                         std::move(hint));
    }
  }

  bool m_refused;
  Findings& m_findings;
};

void check_containers(const Value& spec, const VolumeNames& volumes, References& references, Findings& findings) {
  if (items_of(spec.find("containers")).empty()) {
    findings.error("no-container", where(spec, "spec", "containers"), kube::required_value(),
                   "give the manifest of the kube-apiserver static pod");
  }
  std::unordered_set<std::string> names;
  for (const char* list : {"containers", "initContainers"}) {
    std::size_t index = 0;
    for (const Value& container : items_of(spec.find(list))) {
      const std::string path = item(std::string("spec.") + list, index++);
      check_container(container, path, names, findings);
      check_mounts(volumes, container, path, findings);
      references.look_at_container(container, path);
    }
  }
}

/// The kubelet is never newer than its API server; an unknown version counts as an old one here, because the pod runs.
bool refuses_references(const Value& spec, std::size_t container_index) {
  const Value::Array& containers = items_of(spec.find("containers"));
  if (container_index >= containers.size()) return false;
  const auto version = kube::version_of_image(text_at(containers[container_index], "image"));
  return version && *version >= k_no_api_references;
}

}  // namespace

std::vector<text::Diagnostic> pod_problems(const Value& value, std::size_t container_index) {
  Findings findings;
  check_types(value, findings);
  if (!findings.empty()) return findings.take();  // the kubelet's decoder stops there: nothing is validated
  static const Value k_nothing;
  const Value* metadata = value.find("metadata");
  if (metadata == nullptr) metadata = &k_nothing;
  check_name_and_namespace(*metadata, findings);
  check_uid(*metadata, findings);
  check_annotations(*metadata, findings);
  check_labels(*metadata, findings);
  const Value* spec = value.find("spec");
  if (spec == nullptr) spec = &k_nothing;
  References references(refuses_references(*spec, container_index), findings);
  const VolumeNames volumes = check_volumes(*spec, findings);
  check_containers(*spec, volumes, references, findings);
  references.look_at(*spec);
  return findings.take();
}

std::optional<std::string> static_pod_identity(const Value& value) {
  if (text_at(value, "apiVersion") != "v1" || text_at(value, "kind") != "Pod") return std::nullopt;
  const Value* metadata = value.find("metadata");
  if (metadata == nullptr) return std::nullopt;
  const std::string name = text_at(*metadata, "name");
  if (name.empty()) return std::nullopt;
  const std::string name_space = text_at(*metadata, "namespace");
  return (name_space.empty() ? "default" : name_space) + "/" + name;
}

}  // namespace kaudit::manifest
