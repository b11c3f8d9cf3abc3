#include "kaudit/host/root.hpp"

#include "host/scratch.hpp"

using kaudit::ExitStatus;
using kaudit::host::Root;
using kaudit::test::Scratch;

namespace {

/// The inode of the directory that a place stands in.
ino_t directory_inode(const kaudit::host::Place& place) {
  struct stat status {};
  REQUIRE(::fstat(place.directory.get(), &status) == 0);
  return status.st_ino;
}

}  // namespace

TEST_CASE("a root that is no directory is status 4, code root", "[root]") {
  const Scratch scratch;
  scratch.write("/file", "x");
  for (const std::string& path : {scratch.at("/missing"), scratch.at("/file"), std::string()}) {
    const auto root = Root::open(path);
    REQUIRE_FALSE(root);
    CHECK(root.error().code == "root");
    CHECK(root.error().status == ExitStatus::host_refused);
  }
}

TEST_CASE("the machine's own root is recognised however it is spelled", "[root]") {
  for (const char* path : {"/", "//", "/.", "/usr/.."}) {
    const auto root = Root::open(path);
    REQUIRE(root);
    CHECK(root->is_host());
    CHECK(root->shown("/etc/x") == "/etc/x");
  }
}

TEST_CASE("a place is shown with the root's prefix and known to the node without it", "[root]") {
  const Scratch scratch;
  scratch.make_directory("/etc/kubernetes");
  const auto root = Root::open(scratch.path() + "/");
  REQUIRE(root);
  CHECK_FALSE(root->is_host());
  const auto place = root->locate("/etc//kubernetes/./a.yaml");
  REQUIRE(place);
  CHECK(place->leaf == "a.yaml");
  CHECK(place->node_path == "/etc/kubernetes/a.yaml");
  CHECK(place->path == scratch.at("/etc/kubernetes/a.yaml"));
  CHECK(directory_inode(*place) == scratch.status("/etc/kubernetes").st_ino);
}

TEST_CASE("paths that cannot be are refused with status 3, code path", "[root]") {
  const Scratch scratch;
  scratch.write("/etc/file", "x");
  const std::string long_name(300, 'a');
  for (const std::string& path :
       {std::string("etc/x"), std::string(), std::string("/"), std::string("/etc/../x"), std::string("/etc/.."),
        "/etc/" + long_name, std::string("/etc/a\0b", 8), std::string("/etc/file/x"), std::string(5000, '/') + "x"}) {
    CAPTURE(path);
    const auto place = scratch.root().locate(path);
    REQUIRE_FALSE(place);
    CHECK(place.error().code == "path");
    CHECK(place.error().status == ExitStatus::refused);
  }
}

TEST_CASE("a missing directory on the way is named", "[root]") {
  const Scratch scratch;
  scratch.make_directory("/etc");
  const auto place = scratch.root().locate("/etc/kubernetes/manifests/x.yaml");
  REQUIRE_FALSE(place);
  CHECK(place.error().code == "missing-directory");
  CHECK(place.error().status == ExitStatus::host_refused);
  CHECK(place.error().file == scratch.at("/etc/kubernetes"));
}

TEST_CASE("absolute link targets resolve inside the root", "[root][links]") {
  const Scratch scratch;
  scratch.make_directory("/data/etc");
  scratch.link("/data/etc", "/etc");
  CHECK(directory_inode(scratch.place("/etc/x")) == scratch.status("/data/etc").st_ino);
}

TEST_CASE("'..' in a link's target never climbs out of the root", "[root][links]") {
  const Scratch scratch;
  scratch.make_directory("/data/etc");
  scratch.make_directory("/a/b");
  scratch.link("../../../../../../data/etc", "/a/b/up");
  CHECK(directory_inode(scratch.place("/a/b/up/x")) == scratch.status("/data/etc").st_ino);
  scratch.link("../../..", "/a/b/top");
  CHECK(directory_inode(scratch.place("/a/b/top/x")) == scratch.status("/").st_ino);
}

TEST_CASE("'..' after a link means the parent of what the link points to", "[root][links]") {
  const Scratch scratch;
  scratch.make_directory("/real/deep");
  scratch.make_directory("/near");
  scratch.link("/real/deep", "/near/link");
  scratch.link("link/..", "/near/parent");
  CHECK(directory_inode(scratch.place("/near/parent/x")) == scratch.status("/real").st_ino);
}

TEST_CASE("the last component is never followed, nor looked at", "[root][links]") {
  const Scratch scratch;
  scratch.make_directory("/etc");
  scratch.link("/nowhere", "/etc/x");
  const auto place = scratch.place("/etc/x");
  CHECK(place.leaf == "x");
  CHECK(directory_inode(place) == scratch.status("/etc").st_ino);
}

TEST_CASE("a loop of links is refused", "[root][links]") {
  const Scratch scratch;
  scratch.link("b", "/a");
  scratch.link("a", "/b");
  const auto place = scratch.root().locate("/a/x");
  REQUIRE_FALSE(place);
  CHECK(place.error().code == "path");
}

TEST_CASE("a link in a directory that others may write is not followed", "[root][links]") {
  const Scratch scratch;
  scratch.make_directory("/shared");
  scratch.make_directory("/target");
  scratch.link("/target", "/shared/link");
  for (const mode_t mode : {mode_t{0777}, mode_t{01777}, mode_t{0757}}) {
    REQUIRE(::chmod(scratch.at("/shared").c_str(), mode) == 0);
    const auto place = scratch.root().locate("/shared/link/x");
    REQUIRE_FALSE(place);
    CHECK(place.error().code == "untrusted-link");
    CHECK(place.error().status == ExitStatus::refused);
    CHECK(place.error().file == scratch.at("/shared/link"));
  }
  REQUIRE(::chmod(scratch.at("/shared").c_str(), 0755) == 0);
  CHECK(scratch.root().locate("/shared/link/x"));
}

TEST_CASE("a link that belongs to somebody else is not followed", "[root][links]") {
  if (!kaudit::test::is_privileged()) return kaudit::test::skipped("needs root to give a link away");
  const Scratch scratch;
  scratch.make_directory("/target");
  scratch.link("/target", "/link");
  REQUIRE(::lchown(scratch.at("/link").c_str(), 4711, 4711) == 0);
  const auto place = scratch.root().locate("/link/x");
  REQUIRE_FALSE(place);
  CHECK(place.error().code == "untrusted-link");
}

TEST_CASE("a FIFO on the way neither blocks nor is opened", "[root]") {
  const Scratch scratch;
  scratch.fifo("/pipe");
  const auto place = scratch.root().locate("/pipe/x");
  REQUIRE_FALSE(place);
  CHECK(place.error().code == "path");
}

TEST_CASE("a place stays in its directory when that is moved and replaced by a link", "[root]") {
  const Scratch scratch;
  scratch.make_directory("/etc");
  scratch.make_directory("/evil");
  const auto place = scratch.place("/etc/x");
  std::filesystem::rename(scratch.at("/etc"), scratch.at("/moved"));
  scratch.link("/evil", "/etc");
  CHECK(directory_inode(place) == scratch.status("/moved").st_ino);
}

TEST_CASE("missing directories are made with mode 0700 and named", "[root]") {
  const Scratch scratch;
  scratch.make_directory("/var");
  std::vector<std::string> made;
  REQUIRE(scratch.root().locate_or_make("/var/lib/kaudit/lock", made));
  CHECK(made == std::vector<std::string>{"/var/lib", "/var/lib/kaudit"});
  CHECK((scratch.status("/var/lib/kaudit").st_mode & 07777U) == 0700U);
  made.clear();
  REQUIRE(scratch.root().locate_or_make("/var/lib/kaudit/lock", made));
  CHECK(made.empty());
}

TEST_CASE("a caller's path is the node's when it lies inside the root after its links", "[root]") {
  const Scratch scratch;
  const Scratch outside;
  scratch.write("/etc/kubernetes/p.yaml", "x");
  outside.write("/p.yaml", "x");
  outside.link(scratch.at("/etc"), "/way");
  const Root root = scratch.root();
  CHECK(root.node_path_of(scratch.at("/etc/kubernetes/p.yaml")) == "/etc/kubernetes/p.yaml");
  CHECK(root.node_path_of(outside.at("/way/kubernetes/p.yaml")) == "/etc/kubernetes/p.yaml");
  CHECK(root.node_path_of(outside.at("/p.yaml")).empty());
  CHECK(root.node_path_of(scratch.path()).empty());
  CHECK(root.node_path_of(scratch.path() + "-else/p.yaml").empty());
}
