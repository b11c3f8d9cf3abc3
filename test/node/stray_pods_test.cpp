#include "kaudit/node/stray_pods.hpp"

#include <algorithm>

#include "host/scratch.hpp"

using kaudit::test::Scratch;
using Paths = std::vector<std::string>;

namespace {

constexpr const char* k_server_manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";

std::string pod(const std::string& name, const std::string& name_space = "kube-system") {
  return "apiVersion: v1\nkind: Pod\nmetadata:\n  name: " + name + "\n  namespace: " + name_space + "\nspec: {}\n";
}

/// A manifests directory with the API server's manifest and another pod.
struct Directory {
  Directory() {
    scratch.write(k_server_manifest, pod("kube-apiserver"));
    add("etcd.yaml", pod("etcd"));
  }

  void add(const std::string& name, const std::string& bytes) const { scratch.write(at(name), bytes); }
  static std::string at(const std::string& name) { return "/etc/kubernetes/manifests/" + name; }

  [[nodiscard]] Paths strays() const {
    auto found = kaudit::node::stray_pods(scratch.root(), k_server_manifest, "kube-system", "kube-apiserver");
    REQUIRE(found);
    return std::move(found).value();
  }

  Scratch scratch;
};

}  // namespace

TEST_CASE("the manifest itself and other pods are no strays", "[stray-pods]") {
  const Directory directory;
  directory.add("elsewhere.yaml", pod("kube-apiserver", "default"));
  directory.add("README", "kube-apiserver is here\n");
  CHECK(directory.strays().empty());
}

TEST_CASE("every name that holds the same pod is one, whatever its extension; a dot file never", "[stray-pods]") {
  const Directory directory;
  for (const char* name : {"kube-apiserver.yaml.bak", "kube-apiserver.yaml~", "zzz"}) {
    directory.add(name, pod("kube-apiserver"));
  }
  directory.add("as.json", R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"kube-apiserver",)"
                           R"("namespace":"kube-system"},"spec":{}})");
  directory.add(".kube-apiserver.yaml.swp", pod("kube-apiserver"));
  Paths found = directory.strays();
  std::sort(found.begin(), found.end());
  Paths expected;
  for (const char* name : {"as.json", "kube-apiserver.yaml.bak", "kube-apiserver.yaml~", "zzz"}) {
    expected.push_back(directory.scratch.at(Directory::at(name)));
  }
  CHECK(found == expected);
}

TEST_CASE("a link is followed below the root, as the kubelet follows it", "[stray-pods]") {
  const Directory directory;
  directory.scratch.write("/root/copy.yaml", pod("kube-apiserver"));
  SECTION("absolute") { directory.scratch.link("/root/copy.yaml", Directory::at("link.yaml")); }
  SECTION("relative") { directory.scratch.link("../../../root/copy.yaml", Directory::at("link.yaml")); }
  SECTION("over another") {
    directory.scratch.link("/root/copy.yaml", "/root/second");
    directory.scratch.link("/root/second", Directory::at("link.yaml"));
  }
  CHECK(directory.strays() == Paths{directory.scratch.at(Directory::at("link.yaml"))});
}

TEST_CASE("what is no regular file is not opened, and a link that leads nowhere is none", "[stray-pods]") {
  const Directory directory;
  directory.scratch.fifo(Directory::at("fifo.yaml"));
  directory.scratch.make_directory(Directory::at("folder"));
  directory.scratch.link("/nowhere", Directory::at("nowhere.yaml"));
  directory.scratch.link("circle.yaml", Directory::at("circle.yaml"));
  CHECK(directory.strays().empty());
}

TEST_CASE("without the directory there is an error, not an empty list", "[stray-pods]") {
  const Scratch scratch;
  CHECK_FALSE(kaudit::node::stray_pods(scratch.root(), k_server_manifest, "kube-system", "kube-apiserver"));
}
