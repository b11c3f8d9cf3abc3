// Source: pkg/apis/core/validation/validation.go v1.32 ValidateVolumes, validateVolumeSource, ValidateVolumeMounts; the
// rules here are those of every version from 1.20 to 1.37.
#include "pod_volumes.hpp"

#include <array>
#include <string_view>

#include "kaudit/kube/pod_rules.hpp"

namespace kaudit::manifest {
namespace {

using decode::Value;

/// Every volume source, in the order of validateVolumeSource.
constexpr std::array<std::string_view, 30> k_sources{"emptyDir",
                                                     "hostPath",
                                                     "gitRepo",
                                                     "gcePersistentDisk",
                                                     "awsElasticBlockStore",
                                                     "secret",
                                                     "nfs",
                                                     "iscsi",
                                                     "glusterfs",
                                                     "persistentVolumeClaim",
                                                     "rbd",
                                                     "cinder",
                                                     "cephfs",
                                                     "flocker",
                                                     "downwardAPI",
                                                     "fc",
                                                     "flexVolume",
                                                     "configMap",
                                                     "azureFile",
                                                     "vsphereVolume",
                                                     "quobyte",
                                                     "azureDisk",
                                                     "photonPersistentDisk",
                                                     "portworxVolume",
                                                     "scaleIO",
                                                     "storageos",
                                                     "projected",
                                                     "csi",
                                                     "ephemeral",
                                                     "image"};

void check_name(const Value& object, const std::string& field, Findings& findings) {
  const std::string name = text_at(object, "name");
  if (name.empty()) {
    // Not running now, and neither better nor worse for the patch: told, as of a container without a name.
    findings.warning("incomplete-volume", where(object, field, "name"), kube::required_value(),
                     "the kubelet refuses the pod until the volume has a name");
    return;
  }
  for (const std::string& problem : kube::dns1123_label_problems(name)) {
    findings.error("bad-name", where(object, field, "name"), kube::invalid_value(name, problem),
                   "rename it, and what refers to it");
  }
}

void check_host_path(const Value& source, const std::string& field, Findings& findings) {
  const std::string path = text_at(source, "path");
  if (path.empty()) {
    findings.error("missing-host-path", where(source, field, "path"), kube::required_value(),
                   "give the path on the node");
  } else if (kube::has_parent_reference(path)) {
    findings.error("bad-host-path", where(source, field, "path"), kube::invalid_value(path, "must not contain '..'"),
                   "write the path without '..'");
  }
  const std::string type = text_at(source, "type");
  if (!kube::is_host_path_type(type)) {
    findings.error("bad-host-path-type", where(source, field, "type"), kube::unsupported_host_path_type(type),
                   "the spelling counts: File, FileOrCreate, Directory, DirectoryOrCreate");
  }
}

void check_source(const Value& volume, const std::string& field, Findings& findings) {
  std::size_t sources = 0;
  for (const std::string_view name : k_sources) {
    if (!is_set(volume, name)) continue;
    const Where place = where(volume, field, name);
    if (++sources > 1) {
      findings.error("two-volume-sources", place, kube::forbidden("may not specify more than 1 volume type"),
                     "keep one source");
    } else if (name == "hostPath") {
      check_host_path(*volume.find(name), place.field, findings);
    }
  }
  // SetDefaults_Volume (pkg/apis/core/v1/defaults.go) comes before validation.
  if (sources == 0) {
    findings.warning("no-volume-source", {field, volume.offset()},
                     "the volume names no source (or a misspelt one): the kubelet makes it an empty directory",
                     "give it a source, such as hostPath");
  }
}

/// validateLocalDescendingPath
void check_sub_path(const Value& mount, const std::string& field, std::string_view key, Findings& findings) {
  const std::string path = text_at(mount, key);
  if (path.starts_with('/')) {
    findings.error("bad-sub-path", where(mount, field, key), kube::invalid_value(path, "must be a relative path"),
                   "write it without the leading '/'");
  }
  if (kube::has_parent_reference(path)) {
    findings.error("bad-sub-path", where(mount, field, key), kube::invalid_value(path, "must not contain '..'"),
                   "write the path without '..'");
  }
}

void check_propagation(const Value& mount, const Value& container, const std::string& field, Findings& findings) {
  if (!is_set(mount, "mountPropagation")) return;
  const std::string mode = text_at(mount, "mountPropagation");
  const Where place = where(mount, field, "mountPropagation");
  if (mode != "None" && mode != "HostToContainer" && mode != "Bidirectional") {
    findings.error("bad-mount-propagation", place,
                   "Unsupported value: " + kube::go_quote(mode) +
                       R"(: supported values: "Bidirectional", "HostToContainer", "None")",
                   "delete it");
    return;
  }
  const Value* security = container.find("securityContext");
  const Value* privileged = security == nullptr ? nullptr : security->find("privileged");
  const bool is_privileged = privileged != nullptr && privileged->boolean() != nullptr && *privileged->boolean();
  if (mode == "Bidirectional" && !is_privileged) {
    findings.error("bad-mount-propagation", place,
                   kube::forbidden("Bidirectional mount propagation is available only to privileged containers"),
                   "delete it");
  }
}

}  // namespace

VolumeNames check_volumes(const Value& spec, Findings& findings) {
  VolumeNames seen;
  std::size_t index = 0;
  for (const Value& volume : items_of(spec.find("volumes"))) {
    const std::string field = item("spec.volumes", index++);
    check_source(volume, field, findings);
    check_name(volume, field, findings);
    const std::string name = text_at(volume, "name");
    if (!seen.insert(name).second && !name.empty()) {
      findings.error("duplicate-volume", where(volume, field, "name"), kube::duplicate_value(name),
                     "delete one of the two volumes");
    }
  }
  return seen;
}

void check_mounts(const VolumeNames& volumes, const Value& container, const std::string& container_path,
                  Findings& findings) {
  std::unordered_set<std::string> paths;
  std::size_t index = 0;
  for (const Value& mount : items_of(container.find("volumeMounts"))) {
    const std::string field = item(container_path + ".volumeMounts", index++);
    const std::string name = text_at(mount, "name");
    const std::string path = text_at(mount, "mountPath");
    if (name.empty()) {
      findings.error("missing-name", where(mount, field, "name"), kube::required_value(), "name the volume");
    } else if (!volumes.contains(name) && volumes.contains("")) {
      findings.warning("missing-volume", where(mount, field, "name"), kube::not_found(name),
                       "is it the volume that has no name?");
    } else if (!volumes.contains(name)) {
      findings.error("missing-volume", where(mount, field, "name"), kube::not_found(name),
                     "add the volume, or delete the mount");
    }
    if (path.empty()) {
      findings.error("missing-mount-path", where(mount, field, "mountPath"), kube::required_value(),
                     "give the path in the container");
    } else if (!paths.insert(path).second) {
      findings.error("duplicate-mount-path", where(mount, field, "mountPath"),
                     kube::invalid_value(path, "must be unique"), "delete one of the two mounts");
    }
    check_sub_path(mount, field, "subPath", findings);
    if (is_set(mount, "subPathExpr") && !text_at(mount, "subPath").empty() && !text_at(mount, "subPathExpr").empty()) {
      findings.error(
          "bad-sub-path", where(mount, field, "subPathExpr"),
          kube::invalid_value(text_at(mount, "subPathExpr"), "subPathExpr and subPath are mutually exclusive"),
          "keep one of the two");
    }
    check_sub_path(mount, field, "subPathExpr", findings);
    check_propagation(mount, container, field, findings);
  }
}

}  // namespace kaudit::manifest
