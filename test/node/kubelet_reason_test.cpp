#include "support/catch.hpp"

#include "kaudit/node/reason.hpp"

using kaudit::node::Reason;
using kaudit::node::reason_in_kubelet_log;
using Code = kaudit::node::Reason::Code;
using Lasting = kaudit::node::Reason::Lasting;
using Lines = std::vector<std::string>;

namespace {

constexpr const char* k_manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";

Reason read(const Lines& lines) { return reason_in_kubelet_log(lines, "kube-apiserver", k_manifest); }

struct Case {
  std::string line;
  Code code;
  std::string text;
};

void check(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    CAPTURE(one.line);
    const Reason reason = read({one.line});
    CHECK(to_string(reason.code) == to_string(one.code));
    CHECK(reason.text == one.text);
  }
}

const std::string k_header = "E1125 18:38:01.123456    1234 pod_workers.go:1324] ";

/// The kubelet's line about a container of `pod` that does not start; `why` is quoted twice in it.
std::string not_started(const std::string& why, const std::string& pod = "kube-apiserver-n1") {
  return k_header + R"("Error syncing pod, skipping" err="failed to \"StartContainer\" for \"kube-apiserver\" with )" +
         why + R"(" pod="kube-system/)" + pod + R"(" podUID="0123456789abcdef0123456789abcdef")";
}

/// The line about a volume of `pod`, as it is before it is quoted.
std::string not_mounted(const std::string& pod, const std::string& why) {
  return R"(Operation for "{volumeName:kubernetes.io/host-path/0123-audit podName:0123 nodeName:}" failed. No retries permitted until 2026-01-31 (durationBeforeRetry 500ms). Error: MountVolume.SetUp failed for volume "audit" (UniqueName: "kubernetes.io/host-path/0123-audit") pod ")" +
         pod + R"(" (UID: "0123") : )" + why;
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

}  // namespace

TEST_CASE("a hostPath volume that cannot be mounted", "[kubelet-reason]") {
  const std::string old_words = "hostPath type check failed: /etc/kubernetes/audit-policy.yaml is not a file";
  const std::string new_words =
      "hostPath type check failed, /etc/kubernetes/audit-policy.yaml is not a file, unable to determine its type: path "
      "\"/etc/kubernetes/audit-policy.yaml\" does not exist";
  for (const std::string& words : {old_words, new_words, std::string("open /a/b: no such file or directory")}) {
    const std::string line = not_mounted("kube-apiserver-n1", words);
    const std::string want = "volume \"audit\": " + words;
    check({{"E1125 18:38:01.123456    1234 nestedpendingoperations.go:335] " + line, Code::host_path, want},
           {"E1125 18:38:01.123456    1234 nestedpendingoperations.go:348] \"Unhandled Error\" err=" + quoted(line) +
                " logger=\"UnhandledError\"",
            Code::host_path, want},
           {R"({"ts":1700000000000.1,"caller":"x.go:1","msg":"Unhandled Error","err":)" + quoted(line) + "}",
            Code::host_path, want}});
  }
}

TEST_CASE("that a volume is missing is said only if nothing says why", "[kubelet-reason]") {
  const std::string vague =
      k_header +
      R"("Error syncing pod, skipping" err="unmounted volumes=[audit], unattached volumes=[], failed to process volumes=[]: context deadline exceeded" pod="kube-system/kube-apiserver-n1" podUID="0123")";
  CHECK(read({vague}).code == Code::host_path);
  CHECK(read({vague}).text.starts_with("unmounted volumes=[audit]"));
  const Reason reason =
      read({k_header + not_mounted("kube-apiserver-n1", "hostPath type check failed: /p is not a file"), vague});
  CHECK(reason.text == "volume \"audit\": hostPath type check failed: /p is not a file");
  CHECK(reason.lasting == Lasting::no);
}

TEST_CASE("an image that is not there, a container that is not made", "[kubelet-reason]") {
  check({
      {not_started(
           R"(ErrImagePull: \"rpc error: code = NotFound desc = failed to pull and unpack image \\\"registry.k8s.io/kube-apiserver:v9\\\": not found\")"),
       Code::image,
       R"(ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "registry.k8s.io/kube-apiserver:v9": not found)"},
      {not_started(R"(ImagePullBackOff: \"Back-off pulling image \\\"registry.k8s.io/kube-apiserver:v9\\\"\")"),
       Code::image, R"(ImagePullBackOff: Back-off pulling image "registry.k8s.io/kube-apiserver:v9")"},
      {not_started(
           R"(InvalidImageName: \"Failed to apply default image tag \\\"A:B:C\\\": couldn't parse image name\")"),
       Code::image, R"(InvalidImageName: Failed to apply default image tag "A:B:C": couldn't parse image name)"},
      {R"(E1125 18:38:01.123456    1234 kuberuntime_manager.go:1358] "Unhandled Error" err="container &Container{Name:kube-apiserver} start failed in pod kube-apiserver-n1_kube-system(0123): ErrImagePull: not found" logger="UnhandledError")",
       Code::image, "ErrImagePull: not found"},
      {not_started(
           R"(RunContainerError: \"failed to create containerd task: failed to create shim task: OCI runtime create failed: not a directory: unknown\")"),
       Code::runtime,
       "RunContainerError: failed to create containerd task: failed to create shim task: OCI runtime create failed: "
       "not a directory: unknown"},
      {not_started(R"(CreateContainerError: \"context deadline exceeded\")"), Code::runtime,
       "CreateContainerError: context deadline exceeded"},
      {not_started(
           R"(CrashLoopBackOff: \"back-off 10s restarting failed container=kube-apiserver pod=kube-apiserver-n1_kube-system(0123)\")"),
       Code::none, ""},
  });
}

TEST_CASE("the runtime as a whole", "[kubelet-reason]") {
  check({
      {R"(E1125 18:38:01.123456    1234 kubelet.go:2456] "Skipping pod synchronization" err="container runtime is down")",
       Code::runtime, "container runtime is down"},
      {R"(E1125 18:38:01.123456    1234 log.go:32] "Status from runtime service failed" err="rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: no such file or directory\"")",
       Code::runtime,
       R"(rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: no such file or directory")"},
      {R"(E1125 18:38:01.123456    1234 x.go:1] "x" err="transport: Error while dialing: dial unix /var/lib/kubelet/plugins/csi.sock: connect: refused")",
       Code::none, ""},
  });
}

TEST_CASE("a manifest that the kubelet does not take", "[kubelet-reason]") {
  const std::string watch = R"(E1125 18:38:01.123456    1234 file_linux.go:61] "Unable to process watch event" err=)";
  const std::string list = R"(E1125 18:38:01.123456    1234 file.go:187] "Could not process manifest file" err=)";
  const std::string path = k_manifest;
  const std::string decoding =
      "couldn't parse as pod(json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.annotations of type "
      "string), please check config file";
  const std::string invalid = R"(invalid pod: [spec.volumes[1].name: Duplicate value: "audit-log"])";
  for (const std::string& words : {decoding, invalid, std::string("static pods may not reference serviceaccounts")}) {
    const std::string wrapped = words == decoding ? path + ": " + words : words;
    check({{watch + quoted("can't process config file \"" + path + "\": " + wrapped), Code::manifest_refused, words},
           {list + quoted(wrapped) + " path=\"" + path + "\"", Code::manifest_refused, words}});
    CHECK(read({list + quoted(wrapped) + " path=\"" + path + "\""}).lasting == Lasting::yes);
    // Somebody else's file.
    for (const std::string& other :
         {path + ".bak", path + "~", "/mnt" + path, std::string("/etc/kubernetes/manifests/etcd.yaml")}) {
      check({{watch + quoted("can't process config file \"" + other + "\": " + words), Code::none, ""},
             {list + quoted(words) + " path=\"" + other + "\"", Code::none, ""}});
    }
  }
  check({{R"(I1125 18:38:01.123456    1234 file.go:100] "Reading config file" path=")" + path + "\"", Code::none, ""}});
}

TEST_CASE("a pod that the node does not admit may be admitted later", "[kubelet-reason]") {
  const Reason reason = read(
      {R"(W1125 18:38:01.123456    1234 kubelet.go:2335] "Pod admission denied" pod="kube-system/kube-apiserver-n1" reason="NodePorts" message="Pod was rejected: node(s) didn't have free ports")"});
  CHECK(reason.code == Code::manifest_refused);
  CHECK(reason.text.starts_with("Pod"));
  CHECK(reason.lasting == Lasting::no);
}

TEST_CASE("lines about other pods are not looked at", "[kubelet-reason]") {
  const std::string why = R"(ErrImagePull: \"not found\")";
  for (const char* pod : {"etcd-n1", "kube-apiserver", "my-kube-apiserver-n1"}) {
    CAPTURE(pod);
    CHECK(read({not_started(why, pod)}).code == Code::none);
  }
  CHECK(
      read({R"(E1125 18:38:01.123456    1234 x.go:1] "ErrImagePull" image="registry.k8s.io/kube-apiserver-arm64:v9")"})
          .code == Code::none);
  // The node's name is known once both are named.
  const std::string own =
      R"(I1125 18:38:01.123456    1234 x.go:1] "SyncLoop ADD" pods=["kube-system/kube-apiserver-n1"])";
  CHECK(read({own, not_started(why, "kube-apiserver-proxy-n1")}).code == Code::none);
  CHECK(read({own, not_started(why, "kube-apiserver-n1")}).code == Code::image);
}

TEST_CASE("words over several lines are one statement, with the pod that is named behind them", "[kubelet-reason]") {
  const Lines lines = {k_header + "\"Error syncing pod, skipping\" err=<",
                       R"( failed to "StartContainer" for "kube-apiserver" with ErrImagePull: not)", " found",
                       R"( > pod="kube-system/kube-apiserver-n1" podUID="0123")"};
  CHECK(read(lines).text == "ErrImagePull: not found");
}

TEST_CASE("the newest line that matters counts", "[kubelet-reason]") {
  const std::string image = not_started(R"(ErrImagePull: \"not found\")");
  const std::string mount = k_header + not_mounted("kube-apiserver-n1", "hostPath type check failed: /p is not a file");
  CHECK(read({image, mount, "I1125 18:38:02.000000    1234 x.go:1] idle"}).code == Code::host_path);
  CHECK(read({mount, image, ""}).code == Code::image);
  CHECK(read({}).code == Code::none);
}
