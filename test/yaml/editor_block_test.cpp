#include "edit_support.hpp"

using kaudit::yaml::at;
using kaudit::yaml::Document;
using kaudit::yaml::edit_error;
using kaudit::yaml::edited;
using kaudit::yaml::Editor;
using kaudit::yaml::Fragment;

namespace {

/// Appends to / inserts into / removes from the list at `way`.
auto append(const std::string& way, const Fragment& item) {
  return [=](const Document& d, Editor& e) { e.insert_item(at(d, way), d.node(at(d, way)).child_count, item); };
}
auto insert(const std::string& way, std::size_t before, const Fragment& item) {
  return [=](const Document& d, Editor& e) { e.insert_item(at(d, way), before, item); };
}
auto append_entry(const std::string& way, const std::string& key, const Fragment& value) {
  return [=](const Document& d, Editor& e) { e.insert_entry(at(d, way), d.node(at(d, way)).child_count, key, value); };
}
auto remove(const std::string& way, const std::vector<std::size_t>& indices) {
  return [=](const Document& d, Editor& e) {
    for (const std::size_t index : indices) e.remove_item(at(d, way), index);
  };
}

const Fragment k_volume =
    Fragment::Map{{"name", "audit"}, {"hostPath", Fragment::Map{{"path", "/p"}, {"type", "File"}}}};

}  // namespace

TEST_CASE("an appended item takes the column of the first dash, indented or not", "[editor]") {
  CHECK(edited("c:\n- a\n", append("c", "b")) == "c:\n- a\n- b\n");
  CHECK(edited("c:\n    - a\nd: 1\n", append("c", "b")) == "c:\n    - a\n    - b\nd: 1\n");
}

TEST_CASE("an appended item goes directly under the last item's last line; comments after it stay after it",
          "[editor]") {
  CHECK(edited("c:\n- a # x\n# y\n\nd: 1\n", append("c", "b")) == "c:\n- a # x\n- b\n# y\n\nd: 1\n");
  CHECK(edited("c:\n- a: 1\n  b:\n    - 2\n# y\n", append("c", "b")) == "c:\n- a: 1\n  b:\n    - 2\n- b\n# y\n");
  CHECK(edited("c:\n- |\n  a\n  # no comment\nd: 1\n", append("c", "b")) ==
        "c:\n- |\n  a\n  # no comment\n- b\nd: 1\n");
  CHECK(edited("c:\n- |+\n  a\n\nd: 1\n", append("c", "b")) == "c:\n- |+\n  a\n\n- b\nd: 1\n");
  CHECK(edited("c:\n- a\n-\n# y\n", append("c", "b")) == "c:\n- a\n-\n- b\n# y\n");
}

TEST_CASE("an inserted item goes above its successor and the comments directly above that", "[editor]") {
  CHECK(edited("c:\n- a\n- b\n", insert("c", 1, "x")) == "c:\n- a\n- x\n- b\n");
  CHECK(edited("c:\n- a\n# about b\n  # more\n- b\n", insert("c", 1, "x")) ==
        "c:\n- a\n- x\n# about b\n  # more\n- b\n");
  CHECK(edited("c:\n- a\n# group\n\n- b\n", insert("c", 1, "x")) == "c:\n- a\n# group\n\n- x\n- b\n");
  CHECK(edited("c:\n- a\n- b\n", insert("c", 0, "x")) == "c:\n- x\n- a\n- b\n");
  CHECK(edited("c:\n# about a\n- a\n", insert("c", 0, "x")) == "c:\n- x\n# about a\n- a\n");
}

TEST_CASE("the head comment of a file stays above a new first entry", "[editor]") {
  const auto first = [](const Document& d, Editor& e) { e.insert_entry(d.root(), 0, "z", "1x"); };
  CHECK(edited("# made by kubeadm\na: 1\n", first) == "# made by kubeadm\nz: \"1x\"\na: 1\n");
  CHECK(edited("\xEF\xBB\xBF"
               "a: 1\n",
               first) == "\xEF\xBB\xBFz: \"1x\"\na: 1\n");
}

TEST_CASE("several insertions at one place keep their order", "[editor]") {
  CHECK(edited("c:\n- a\n", [](const Document& d, Editor& e) {
          e.insert_item(at(d, "c"), 1, "1x");
          e.insert_item(at(d, "c"), 0, "x");
          e.insert_item(at(d, "c"), 1, "w");
          e.insert_item(at(d, "c"), 0, "z");
        }) == "c:\n- x\n- z\n- a\n- \"1x\"\n- w\n");
}

TEST_CASE("insertions at the common end of nested blocks come deepest first", "[editor]") {
  CHECK(edited("spec:\n  containers:\n  - command:\n    - a\n",
               [](const Document& d, Editor& e) {
                 e.insert_entry(at(d, "spec"), 1, "volumes", Fragment::List{k_volume});
                 e.insert_entry(at(d, "spec/containers/0"), 1, "volumeMounts",
                                Fragment::List{Fragment::Map{{"name", "audit"}}});
                 e.insert_item(at(d, "spec/containers/0/command"), 1, "--b");
               }) ==
        "spec:\n  containers:\n  - command:\n    - a\n    - --b\n    volumeMounts:\n    - name: audit\n"
        "  volumes:\n  - name: audit\n    hostPath:\n      path: /p\n      type: File\n");
}

TEST_CASE("a new list has the offset of the lists beside it, else of spec.containers, else of any, else none",
          "[editor]") {
  const Fragment list = Fragment::List{"x"};
  CHECK(edited("a:\n    - 1\n", append_entry("", "b", list)) == "a:\n    - 1\nb:\n    - x\n");
  CHECK(edited("m:\n  k: 1\nspec:\n  containers:\n    - a: 1\n", append_entry("m", "b", list)) ==
        "m:\n  k: 1\n  b:\n    - x\nspec:\n  containers:\n    - a: 1\n");
  CHECK(edited("m:\n  k: 1\no:\n   - 1\n", append_entry("m", "b", list)) == "m:\n  k: 1\n  b:\n     - x\no:\n   - 1\n");
  CHECK(edited("m: 1\n", append_entry("", "b", list)) == "m: 1\nb:\n- x\n");
}

TEST_CASE("a new mapping has the step of the mappings there", "[editor]") {
  const Fragment map = Fragment::Map{{"x", "w"}};
  CHECK(edited("a:\n    b: 1\n", append_entry("", "c", map)) == "a:\n    b: 1\nc:\n    x: w\n");
  CHECK(edited("a: 1\n", append_entry("", "c", map)) == "a: 1\nc:\n  x: w\n");
  CHECK(edited("a: 1\n", append_entry("", "c", Fragment::Map{})) == "a: 1\nc: {}\n");
  CHECK(edited("a: 1\n", append_entry("", "c", Fragment::List{})) == "a: 1\nc: []\n");
}

TEST_CASE("entries of a mapping behind a dash align with its keys, whatever the dash's distance", "[editor]") {
  CHECK(edited("l:\n-   name: x\n", append_entry("l/0", "k", true)) == "l:\n-   name: x\n    k: true\n");
  const auto first = [](const Document& d, Editor& e) { e.insert_entry(at(d, "l/0"), 0, "k", "v"); };
  CHECK(edited("l:\n-   name: x\n    z: 1\n", first) == "l:\n-   k: v\n    name: x\n    z: 1\n");
  const auto item = [](const Document& d, Editor& e) { e.insert_item(at(d, "l/0"), 0, "v"); };
  CHECK(edited("l:\n- - a\n  - b\n", item) == "l:\n- - v\n  - a\n  - b\n");
}

TEST_CASE("a removed member takes its lines and the comment on its last line along, nothing else", "[editor]") {
  CHECK(edited("c:\n# 1\n- a # x\n# 2\n- b\n  # 3\n", remove("c", {0})) == "c:\n# 1\n# 2\n- b\n  # 3\n");
  CHECK(edited("c:\n- a\n- k: 1\n  # in\n  l: 2 # x\n# 2\nd: 1\n", remove("c", {1})) == "c:\n- a\n# 2\nd: 1\n");
  CHECK(edited("a: 1\nb:\n  c: |\n    x\n\nd: 2\n",
               [](const Document& d, Editor& e) { e.remove_entry(d.root(), 1); }) == "a: 1\n\nd: 2\n");
}

TEST_CASE("the first member behind a dash is removed by drawing up the next", "[editor]") {
  const std::string text = "l:\n- name: x # n\n  image: w\n  z: 1\n";
  CHECK(edited(text, remove("l/0", {0})) == "l:\n- image: w\n  z: 1\n");
  CHECK(edited(text, remove("l/0", {0, 1})) == "l:\n- z: 1\n");
  CHECK(edited(text, remove("l/0", {0, 2})) == "l:\n- image: w\n");
  CHECK(edited(text, remove("l/0", {0, 1, 2})) == "l:\n- {}\n");
}

TEST_CASE("comments between a removed first member and the next stay", "[editor]") {
  CHECK(edited("l:\n- name: x\n  # about image\n  image: w\n", remove("l/0", {0})) ==
        "l:\n-\n  # about image\n  image: w\n");
}

TEST_CASE("the first member behind a dash is replaced by removing it and inserting in front", "[editor]") {
  CHECK(edited("l:\n- name: x # n\n  # c\n  image: w\n", [](const Document& d, Editor& e) {
          e.insert_entry(at(d, "l/0"), 0, "k", "v");
          e.insert_entry(at(d, "l/0"), 1, "k2", "v");
          e.remove_entry(at(d, "l/0"), 0);
        }) == "l:\n- k: v\n  k2: v\n  # c\n  image: w\n");
}

TEST_CASE("a list that loses its last item and gains none is written as [], a mapping as {}", "[editor]") {
  CHECK(edited("c: # x\n# 1\n- a\n# 2\n- b\nd: 1\n", remove("c", {0, 1})) == "c: [] # x\n# 1\n# 2\nd: 1\n");
  CHECK(edited("l:\n- - a\n  - b\n", remove("l/0", {0, 1})) == "l:\n- []\n");
  CHECK(edited("l:\n-\n  - a\n", remove("l/0", {0})) == "l:\n- []\n");
  CHECK(edited("# h\na: 1 # x\nb: 2\n", remove("", {0, 1})) == "# h\n{}\n");
}

TEST_CASE("mixtures of removing and inserting come out as if done one after the other", "[editor]") {
  CHECK(edited("c:\n- a\n- b\nd: 1\n", [](const Document& d, Editor& e) {
          e.remove_item(at(d, "c"), 1);
          e.insert_item(at(d, "c"), 2, "x");
        }) == "c:\n- a\n- x\nd: 1\n");
  CHECK(edited("c:\n- a\n- b\nd: 1\n", [](const Document& d, Editor& e) {
          e.remove_item(at(d, "c"), 0);
          e.remove_item(at(d, "c"), 1);
          e.insert_item(at(d, "c"), 1, "x");
        }) == "c:\n- x\nd: 1\n");
  CHECK(edited("c:\n- a\n- b\n", [](const Document& d, Editor& e) {
          e.replace(at(d, "c/1"), "w");
          e.insert_item(at(d, "c"), 1, "x");
          e.insert_item(at(d, "c"), 2, "z");
        }) == "c:\n- a\n- x\n- w\n- z\n");
}

TEST_CASE("inserted lines have the ending of the line they stand beside", "[editor]") {
  CHECK(edited("c:\r\n- a\r\nd: 1\r\n", append("c", k_volume)) ==
        "c:\r\n- a\r\n- name: audit\r\n  hostPath:\r\n    path: /p\r\n    type: File\r\nd: 1\r\n");
}

TEST_CASE("a file without a final line ending stays one", "[editor]") {
  CHECK(edited("c:\n- a", append("c", "b")) == "c:\n- a\n- b");
  CHECK(edited("c:\r\n- a", append("c", "b")) == "c:\r\n- a\r\n- b");
  CHECK(edited("c:\n- a\n- b", remove("c", {1})) == "c:\n- a");
  CHECK(edited("c:\n- a\n- b", remove("c", {0, 1})) == "c: []");
  CHECK(edited("c:\n- a\n- b", [](const Document& d, Editor& e) {
          e.remove_item(at(d, "c"), 1);
          e.insert_item(at(d, "c"), 2, "x");
          e.insert_entry(d.root(), 1, "d", "w");
        }) == "c:\n- a\n- x\nd: w");
  CHECK(edited("c:\n- a # x", append("c", "b")) == "c:\n- a # x\n- b");
  CHECK(edited("c:\n- a\n# end", append("c", "b")) == "c:\n- a\n- b\n# end");
}

// A literal "x" without a line feed behind it is "x", with one it is "x\n" (yaml-cpp, libyaml and PyYAML agree).
TEST_CASE("nothing is put under a block scalar that ends the file without a line ending", "[editor]") {
  const kaudit::Error error = edit_error("c:\n- a\nd: |\n  x", append_entry("", "e", "1x"));
  CHECK(error.status == kaudit::ExitStatus::refused);
  CHECK(error.code == "no-final-line-ending");
  CHECK(error.line == 3);
  CHECK(edited("d: |-\n  x", append_entry("", "e", "w")) == "d: |-\n  x\ne: w");
  CHECK(edited("c:\n- a\nd: |\n  x", append("c", "b")) == "c:\n- a\n- b\nd: |\n  x");
}

TEST_CASE("what is removed below a block scalar leaves it the line ending it has", "[editor]") {
  CHECK(edited("a: |\n  x\nb: 1", [](const Document& d, Editor& e) { e.remove_entry(d.root(), 1); }) == "a: |\n  x\n");
}

TEST_CASE("a removal never turns a comment into text of the block scalar above", "[editor]") {
  const auto second = [](const Document& d, Editor& e) { e.remove_entry(d.root(), 1); };
  CHECK(edit_error("a: |\n  x\nb: 1\n  # deep\nc: 2\n", second).code == "comment-below-block-scalar");
  CHECK(edit_error("a: |+\n  x\nb: 1\n\nc: 2\n", second).code == "comment-below-block-scalar");
  CHECK(edit_error("a: |-\n  x\nb: 1\n ", second).code == "comment-below-block-scalar");
  CHECK(edited("a: |\n  x\nb: 1\n # not as deep\nc: 2\n", second) == "a: |\n  x\n # not as deep\nc: 2\n");
}

TEST_CASE("document markers stay where they are", "[editor]") {
  CHECK(edited("---\nc:\n- a\n...\n", append("c", "b")) == "---\nc:\n- a\n- b\n...\n");
  CHECK(edited("--- # x\nc:\n- a\n...", append_entry("", "d", "w")) == "--- # x\nc:\n- a\nd: w\n...");
}

TEST_CASE("what has an anchor or tag, an alias or a merge key on its way is not edited", "[editor]") {
  const std::string text = "a: &x\n- 1\nb: *x\nm:\n  <<: *x\n  l: [1]\nt: !!seq\n- 1\no:\n- 2\n";
  for (const std::string way : {"a", "b", "m/l", "t"}) {
    CAPTURE(way);
    const kaudit::Error error = edit_error(text, append(way, "x"));
    CHECK(error.status == kaudit::ExitStatus::refused);
    CHECK(error.code == "shared-node");
    CHECK(error.line != 0);
    CHECK_FALSE(error.hint.empty());
  }
  CHECK(edited(text, append("o", "x")) == text + "- x\n");
  CHECK(edit_error("a:\n- &x 1\n- 2\nb: *x\n", remove("a", {0})).code == "shared-node");
  CHECK(edit_error("a: &x 1\nb: *x\n", [](const Document& d, Editor& e) { e.replace(at(d, "a"), "w"); }).code ==
        "shared-node");
}

TEST_CASE("a member that is not there, or a change inside what is removed, is a defect", "[editor]") {
  const auto status = [](auto change) { return edit_error("c:\n- a\nd: 1\n", change).status; };
  using kaudit::ExitStatus;
  CHECK(status(insert("c", 2, "x")) == ExitStatus::internal);
  CHECK(status(remove("c", {1})) == ExitStatus::internal);
  CHECK(status(remove("c", {0, 0})) == ExitStatus::internal);
  CHECK(status(append_entry("c", "k", "v")) == ExitStatus::internal);
  CHECK(status([](const Document& d, Editor& e) { e.replace(at(d, "c"), "x"); }) == ExitStatus::internal);
  CHECK(status([](const Document& d, Editor& e) {
          e.remove_entry(d.root(), 0);
          e.insert_item(at(d, "c"), 0, "x");
        }) == ExitStatus::internal);
  CHECK(status(append("c", "\xFF")) == ExitStatus::internal);
}
