#include "edit_support.hpp"

using kaudit::yaml::at;
using kaudit::yaml::Document;
using kaudit::yaml::edited;
using kaudit::yaml::Editor;
using kaudit::yaml::Fragment;

namespace {

auto fill(const std::string& way) {
  return [=](const Document& d, Editor& e) {
    e.insert_item(at(d, way), 0, "x");
    e.insert_item(at(d, way), 0, Fragment::Map{{"k", "v"}, {"l", true}});
  };
}

auto fill_map(const std::string& way) {
  return [=](const Document& d, Editor& e) { e.insert_entry(at(d, way), 0, "k", "v"); };
}

}  // namespace

TEST_CASE("an empty list becomes one of the document's looks, however its emptiness is spelled", "[editor]") {
  for (const std::string nothing : {"", " []", " null", " ~", "   [ ]", " Null  "}) {
    CAPTURE(nothing);
    CHECK(edited("c:" + nothing + "\nd: 1\n", fill("c")) == "c:\n- x\n- k: v\n  l: true\nd: 1\n");
    CHECK(edited("a:\n  - 1\nc:" + nothing, fill("c")) == "a:\n  - 1\nc:\n  - x\n  - k: v\n    l: true");
  }
}

TEST_CASE("the comment of an empty list stays on the line of its key", "[editor]") {
  CHECK(edited("c: {} # none\nd: 1\n", fill_map("c")) == "c: # none\n  k: v\nd: 1\n");
  CHECK(edited("c: # none\n\n# more\nd: 1\n", fill("c")) == "c: # none\n- x\n- k: v\n  l: true\n\n# more\nd: 1\n");
}

TEST_CASE("a comment that touches what is replaced stays a comment", "[editor]") {
  CHECK(edited("c: []# none\n", fill("c")) == "c: # none\n- x\n- k: v\n  l: true\n");
  CHECK(edited("c: \"x\"# c\n", [](const Document& d, Editor& e) { e.replace(at(d, "c"), true); }) == "c: true # c\n");
  CHECK(edited("c: [\"x\"# c\n]\n", [](const Document& d, Editor& e) {
          e.remove_item(at(d, "c"), 0);
          e.insert_item(at(d, "c"), 0, true);
        }) == "c: [true # c\n]\n");
}

TEST_CASE("a literal on a line of its own goes with its line, its comment stays", "[editor]") {
  CHECK(edited("c: # a\n  []\nd: 1\n", fill("c")) == "c: # a\n- x\n- k: v\n  l: true\nd: 1\n");
  CHECK(edited("c:\n  null\t# b\nd: 1\n", fill_map("c")) == "c:\n  # b\n  k: v\nd: 1\n");
}

TEST_CASE("an empty item becomes a nested list or mapping", "[editor]") {
  CHECK(edited("c:\n-\n- {}\n- 1\n", [](const Document& d, Editor& e) {
          e.insert_item(at(d, "c/0"), 0, "x");
          e.insert_entry(at(d, "c/1"), 0, "k", "v");
        }) == "c:\n-\n  - x\n-\n  k: v\n- 1\n");
}

TEST_CASE("no tab comes to stand behind a dash", "[editor]") {
  CHECK(edited("c:\n- null \t# x\n", fill_map("c/0")) == "c:\n- # x\n  k: v\n");
}

TEST_CASE("an empty mapping takes entries", "[editor]") {
  CHECK(edited("metadata:\n    annotations: {}\n", fill_map("metadata/annotations")) ==
        "metadata:\n    annotations:\n        k: v\n");
}

TEST_CASE("brackets around a comment stay, so that the comment can", "[editor]") {
  CHECK(edited("c: [ # why\n  ]\n", [](const Document& d, Editor& e) { e.insert_item(at(d, "c"), 0, "x"); }) ==
        "c: [\"x\" # why\n  ]\n");
}

TEST_CASE("an empty list in JSON becomes a JSON list", "[editor]") {
  const std::string list = R"(["x", {"k": "v", "l": true}])";
  CHECK(edited("{\"c\": []}", fill("c")) == "{\"c\": " + list + "}");
  CHECK(edited("{\"c\": null}", fill("c")) == "{\"c\": " + list + "}");
  CHECK(edited("{c: , d: 1}", fill("c")) == "{c: " + list + " , d: 1}");
  CHECK(edited("{}", [](const Document& d, Editor& e) { e.insert_entry(d.root(), 0, "k", "v"); }) == "{\"k\": \"v\"}");
  CHECK(edited("{\"a\":1,\"c\":[]}", fill("c")) == "{\"a\":1,\"c\":[\"x\",{\"k\":\"v\",\"l\":true}]}");
}
