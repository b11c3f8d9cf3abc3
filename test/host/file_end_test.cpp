#include "kaudit/host/file_end.hpp"

#include "host/scratch.hpp"

using kaudit::host::FileEnd;
using kaudit::host::locate_through_links;
using kaudit::host::read_end;
using kaudit::test::Scratch;

namespace {

FileEnd end_of(const Scratch& scratch, std::uint64_t from, std::size_t limit) {
  const auto end = read_end(scratch.place("/log"), from, limit);
  REQUIRE(end);
  REQUIRE(end->has_value());
  return **end;
}

std::string code_of(const Scratch& scratch, const std::string& path) {
  const auto place = locate_through_links(scratch.root(), path);
  return place ? "-> " + place->node_path : place.error().code;
}

}  // namespace

TEST_CASE("the end of a file is read from a place on, no more than the limit", "[file-end]") {
  const Scratch scratch;
  scratch.write("/log", "0123456789");
  struct Case {
    std::uint64_t from;
    std::size_t limit;
    const char* bytes;
    bool is_cut;
  };
  for (const Case& one : {Case{0, 100, "0123456789", false},
                          {0, 10, "0123456789", false},
                          {0, 9, "123456789", true},
                          {4, 6, "456789", false},
                          {4, 5, "56789", true},
                          {10, 5, "", false},
                          {3, 0, "", true},
                          {11, 100, "0123456789", false},
                          {11, 2, "89", true}}) {
    CAPTURE(one.from, one.limit);
    const FileEnd end = end_of(scratch, one.from, one.limit);
    CHECK(end.bytes == one.bytes);
    CHECK(end.is_cut == one.is_cut);
    CHECK(end.size == 10);
    CHECK(end.inode == scratch.status("/log").st_ino);
  }
}

TEST_CASE("the beginning of a file is read the same way", "[file-end]") {
  const Scratch scratch;
  scratch.write("/log", "0123456789");
  struct Case {
    std::uint64_t from;
    std::size_t limit;
    const char* bytes;
    bool is_cut;
  };
  for (const Case& one : {Case{0, 100, "0123456789", false},
                          {0, 4, "0123", true},
                          {4, 6, "456789", false},
                          {4, 3, "456", true},
                          {10, 3, "", false},
                          {11, 3, "", false}}) {
    CAPTURE(one.from, one.limit);
    const auto part = kaudit::host::read_part(scratch.place("/log"), one.from, one.limit);
    REQUIRE(part);
    REQUIRE(part->has_value());
    CHECK((*part)->bytes == one.bytes);
    CHECK((*part)->is_cut == one.is_cut);
    CHECK((*part)->size == 10);
  }
}

TEST_CASE("only regular files are read, and a missing one is nothing", "[file-end]") {
  const Scratch scratch;
  const auto missing = read_end(scratch.place("/log"), 0, 10);
  REQUIRE(missing);
  CHECK(!missing->has_value());
  scratch.fifo("/fifo");
  scratch.write("/file", "x");
  scratch.link("/file", "/link");
  CHECK(read_end(scratch.place("/fifo"), 0, 10).error().code == "fifo");
  CHECK(read_end(scratch.place("/link"), 0, 10).error().code == "symlink");
}

TEST_CASE("a last link is followed inside the root if nobody else can replace it", "[file-end]") {
  const Scratch scratch;
  scratch.write("/a/file", "x");
  scratch.make_directory("/b");
  scratch.link("/a/file", "/b/absolute");
  scratch.link("absolute", "/b/relative");
  scratch.link("/nowhere/x", "/b/dangling");
  scratch.link("../a/file", "/b/upwards");
  scratch.link("circle", "/b/circle");
  CHECK(code_of(scratch, "/a/file") == "-> /a/file");
  CHECK(code_of(scratch, "/b/absolute") == "-> /a/file");
  CHECK(code_of(scratch, "/b/relative") == "-> /a/file");
  CHECK(code_of(scratch, "/b/missing") == "-> /b/missing");
  CHECK(code_of(scratch, "/b/dangling") == "missing-directory");
  CHECK(code_of(scratch, "/b/upwards") == "path");
  CHECK(code_of(scratch, "/b/circle") == "path");
  REQUIRE(::chmod(scratch.at("/b").c_str(), 0777) == 0);
  CHECK(code_of(scratch, "/b/absolute") == "untrusted-link");
  REQUIRE(::chmod(scratch.at("/b").c_str(), 01777) == 0);
  CHECK(code_of(scratch, "/b/absolute") == "untrusted-link");
}
