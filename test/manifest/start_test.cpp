#include "start.hpp"

#include "reading.hpp"

using kaudit::manifest::Argument;
using kaudit::manifest::List;
using kaudit::manifest::Start;
using kaudit::manifest::start_of;

namespace {

using Words = std::vector<std::string>;
constexpr const char* k_image = "registry.k8s.io/kube-apiserver:v1.30.0";

std::string started(const Words& command, const Words& args = {}, const std::string& image = k_image) {
  std::vector<Argument> argv;
  for (const std::string& word : command) argv.push_back({word, List::command, argv.size(), 0});
  std::size_t index = 0;
  for (const std::string& word : args) argv.push_back({word, List::args, index++, 0});
  const Start start = start_of(argv, image);
  switch (start.kind) {
    case Start::Kind::not_the_server:
      return "no";
    case Start::Kind::server:
      return "server from " + std::to_string(start.first);
    case Start::Kind::shell:
      return "shell";
    case Start::Kind::one_string:
      return "one string";
    case Start::Kind::unknown_wrapper:
      return "unknown";
    case Start::Kind::no_arguments:
      return "no arguments";
  }
  return "";
}

}  // namespace

TEST_CASE("kube-apiserver by name and by path", "[start]") {
  CHECK(started({"kube-apiserver", "--v=2"}) == "server from 1");
  CHECK(started({"/usr/local/bin/kube-apiserver"}) == "server from 1");
  CHECK(started({"kube-apiserver"}, {"--v=2"}) == "server from 1");
  CHECK(started({"kube-apiserver"}, {}, "example.com/anything") == "server from 1");
  CHECK(started({"/apiserver", "--v=2"}) == "server from 1");
  CHECK(started({"/apiserver", "--v=2"}, {}, "example.com/sample:v1") == "no");
}

TEST_CASE("hyperkube with its verb", "[start]") {
  for (const char* verb : {"apiserver", "kube-apiserver", "--apiserver"}) {
    CHECK(started({"/hyperkube", verb, "--v=2"}, {}, "gcr.io/hyperkube:v1.8.5") == "server from 2");
  }
  CHECK(started({"/hyperkube", "controller-manager"}, {}, "gcr.io/hyperkube:v1.8.5") == "no");
  CHECK(started({"/hyperkube"}, {"apiserver", "--v=2"}, "gcr.io/hyperkube:v1.8.5") == "server from 2");
}

TEST_CASE("programs that execute their arguments", "[start]") {
  CHECK(started({"/go-runner"}, {"--log-file=/var/log/kube-apiserver.log", "--also-stdout",
                                 "/usr/local/bin/kube-apiserver", "--v=2"}) == "server from 4");
  CHECK(started({"/go-runner", "--log-file", "/var/log/kube-apiserver.log", "kube-apiserver"}) == "server from 4");
  CHECK(started({"/usr/bin/flock", "--exclusive", "/var/lock/api-server.lock", "/hyperkube", "apiserver"}) ==
        "server from 5");
  CHECK(started({"tini", "--", "kube-apiserver", "--v=2"}) == "server from 3");
  CHECK(started({"timeout", "30", "kube-apiserver"}) == "server from 3");
  CHECK(started({"env", "A=b", "kube-apiserver"}) == "server from 3");
}

TEST_CASE("a wrapper whose command is not plain is not modelled", "[start]") {
  CHECK(started({"flock", "/var/lock/kube-apiserver", "/hyperkube", "apiserver"}) == "unknown");
  CHECK(started({"/my-wrapper", "/usr/local/bin/kube-apiserver"}, {}, "example.com/x") == "unknown");
  CHECK(started({"flock", "/lock", "-c", "kube-apiserver --v=2"}) == "shell");
  CHECK(started({"env", "-S", "kube-apiserver --v=2"}) == "shell");
}

TEST_CASE("shells and one-string commands are not modelled", "[start]") {
  CHECK(started({"/bin/sh", "-c", "exec kube-apiserver --v=2"}) == "shell");
  CHECK(started({"/bin/bash", "-ec"}, {"if true; then\n  exec hyperkube kube-apiserver --v=2; fi"}) == "shell");
  CHECK(started({"sh", "-c", "exec /usr/local/bin/kube-apiserver \\\n --v=2"}) == "shell");
  CHECK(started({"kube-apiserver --v=2 --audit-log-path=/a"}) == "one string");
}

TEST_CASE("a sidecar that only speaks of the server is not it", "[start]") {
  CHECK(started({"sh", "-c", "tail -F /var/log/kube-apiserver.log"}, {}, "busybox") == "no");
  CHECK(started({"sh", "-c", "curl https://kube-apiserver:6443/livez"}, {}, "curl") == "no");
  CHECK(started({"cluster-kube-apiserver-operator", "cert-syncer"}, {}, "quay.io/x") == "no");
  CHECK(started({"etcd", "--name", "kube-apiserver"}, {}, "etcd") == "no");
  CHECK(started({}, {}, "etcd") == "no");
}

TEST_CASE("a kube-apiserver image without a command takes args by its entry point", "[start]") {
  CHECK(started({}, {"--v=2"}) == "server from 0");
  CHECK(started({}, {"kube-apiserver", "--v=2"}) == "server from 1");
  CHECK(started({}, {"--also-stdout", "/usr/local/bin/kube-apiserver", "--v=2"}) == "server from 2");
  CHECK(started({}, {"serve", "--v=2"}) == "unknown");
  CHECK(started({}, {}) == "no arguments");
  CHECK(started({}, {"--v=2"}, "example.com/other") == "no");
  CHECK(started({}, {"--v=2"}, "example.com:5000/kube-apiserver-amd64@sha256:00") == "server from 0");
}

TEST_CASE("a shell wrapper is refused at the shell, with what to do", "[start]") {
  const Reading reading(pod("    command:\n    - /bin/sh\n    - -c\n    - exec kube-apiserver --v=2\n"));
  CHECK(reading.error().code == "shell-wrapper");
  CHECK(reading.refusal() ==
        "11:7 spec.containers[0].command[0]: command is wrapped in a shell (\"/bin/sh -c\"); cannot add flags to it");
  CHECK(reading.error().hint.find("command: [kube-apiserver, --flag=value, …]") != std::string::npos);
}

TEST_CASE("a one-string command is refused", "[start]") {
  CHECK(Reading(pod("    command: [\"kube-apiserver --v=2\"]\n")).error().code == "shell-wrapper");
}

TEST_CASE("the owner's own way is the hint where the owner would undo the change", "[start]") {
  std::string text = pod("    command: [/bin/bash, -ec]\n    args: [\"exec hyperkube kube-apiserver\"]\n");
  text.replace(text.find("kube-system"), 11, "openshift-kube-apiserver");
  CHECK(Reading(text).error().hint.find("spec.audit.profile") != std::string::npos);
}

TEST_CASE("several containers are fine when one is the server", "[start]") {
  const Reading reading(pod("    command: [/bin/sh, -c, \"tail -F /var/log/kube-apiserver.log\"]\n",
                            "  - name: second\n    image: x\n    command: [kube-apiserver, --v=2]\n"
                            "  - name: third\n    image: busybox\n    command: [sh, -c, \"pkill kube-apiserver\"]\n"));
  CHECK(reading->container_index == 1);
  CHECK(reading->container_path == "spec.containers[1]");
  CHECK(reading->flag_list.path == "spec.containers[1].command");
}

TEST_CASE("two containers that look like the server are refused", "[start]") {
  const Reading two(
      pod("    command: [kube-apiserver]\n", "  - name: b\n    image: x\n    command: [kube-apiserver]\n"));
  CHECK(two.error().code == "two-servers");
  CHECK(two.refusal() ==
        "11:5 spec.containers[1]: two containers look like kube-apiserver: spec.containers[0] and spec.containers[1]");
  const Reading wrapped(pod("    command: [kube-apiserver]\n",
                            "  - name: b\n    image: kube-apiserver:v1.30.0\n    command: [sh, -c, kube-apiserver]\n"));
  CHECK(wrapped.error().code == "two-servers");
}

TEST_CASE("an init container is never the server", "[start]") {
  const Reading reading(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  initContainers:\n  - name: i\n"
      "    image: kube-apiserver:v1.30.0\n    command: [kube-apiserver]\n"
      "  containers:\n  - name: c\n    image: busybox\n    command: [sleep]\n");
  CHECK(reading.error().code == "not-the-api-server");
}

TEST_CASE("another static pod is named", "[start]") {
  const Reading etcd(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: etcd}\nspec:\n  containers:\n  - name: etcd\n"
      "    image: registry.k8s.io/etcd:3.5\n    command: [etcd, --name=kube-apiserver]\n");
  CHECK(etcd.refusal() == "6:3 spec.containers: this is the static pod of etcd, not of kube-apiserver");
}

TEST_CASE("a server without any list to put flags in is refused", "[start]") {
  CHECK(Reading(pod("    imagePullPolicy: Always\n")).error().code == "no-flag-list");
}
