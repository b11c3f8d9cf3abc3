#include "kaudit/node/pod_logs.hpp"

#include "host/scratch.hpp"

using kaudit::node::ApiServer;
using kaudit::node::pod_logs_of;
using kaudit::node::PodLog;
using kaudit::test::Scratch;
using Numbers = std::vector<unsigned>;

namespace {

constexpr const char* k_old = "0123456789abcdef0123456789abcdef";
constexpr const char* k_new = "fedcba9876543210fedcba9876543210";
constexpr const char* k_uuid = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";

ApiServer server() {
  ApiServer server;
  server.pod_name = "kube-apiserver";
  server.container = "kube-apiserver";
  return server;
}

void log(const Scratch& scratch, const std::string& pod, const std::string& file,
         const std::string& container = "kube-apiserver") {
  scratch.write("/var/log/pods/" + pod + "/" + container + "/" + file, "");
}

std::vector<std::string> uids(const std::vector<PodLog>& logs) {
  std::vector<std::string> uids;
  for (const PodLog& found : logs) uids.push_back(found.uid);
  return uids;
}

}  // namespace

TEST_CASE("the pods of the server are found with the numbers of their attempts", "[pod-logs]") {
  const Scratch scratch;
  const std::string old_pod = std::string("kube-system_kube-apiserver-node-1.example.org_") + k_old;
  const std::string new_pod = std::string("kube-system_kube-apiserver-node-1.example.org_") + k_new;
  for (const char* file : {"10.log", "9.log", "0.log.20260101-000000", "0.log.20260101-000000.gz", "x.log", ".1.log",
                           "1.log.gz", "-1.log", ".log", "12345678901.log"}) {
    log(scratch, old_pod, file);
  }
  log(scratch, new_pod, "0.log");
  const std::vector<PodLog> logs = pod_logs_of(scratch.root(), "/var/log/pods", server());
  REQUIRE(logs.size() == 2);
  CHECK(logs[0].uid == k_old);
  CHECK(logs[0].directory == "/var/log/pods/" + old_pod + "/kube-apiserver");
  CHECK(logs[0].attempts == Numbers{9, 10});
  CHECK(logs[1].uid == k_new);
  CHECK(logs[1].attempts == Numbers{0});
}

TEST_CASE("other pods are not taken for the server's", "[pod-logs]") {
  const Scratch scratch;
  const std::string uid = std::string("_") + k_old;
  for (const std::string& pod :
       {"kube-system_kube-apiserver" + uid, "kube-system_kube-apiserver-" + uid, "kube-system_etcd-n1" + uid,
        "default_kube-apiserver-n1" + uid, std::string("kube-system_kube-apiserver-n1"),
        std::string("kube-system_kube-apiserver-n1_"), "x-kube-system_kube-apiserver-n1" + uid}) {
    log(scratch, pod, "0.log");
  }
  log(scratch, "kube-system_kube-apiserver-n1" + uid, "0.log", "another-container");
  CHECK(pod_logs_of(scratch.root(), "/var/log/pods", server()).empty());
}

TEST_CASE("a pod whose name merely begins alike is told by the node's name", "[pod-logs]") {
  const Scratch scratch;
  log(scratch, std::string("kube-system_kube-apiserver-n1_") + k_old, "0.log");
  log(scratch, std::string("kube-system_kube-apiserver-proxy-n1_") + k_new, "0.log");
  CHECK(uids(pod_logs_of(scratch.root(), "/var/log/pods", server())) == std::vector<std::string>{k_old});
}

TEST_CASE("an uid that the kubelet makes comes before a UUID, and that before any other", "[pod-logs]") {
  const Scratch scratch;
  log(scratch, "kube-system_kube-apiserver-n1_set_by_hand", "0.log");
  CHECK(uids(pod_logs_of(scratch.root(), "/var/log/pods", server())) == std::vector<std::string>{"set_by_hand"});
  log(scratch, std::string("kube-system_kube-apiserver-7c9d-abcde_") + k_uuid, "0.log");
  CHECK(uids(pod_logs_of(scratch.root(), "/var/log/pods", server())) == std::vector<std::string>{k_uuid});
  log(scratch, std::string("kube-system_kube-apiserver-n1_") + k_new, "0.log");
  CHECK(uids(pod_logs_of(scratch.root(), "/var/log/pods", server())) == std::vector<std::string>{k_new});
}

TEST_CASE("a log directory may be a link that root made, and need not be there", "[pod-logs]") {
  const Scratch scratch;
  CHECK(pod_logs_of(scratch.root(), "/var/log/pods", server()).empty());
  scratch.write(std::string("/data/kube-system_kube-apiserver-n1_") + k_old + "/kube-apiserver/0.log", "");
  scratch.make_directory("/var/log");
  scratch.link("/data", "/var/log/pods");
  CHECK(uids(pod_logs_of(scratch.root(), "/var/log/pods", server())) == std::vector<std::string>{k_old});
}

TEST_CASE("a pod whose container has not started yet has no attempts", "[pod-logs]") {
  const Scratch scratch;
  scratch.make_directory(std::string("/var/log/pods/kube-system_kube-apiserver-n1_") + k_old + "/kube-apiserver");
  const std::vector<PodLog> logs = pod_logs_of(scratch.root(), "/var/log/pods", server());
  REQUIRE(logs.size() == 1);
  CHECK(logs[0].attempts.empty());
}
