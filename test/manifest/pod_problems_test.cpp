#include "reading.hpp"

using namespace kaudit;
using Texts = std::vector<std::string>;

namespace {

/// "field: message" of every finding of a severity in a pod with these metadata, container and spec entries.
Texts findings(const std::string& metadata, const std::string& container, const std::string& spec,
               text::Severity severity = text::Severity::error) {
  const std::string text = "{apiVersion: v1, kind: Pod, metadata: {name: a, " + metadata +
                           "}, spec: {containers: [{name: c, image: 'kube-apiserver:v1.30.0', " + container + "}], " +
                           spec + "}}";
  Texts texts;
  for (const text::Diagnostic& finding : manifest::pod_problems(decoded(text), 0)) {
    if (finding.severity != severity) continue;
    CHECK_FALSE(finding.hint.empty());
    CHECK(finding.offset > 0);
    texts.push_back(finding.field + ": " + finding.message);
  }
  return texts;
}

Texts in_metadata(const std::string& entries) { return findings(entries, "", ""); }
Texts in_container(const std::string& entries, const std::string& volumes = "") {
  return findings("", entries, "volumes: [" + volumes + "]");
}
Texts in_volumes(const std::string& volumes) { return findings("", "", "volumes: [" + volumes + "]"); }

}  // namespace

TEST_CASE("a sound pod has no findings", "[pod]") {
  CHECK(in_container("volumeMounts: [{name: a, mountPath: /a}, {name: a, mountPath: /a/, subPath: b/c}]",
                     "{name: a, hostPath: {path: relative, type: File}}, {name: unused, emptyDir: {}}")
            .empty());
  CHECK(in_metadata("namespace: kube-system, uid: '', annotations: {a/b: x, c: null}, labels: {k8s-app: ''}").empty());
}

TEST_CASE("ValidateVolumes: names", "[pod]") {
  CHECK(in_volumes("{name: a, emptyDir: {}}, {name: a, emptyDir: {}}") ==
        Texts{"spec.volumes[1].name: Duplicate value: \"a\""});
  CHECK(in_volumes("{name: a.b, emptyDir: {}}") ==
        Texts{"spec.volumes[0].name: Invalid value: \"a.b\": must not contain dots"});
  CHECK(in_volumes("{name: x_y, emptyDir: {}}")
            .at(0)
            .starts_with("spec.volumes[0].name: Invalid value: \"x_y\": a lowercase RFC 1123 label must consist of"));
}

TEST_CASE("ValidateVolumes: one source", "[pod]") {
  CHECK(in_volumes("{name: a, emptyDir: {}, hostPath: {path: /a}}") ==
        Texts{"spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"});
  CHECK(in_volumes("{name: a, hostPath: {path: /a}, nfs: {}}") ==
        Texts{"spec.volumes[0].nfs: Forbidden: may not specify more than 1 volume type"});
  CHECK(in_volumes("{name: a, emptyDir: null, hostPath: {path: /a}}").empty());
}

TEST_CASE("SetDefaults_Volume: a volume without a source becomes an empty directory, so it is told, not refused",
          "[pod]") {
  CHECK(in_volumes("{name: a}").empty());
  const Texts told = findings("", "", "volumes: [{name: a, hostpath: {path: /a}}]", text::Severity::warning);
  REQUIRE(told.size() == 1);
  CHECK(told[0].starts_with("spec.volumes[0]: the volume names no source"));
}

TEST_CASE("validateHostPathVolumeSource", "[pod]") {
  CHECK(in_volumes("{name: a, hostPath: {}}") == Texts{"spec.volumes[0].hostPath.path: Required value"});
  CHECK(in_volumes("{name: a, hostPath: {path: /a/../b}}") ==
        Texts{"spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'"});
  CHECK(in_volumes("{name: a, hostPath: {path: /a, type: Dir}}") ==
        Texts{"spec.volumes[0].hostPath.type: Unsupported value: \"Dir\": supported values: \"\", \"BlockDevice\", "
              "\"CharDevice\", \"Directory\", \"DirectoryOrCreate\", \"File\", \"FileOrCreate\", \"Socket\""});
}

TEST_CASE("ValidateVolumeMounts", "[pod]") {
  const std::string volume = "{name: a, emptyDir: {}}";
  const std::string path = "spec.containers[0].volumeMounts";
  CHECK(in_container("volumeMounts: [{name: b, mountPath: /b}]", volume) == Texts{path + "[0].name: Not found: \"b\""});
  CHECK(in_container("volumeMounts: [{mountPath: /b}]", volume) == Texts{path + "[0].name: Required value"});
  CHECK(in_container("volumeMounts: [{name: a}]", volume) == Texts{path + "[0].mountPath: Required value"});
  CHECK(in_container("volumeMounts: [{name: a, mountPath: /b}, {name: a, mountPath: /b}]", volume) ==
        Texts{path + "[1].mountPath: Invalid value: \"/b\": must be unique"});
  CHECK(in_container("volumeMounts: [{name: a, mountPath: /b, subPath: /c}]", volume) ==
        Texts{path + "[0].subPath: Invalid value: \"/c\": must be a relative path"});
  CHECK(in_container("volumeMounts: [{name: a, mountPath: /b, subPath: c/../..}]", volume) ==
        Texts{path + "[0].subPath: Invalid value: \"c/../..\": must not contain '..'"});
  CHECK(in_container("volumeMounts: [{name: a, mountPath: /b, subPath: c, subPathExpr: d}]", volume) ==
        Texts{path + "[0].subPathExpr: Invalid value: \"d\": subPathExpr and subPath are mutually exclusive"});
  CHECK(in_container("volumeMounts: [{name: a, mountPath: /b, mountPropagation: Bidirectional}]", volume) ==
        Texts{path + "[0].mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged "
                     "containers"});
  CHECK(in_container("securityContext: {privileged: true}, volumeMounts: [{name: a, mountPath: /b, mountPropagation: "
                     "Bidirectional}]",
                     volume)
            .empty());
  CHECK(in_container("volumeMounts: [{name: a, mountPath: /b, mountPropagation: Shared}]", volume).size() == 1);
}

TEST_CASE("mounts of other containers and init containers are checked too", "[pod]") {
  CHECK(findings("", "", "initContainers: [{name: i, image: x, volumeMounts: [{name: b, mountPath: /b}]}]") ==
        Texts{"spec.initContainers[0].volumeMounts[0].name: Not found: \"b\""});
}

TEST_CASE("ValidateContainers: names, images, ports", "[pod]") {
  CHECK(findings("", "", "initContainers: [{name: c, image: x}]") ==
        Texts{"spec.initContainers[0].name: Duplicate value: \"c\""});
  CHECK(findings("", "", "initContainers: [{name: C, image: ' x'}]").size() == 2);
  CHECK(in_container("ports: [{name: p, containerPort: 1}, {name: p, containerPort: 2}]") ==
        Texts{"spec.containers[0].ports[1].name: Duplicate value: \"p\""});
  const auto none = manifest::pod_problems(decoded("{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}"), 0);
  REQUIRE(none.size() == 1);
  CHECK(none[0].field == "spec.containers");
}

TEST_CASE("a container without name or image is told: nothing runs from such a file yet", "[pod]") {
  const Texts told = findings("", "", "initContainers: [{}]", text::Severity::warning);
  CHECK(told == Texts{"spec.initContainers[0].name: Required value", "spec.initContainers[0].image: Required value"});
}

TEST_CASE("metadata: name, namespace, annotations, labels", "[pod]") {
  const auto nameless = manifest::pod_problems(decoded("{spec: {containers: [{name: c, image: x}]}}"), 0);
  REQUIRE(nameless.size() == 1);
  CHECK(nameless[0].message == "invalid pod: name is needed for the pod");
  CHECK(
      in_metadata("namespace: Kube").at(0).starts_with("metadata.namespace: Invalid value: \"Kube\": a lowercase RFC"));
  CHECK(in_metadata("annotations: {'a/b/c': x}")
            .at(0)
            .starts_with("metadata.annotations: Invalid value: \"a/b/c\": a qualified name must consist of"));
  CHECK(in_metadata("annotations: {'Upper.Case/Key': x}").empty());  // Kubernetes lowers annotation keys first
  CHECK(
      in_metadata("labels: {a: 'b c'}")
          .at(0)
          .starts_with("metadata.labels: Invalid value: \"b c\": a valid label must be an empty string or consist of"));
  CHECK(in_metadata("labels: {a: b/c}").size() == 1);
  CHECK(in_metadata("annotations: {a: '" + std::string(262144, 'x') + "'}") ==
        Texts{"metadata.annotations: Too long: may not be more than 262144 bytes"});
  CHECK(in_metadata("annotations: {a: '" + std::string(262143, 'x') + "'}").empty());
}

TEST_CASE("metadata.uid: the kubelet would not restart the container for new flags", "[pod]") {
  CHECK(in_metadata("uid: x") ==
        Texts{"metadata.uid: the manifest sets the pod's UID, so the kubelet would not restart the container for new "
              "flags"});
}

TEST_CASE("values of a wrong type are refused in the decoder's words, and then nothing else is looked at", "[pod]") {
  const std::string start = "json: cannot unmarshal ";
  CHECK(in_metadata("annotations: {a: true}, uid: x") ==
        Texts{"metadata.annotations[a]: " + start +
              "bool into Go struct field ObjectMeta.metadata.annotations of type string"});
  CHECK(
      in_metadata("labels: {a: 1}") ==
      Texts{"metadata.labels[a]: " + start + "number into Go struct field ObjectMeta.metadata.labels of type string"});
  CHECK(in_container("args: [--a, 443, null]") ==
        Texts{"spec.containers[0].args[1]: " + start +
              "number into Go struct field Container.spec.containers.args of type string"});
  CHECK(in_container("command: kube-apiserver") ==
        Texts{"spec.containers[0].command: " + start +
              "string into Go struct field Container.spec.containers.command of type []string"});
  CHECK(in_volumes("{name: 1}") == Texts{"spec.volumes[0].name: " + start +
                                         "number into Go struct field Volume.spec.volumes.name of type string"});
  CHECK(in_volumes("{name: a, hostPath: /a}") ==
        Texts{"spec.volumes[0].hostPath: " + start +
              "string into Go struct field Volume.spec.volumes.hostPath of type v1.HostPathVolumeSource"});
  CHECK(in_container("volumeMounts: [{name: a, mountPath: {X: null}, readOnly: 'true'}]").size() == 2);
  CHECK(findings("", "", "hostNetwork: 'yes'").size() == 1);
  CHECK(findings("", "", "securityContext: {runAsUser: '0'}").size() == 1);
  CHECK(findings("", "", "volumes: {}").size() == 1);
}

TEST_CASE("references to API objects are refused from 1.34 on and told before", "[pod]") {
  const auto severity_at = [](const std::string& version) {
    const auto all = manifest::pod_problems(
        decoded("{metadata: {name: a}, spec: {containers: [{name: c, image: 'kube-apiserver:" + version +
                "'}], volumes: [{name: s, secret: {secretName: x}}]}}"),
        0);
    REQUIRE(all.size() == 1);
    CHECK(all[0].code == "api-reference");
    CHECK(all[0].field == "spec.volumes[0].secret");
    CHECK(all[0].message.starts_with("static pods may not reference secrets"));
    return all[0].severity;
  };
  CHECK(severity_at("v1.33.9") == text::Severity::warning);
  CHECK(severity_at("v1.34.0") == text::Severity::error);
  CHECK(severity_at("latest") == text::Severity::warning);
}

TEST_CASE("every way to refer to an API object is found", "[pod]") {
  const auto told = [](const std::string& container, const std::string& spec) {
    const Texts all = findings("", container, spec, text::Severity::warning);
    return all.empty() ? std::string() : all[0].substr(0, all[0].find(" (refused"));
  };
  const std::string words = ": static pods may not reference ";
  CHECK(told("", "serviceAccountName: x") == "spec.serviceAccountName" + words + "serviceaccounts");
  CHECK(told("", "imagePullSecrets: [{name: x}]") == "spec.imagePullSecrets" + words + "secrets");
  CHECK(told("envFrom: [{configMapRef: {name: x}}]", "") ==
        "spec.containers[0].envFrom[0].configMapRef" + words + "configmaps");
  CHECK(told("env: [{name: A, valueFrom: {secretKeyRef: {name: x, key: y}}}]", "") ==
        "spec.containers[0].env[0].valueFrom.secretKeyRef" + words + "secrets");
  CHECK(told("env: [{name: A, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]", "").empty());
  CHECK(told("", "volumes: [{name: a, projected: {sources: [{configMap: {name: x}}]}}]") ==
        "spec.volumes[0].projected.sources[0].configMap" + words + "configmaps");
  CHECK(told("", "volumes: [{name: a, persistentVolumeClaim: {claimName: x}}]") ==
        "spec.volumes[0].persistentVolumeClaim" + words + "persistentvolumeclaims");
}

TEST_CASE("a static pod is known by namespace and name", "[pod]") {
  CHECK(manifest::static_pod_identity(decoded("{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: b}}")) ==
        "b/a");
  CHECK(manifest::static_pod_identity(decoded("{apiVersion: v1, kind: Pod, metadata: {name: a}}")) == "default/a");
  CHECK_FALSE(manifest::static_pod_identity(decoded("{apiVersion: v1, kind: Pod, metadata: {}}")));
  CHECK_FALSE(manifest::static_pod_identity(decoded("{apiVersion: v1, kind: Service, metadata: {name: a}}")));
  CHECK_FALSE(manifest::static_pod_identity(decoded("[]")));
}

namespace {

Texts warnings(const std::string& metadata, const std::string& container, const std::string& volumes) {
  const std::string text = "metadata: {name: kube-apiserver, " + metadata + "}\nspec:\n  volumes: [" + volumes +
                           "]\n  containers:\n  - {" + container + "}\n";
  const auto value = kaudit::decode::as_kubernetes_reads_it(kaudit::text::Source("f", text));
  REQUIRE(value);
  Texts texts;
  for (const auto& finding : kaudit::manifest::pod_problems(*value, 0)) {
    if (finding.severity == kaudit::text::Severity::warning) texts.push_back(finding.field + ": " + finding.message);
  }
  return texts;
}

}  // namespace

TEST_CASE("a pod that lacks a name somewhere cannot be running: told, not refused", "[pod]") {
  CHECK(warnings("", "name: a", "") == Texts{"spec.containers[0].image: Required value"});
  CHECK(warnings("", "name: a, image: b, volumeMounts: [{name: etcd, mountPath: /x}]", "{emptyDir: {}}") ==
        Texts{"spec.volumes[0].name: Required value", "spec.containers[0].volumeMounts[0].name: Not found: \"etcd\""});
}

TEST_CASE("a pod's own UID is refused, in an export of the mirror pod only told", "[pod]") {
  CHECK(findings("uid: x", "", "").size() == 1);
  CHECK(warnings("uid: x, resourceVersion: '1'", "name: a, image: b", "").size() == 1);
}
