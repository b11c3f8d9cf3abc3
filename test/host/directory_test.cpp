#include "kaudit/host/directory.hpp"

#include "host/scratch.hpp"

using kaudit::ExitStatus;
using kaudit::host::Hidden;
using kaudit::host::Metadata;
using kaudit::host::Ownership;
using kaudit::test::Scratch;
using Names = std::vector<std::string>;

namespace {

Metadata owned_by_me(unsigned mode) { return {mode, ::geteuid(), ::getegid(), {}}; }

}  // namespace

TEST_CASE("names are listed in byte order without the hidden ones, and nothing is opened", "[directory]") {
  const Scratch scratch;
  scratch.make_directory("/d/sub");
  for (const char* name :
       {"/d/kube-apiserver.yaml", "/d/kube-apiserver.yaml.bak", "/d/kube-apiserver-old.yaml", "/d/.kaudit-x", "/d/Z"}) {
    scratch.write(name, "");
  }
  scratch.fifo("/d/fifo");
  const auto shown = kaudit::host::list_directory(scratch.place("/d"), Hidden::skipped);
  REQUIRE(shown);
  CHECK(*shown ==
        Names{"Z", "fifo", "kube-apiserver-old.yaml", "kube-apiserver.yaml", "kube-apiserver.yaml.bak", "sub"});
  const auto beside = kaudit::host::list_beside(scratch.place("/d/any"), Hidden::included);
  REQUIRE(beside);
  CHECK(beside->size() == 7);
  CHECK(beside->front() == ".kaudit-x");
}

TEST_CASE("a missing directory lists nothing; a link or file is refused", "[directory]") {
  const Scratch scratch;
  scratch.make_directory("/d");
  scratch.link("/d", "/link");
  scratch.write("/file", "");
  const auto missing = kaudit::host::list_directory(scratch.place("/missing"), Hidden::skipped);
  REQUIRE(missing);
  CHECK(missing->empty());
  for (const char* path : {"/link", "/file"}) {
    const auto listed = kaudit::host::list_directory(scratch.place(path), Hidden::skipped);
    REQUIRE_FALSE(listed);
    CHECK(listed.error().code == "path");
  }
}

TEST_CASE("a directory is made with its mode, and one that is there is left as it is", "[directory]") {
  const Scratch scratch;
  const auto made = kaudit::host::make_directory(scratch.place("/d"), owned_by_me(0750), Ownership::exact);
  REQUIRE(made);
  CHECK(made->is_open());
  CHECK((scratch.status("/d").st_mode & 07777U) == 0750U);
  const auto again = kaudit::host::make_directory(scratch.place("/d"), owned_by_me(0700), Ownership::exact);
  REQUIRE(again);
  CHECK_FALSE(again->is_open());
  CHECK((scratch.status("/d").st_mode & 07777U) == 0750U);
}

TEST_CASE("something else in a directory's place is refused", "[directory]") {
  const Scratch scratch;
  scratch.make_directory("/target");
  scratch.link("/target", "/link");
  scratch.fifo("/fifo");
  for (const char* path : {"/link", "/fifo"}) {
    const auto made = kaudit::host::make_directory(scratch.place(path), owned_by_me(0700), Ownership::exact);
    REQUIRE_FALSE(made);
    CHECK(made.error().status == ExitStatus::refused);
  }
}

TEST_CASE("an empty file is made with owner and mode, never over what is there", "[directory][log]") {
  const Scratch scratch;
  const auto made = kaudit::host::make_empty_file(scratch.place("/log"), owned_by_me(0600), Ownership::exact);
  REQUIRE(made);
  CHECK(made->is_open());
  CHECK((scratch.status("/log").st_mode & 07777U) == 0600U);
  scratch.write("/log", "events\n", 0644);
  const auto again = kaudit::host::make_empty_file(scratch.place("/log"), owned_by_me(0600), Ownership::exact);
  REQUIRE(again);
  CHECK_FALSE(again->is_open());
  CHECK(scratch.read("/log") == "events\n");
  CHECK((scratch.status("/log").st_mode & 07777U) == 0644U);
}

TEST_CASE("a log that is planted as link, hard link, FIFO or directory is refused", "[directory][log]") {
  const Scratch scratch;
  scratch.write("/shadow", "secret");
  scratch.link("/shadow", "/symlink");
  scratch.link("/missing", "/dangling");
  REQUIRE(::link(scratch.at("/shadow").c_str(), scratch.at("/hard").c_str()) == 0);
  scratch.fifo("/fifo");
  scratch.make_directory("/directory");
  const auto code = [&](const std::string& path) {
    const auto made = kaudit::host::make_empty_file(scratch.place(path), owned_by_me(0600), Ownership::exact);
    REQUIRE_FALSE(made);
    CHECK(made.error().status == ExitStatus::refused);
    return made.error().code;
  };
  CHECK(code("/symlink") == "symlink");
  CHECK(code("/dangling") == "symlink");
  CHECK(code("/hard") == "hard-linked");
  CHECK(code("/fifo") == "fifo");
  CHECK(code("/directory") == "directory");
  CHECK(scratch.read("/shadow") == "secret");
  CHECK_FALSE(scratch.exists("/missing"));
}

TEST_CASE("a tree is removed with its links, not with what they point to", "[directory]") {
  const Scratch scratch;
  scratch.write("/keep/f", "x");
  scratch.write("/tree/a/b/f", "x");
  scratch.write("/tree/.hidden", "x");
  scratch.link("/keep", "/tree/a/link");
  scratch.fifo("/tree/fifo");
  REQUIRE(kaudit::host::remove_tree(scratch.place("/tree")));
  CHECK_FALSE(scratch.exists("/tree"));
  CHECK(scratch.exists("/keep/f"));
}

TEST_CASE("removing what is not there is fine, a directory with something in it is not empty", "[directory]") {
  const Scratch scratch;
  CHECK(kaudit::host::remove_file(scratch.place("/f")));
  CHECK(kaudit::host::remove_directory(scratch.place("/d")));
  scratch.write("/d/f", "x");
  const auto removed = kaudit::host::remove_directory(scratch.place("/d"));
  REQUIRE_FALSE(removed);
  CHECK(removed.error().code == "not-empty");
}
