#include "kaudit/node/kubelet.hpp"

#include "host/scratch.hpp"

using kaudit::node::Kubelet;
using kaudit::node::kubelet_started_with;
using kaudit::test::Scratch;
using Arguments = std::vector<std::string>;

namespace {

constexpr const char* k_head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

std::uint64_t reserve(const std::string& threshold, std::uint64_t size) {
  Kubelet kubelet;
  kubelet.nodefs_available = threshold;
  return kubelet.eviction_reserve(size);
}

}  // namespace

TEST_CASE("a kubelet without any configuration has the kubelet's own defaults", "[kubelet]") {
  const Scratch scratch;
  const Kubelet kubelet = kubelet_started_with(scratch.root(), {"/usr/bin/kubelet"});
  CHECK(!kubelet.process);
  CHECK(kubelet.static_pod_path.empty());
  CHECK(kubelet.file_check_frequency == 20);
  CHECK(kubelet.pod_log_directory == "/var/log/pods");
  CHECK(kubelet.root_directory == "/var/lib/kubelet");
  CHECK(kubelet.nodefs_available == "10%");
}

TEST_CASE("in a root that is not the host's the usual file is read, whatever runs here", "[kubelet]") {
  const Scratch scratch;
  scratch.write("/var/lib/kubelet/config.yaml",
                std::string(k_head) +
                    "staticPodPath: /etc//kubernetes/./pods/\nfileCheckFrequency: 1m5s\n"
                    "podLogsDir: /data/pods\nevictionHard:\n  nodefs.available: 5%\n");
  const Kubelet kubelet = kaudit::node::find_kubelet(scratch.root());
  CHECK(!kubelet.process);
  CHECK(kubelet.static_pod_path == "/etc/kubernetes/pods");
  CHECK(kubelet.file_check_frequency == 65);
  CHECK(kubelet.pod_log_directory == "/data/pods");
  CHECK(kubelet.nodefs_available == "5%");
}

TEST_CASE("a running kubelet reads the file it is told, and no other", "[kubelet]") {
  const Scratch scratch;
  scratch.write("/var/lib/kubelet/config.yaml", "staticPodPath: /usual\n");
  scratch.write("/etc/kubelet.json", R"({"staticPodPath": "/told"})");
  CHECK(kubelet_started_with(scratch.root(), {}).static_pod_path == "/usual");
  CHECK(kubelet_started_with(scratch.root(), {"kubelet"}).static_pod_path.empty());
  CHECK(kubelet_started_with(scratch.root(), {"kubelet", "--config=/etc/kubelet.json"}).static_pod_path == "/told");
  CHECK(kubelet_started_with(scratch.root(), {"kubelet", "--v=2", "--config", "/etc/kubelet.json"}).static_pod_path ==
        "/told");
}

TEST_CASE("a configuration file behind a link is read", "[kubelet]") {
  const Scratch scratch;
  scratch.write("/opt/kubelet/real.yaml", "staticPodPath: pods\n");
  scratch.make_directory("/var/lib/kubelet");
  scratch.link("/opt/kubelet/real.yaml", "/var/lib/kubelet/config.yaml");
  CHECK(kubelet_started_with(scratch.root(), {}).static_pod_path == "/var/lib/kubelet/pods");
}

TEST_CASE("zero, nonsense and null in a file leave the defaults", "[kubelet]") {
  const Scratch scratch;
  for (const char* text : {"fileCheckFrequency: 0s\n", "fileCheckFrequency: \"0\"\n", "fileCheckFrequency: soon\n",
                           "fileCheckFrequency: 30\n", "evictionHard:\nstaticPodPath: \"\"\n", "- a list\n", "{",
                           "staticPodPath: [a]\n", "fileCheckFrequency: -5s\n", ""}) {
    CAPTURE(text);
    scratch.write("/c", text);
    const Kubelet kubelet = kubelet_started_with(scratch.root(), {"kubelet", "--config=/c"});
    CHECK(kubelet.file_check_frequency == 20);
    CHECK(kubelet.nodefs_available == "10%");
    CHECK(kubelet.static_pod_path.empty());
  }
}

TEST_CASE("a map of thresholds replaces the defaults in whole", "[kubelet]") {
  const Scratch scratch;
  scratch.write("/c", "evictionHard: {memory.available: 200Mi}\n");
  CHECK(kubelet_started_with(scratch.root(), {"kubelet", "--config=/c"}).nodefs_available.empty());
  scratch.write("/c", "evictionHard: {}\n");
  CHECK(kubelet_started_with(scratch.root(), {"kubelet", "--config=/c"}).nodefs_available.empty());
}

TEST_CASE("drop-in files come one after the other, folders in their place, and only those called .conf", "[kubelet]") {
  const Scratch scratch;
  scratch.write("/c", "staticPodPath: /first\nfileCheckFrequency: 10s\nevictionHard: {nodefs.available: 1Gi}\n");
  scratch.write("/d/10-a.conf", "staticPodPath: /ten\nevictionHard: {memory.available: 1Gi}\n");
  scratch.write("/d/20/deep.conf", "fileCheckFrequency: 30s\n");
  scratch.write("/d/30-b.conf", "staticPodPath: /thirty\n");
  scratch.write("/d/40-no.yaml", "staticPodPath: /never\n");
  const Kubelet kubelet = kubelet_started_with(scratch.root(), {"kubelet", "--config=/c", "--config-dir=/d"});
  CHECK(kubelet.static_pod_path == "/thirty");
  CHECK(kubelet.file_check_frequency == 30);
  CHECK(kubelet.nodefs_available == "1Gi");
}

TEST_CASE("flags come before files, the last of a name counts, and an underscore is a dash", "[kubelet]") {
  const Scratch scratch;
  scratch.write("/c", "staticPodPath: /file\nfileCheckFrequency: 10s\nevictionHard: {nodefs.available: 1Gi}\n");
  const Arguments flags = {"kubelet",
                           "--pod-manifest-path=/one",
                           "--pod_manifest_path",
                           "/two/",
                           "--file-check-frequency=5s",
                           "--eviction-hard=imagefs.available<15%,nodefs.available<500Mi,memory.available<1Gi",
                           "--root-dir=/data/kubelet",
                           "--config=/c"};
  const Kubelet kubelet = kubelet_started_with(scratch.root(), flags);
  CHECK(kubelet.static_pod_path == "/two");
  CHECK(kubelet.file_check_frequency == 5);
  CHECK(kubelet.nodefs_available == "500Mi");
  CHECK(kubelet.root_directory == "/data/kubelet");
}

TEST_CASE("what only looks like a flag is none", "[kubelet]") {
  const Scratch scratch;
  CHECK(kubelet_started_with(scratch.root(), {"kubelet", "--", "--pod-manifest-path=/x"}).static_pod_path.empty());
  CHECK(kubelet_started_with(scratch.root(), {"kubelet", "--pod-manifest-path"}).static_pod_path.empty());
  CHECK(kubelet_started_with(scratch.root(), {"kubelet", "--pod-manifest-paths=/x"}).static_pod_path.empty());
  CHECK(kubelet_started_with(scratch.root(), {"kubelet", "pod-manifest-path=/x"}).static_pod_path.empty());
  CHECK(kubelet_started_with(scratch.root(), {"kubelet", "--eviction-hard=memory.available<1Gi"})
            .nodefs_available.empty());
}

TEST_CASE("the room that the kubelet keeps free, in bytes", "[kubelet]") {
  struct Case {
    const char* threshold;
    std::uint64_t of_a_terabyte;
  };
  for (const Case& one : {Case{"10%", 100'000'000'000},
                          {"7.5%", 75'000'000'000},
                          {"0%", 0},
                          {"100%", 0},
                          {"", 0},
                          {"1Gi", 1'073'741'824},
                          {"500Mi", 524'288'000},
                          {"1G", 1'000'000'000},
                          {"1.5k", 1'500},
                          {"12345", 12'345},
                          {"1e3", 1'000},
                          {"1E3", 1'000},
                          {"2Ei", 2'305'843'009'213'693'952},
                          {"1500m", 2},
                          {"-1Gi", 0},
                          {"Gi", 0},
                          {"1Zi", 0},
                          {"1 Gi", 0},
                          {"ten", 0},
                          {"%", 0},
                          {"nan", 0},
                          {"inf", 0}}) {
    CAPTURE(one.threshold);
    CHECK(reserve(one.threshold, 1'000'000'000'000) == one.of_a_terabyte);
  }
  CHECK(reserve("10%", 0) == 0);
  CHECK(reserve("1E", 1) == 1'000'000'000'000'000'000);
}
