#include "reading.hpp"

using namespace kaudit;

namespace {

constexpr const char* k_full = R"(apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint: 10.0.0.1:6443
  labels: {component: kube-apiserver, tier: control-plane}
  name: kube-apiserver
  namespace: kube-system
spec:
  securityContext: {runAsUser: 100, runAsGroup: 200}
  initContainers:
  - {name: init, image: i, volumeMounts: [{name: k8s-certs, mountPath: /x}]}
  containers:
  - name: kube-apiserver
    image: registry.k8s.io/kube-apiserver:v1.36.1
    command:
    - kube-apiserver
    - --v=2
    securityContext:
      runAsUser: 300
    volumeMounts:
    - mountPath: /etc/kubernetes/pki
      name: k8s-certs
      readOnly: true
    - mountPath: /data
      name: scratch
      subPath: part
  - name: sidecar
    image: s
    volumeMounts:
    - {name: scratch, mountPath: /scratch}
  volumes:
  - hostPath:
      path: /etc/kubernetes/pki
      type: DirectoryOrCreate
    name: k8s-certs
  - name: scratch
    emptyDir: {}
)";

}  // namespace

TEST_CASE("the model of a whole pod", "[model]") {
  const Reading reading(k_full);
  CHECK(reading->pod_name == "kube-apiserver");
  CHECK(reading->pod_namespace == "kube-system");
  CHECK(reading->image == "registry.k8s.io/kube-apiserver:v1.36.1");
  CHECK(reading->version == kube::Version{1, 36});
  CHECK(reading->owner == manifest::Owner::kubeadm);
  CHECK(reading->annotation("kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint") == "10.0.0.1:6443");
  CHECK_FALSE(reading->annotation("kaudit/policy-sha256"));
  CHECK(reading->warnings.empty());

  REQUIRE(reading->mounts.size() == 2);
  CHECK(reading->mounts[0].volume == "k8s-certs");
  CHECK(reading->mounts[0].path == "/etc/kubernetes/pki");
  CHECK(reading->mounts[0].read_only);
  CHECK(reading->mounts[1].index == 1);
  CHECK(reading->mounts[1].sub_path == "part");
  CHECK_FALSE(reading->mounts[1].read_only);
  CHECK(reading.text(reading->mounts[1].node).starts_with("mountPath: /data"));
  CHECK(reading->mounts_place.path == "spec.containers[0].volumeMounts");
  CHECK(reading->mounts_place.parent == reading->container);
  CHECK(reading->mounts_place.list);

  REQUIRE(reading->volumes.size() == 2);
  CHECK(reading->volumes[0].host_path == "/etc/kubernetes/pki");
  CHECK(reading->volumes[0].host_path_type == "DirectoryOrCreate");
  CHECK_FALSE(reading->volumes[1].host_path);
  CHECK(reading->volume("scratch") == &reading->volumes[1]);
  CHECK(reading->volume("none") == nullptr);
  CHECK(reading.document().node(reading->volumes_place.parent).kind == yaml::Kind::mapping);
  CHECK(reading->volumes_used_elsewhere == std::vector<std::string>{"scratch", "k8s-certs"});
}

TEST_CASE("the container's user counts before the pod's, each id by itself", "[model]") {
  const Reading reading(k_full);
  CHECK(reading->run_as_user == 300);
  CHECK(reading->run_as_group == 200);
  const Reading plain(pod("    command: [kube-apiserver]\n"));
  CHECK(plain->run_as_user == 0);
  CHECK(plain->run_as_group == 0);
}

TEST_CASE("lists that are missing, null or empty have a place all the same", "[model]") {
  const Reading missing(pod("    command: [kube-apiserver]\n"));
  CHECK_FALSE(missing->mounts_place.list);
  CHECK_FALSE(missing->volumes_place.list);
  CHECK_FALSE(missing->annotations);
  CHECK(missing->volumes_place.path == "spec.volumes");
  const Reading null(pod("    command: [kube-apiserver]\n    volumeMounts:\n", "  volumes: null\n"));
  REQUIRE(null->mounts_place.list);
  CHECK(null.document().node(*null->mounts_place.list).kind == yaml::Kind::null);
  CHECK(null->volumes_place.list);
  const Reading empty(pod("    command: [kube-apiserver]\n    volumeMounts: []\n", "  volumes: []\n"));
  CHECK(empty.document().node(*empty->mounts_place.list).kind == yaml::Kind::sequence);
  CHECK(empty->mounts.empty());
}

TEST_CASE("JSON, a byte order mark and CRLF are read like any other text", "[model]") {
  const std::string json =
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"kube-apiserver:v1.30.0","command":["kube-apiserver","--v=2"]}]}})";
  CHECK(Reading(json)->flags.size() == 1);
  CHECK(Reading(json)->pod_namespace == "default");
  std::string crlf;
  for (const char* c = k_full; *c != '\0'; ++c) crlf += *c == '\n' ? std::string("\r\n") : std::string(1, *c);
  CHECK(Reading("\xEF\xBB\xBF" + crlf)->mounts.size() == 2);
}

TEST_CASE("anchors, aliases, tags and merge keys on the way to what is edited are refused, elsewhere not", "[model]") {
  const std::string command = "    command: [kube-apiserver]\n";
  CHECK(Reading(pod(command, "  volumes: &v []\n")).error().code == "shared-node");
  CHECK(Reading(pod("    command: !!seq [kube-apiserver]\n")).error().code == "shared-node");
  CHECK(Reading(pod("    volumeMounts: &m []\n" + command)).error().code == "shared-node");
  CHECK(Reading(pod(command + "    resources: &r {}\n", "  x: *r\n"))->flags.empty());
  const Reading merged(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nx: &x {image: kube-apiserver:v1.30.0}\nspec:\n"
      "  containers:\n  - <<: *x\n    name: c\n    command: [kube-apiserver]\n");
  CHECK(merged.error().code == "shared-node");
  CHECK(merged.error().line == 7);
}

TEST_CASE("what the kubelet would refuse is refused, every finding with its position", "[model]") {
  const Reading reading(
      pod("    command: [kube-apiserver]\n    volumeMounts:\n    - {name: a, mountPath: /a}\n"
          "    - {name: b, mountPath: /a}\n",
          "  volumes:\n  - {name: a, hostPath: {path: /a}}\n  - {name: a, hostPath: {path: /b}}\n"));
  CHECK(reading.refusal() == "16:12 spec.volumes[1].name: Duplicate value: \"a\"");
  CHECK(reading.error().also ==
        std::vector<std::string>{
            "pod.yaml:13:14: spec.containers[0].volumeMounts[1].name: Not found: \"b\"",
            "pod.yaml:13:28: spec.containers[0].volumeMounts[1].mountPath: Invalid value: \"/a\": must be unique"});
  CHECK(reading.error().status == ExitStatus::refused);
}

TEST_CASE("a pod with a UID of its own is refused unless that is tolerated", "[model]") {
  std::string text = pod("    command: [kube-apiserver]\n");
  text.replace(text.find("  namespace:"), 0, "  uid: 0f2e\n");
  CHECK(Reading(text).error().code == "fixed-uid");
  CHECK(Reading(text).error().line == 5);
  const Reading tolerated(text, {{"fixed-uid"}});
  REQUIRE(tolerated->warnings.size() == 1);
  CHECK(tolerated->warnings[0].code == "fixed-uid");
  // What would break the pod can not be tolerated.
  CHECK(Reading(pod("    command: [kube-apiserver]\n", "  volumes: [{name: A, emptyDir: {}}]\n"), {{"bad-name"}})
            .refused());
}

TEST_CASE("an unquoted number among the arguments is refused before anything else", "[model]") {
  const Reading reading(pod("    command:\n    - kube-apiserver\n    - 443\n"));
  CHECK(reading.refusal() ==
        "12:7 spec.containers[0].command[1]: json: cannot unmarshal number into Go struct field "
        "Container.spec.containers.command of type string");
}
