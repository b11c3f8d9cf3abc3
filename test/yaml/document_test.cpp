#include "edit_support.hpp"

using kaudit::yaml::at;
using kaudit::yaml::Document;
using kaudit::yaml::Kind;
using kaudit::yaml::NodeId;
using kaudit::yaml::parsed;
using kaudit::yaml::Style;

namespace {

/// The node's own text.
std::string text_at(const Document& document, std::string_view way) {
  return std::string(document.source().text(document.node(at(document, way)).span));
}

std::string text_at(std::string_view text, std::string_view way) { return text_at(parsed(text), way); }

}  // namespace

TEST_CASE("every kind of scalar has exactly its own text", "[document]") {
  const Document document = parsed(
      "plain: two words # c\n"
      "single: 'it''s' # c\n"
      "double: \"a \\\" b\"# c\n"
      "folded plain: one\n  two\n\n  three\n"
      "url: http://x#y:z\n"
      "literal: |\n  a\n\n   b\n\n"
      "folded: >- # c\n  a\n  b\n"
      "keep: |+\n  a\n\n"
      "empty block: |\n"
      "last: 'a\n  b'\n");
  CHECK(text_at(document, "plain") == "two words");
  CHECK(text_at(document, "single") == "'it''s'");
  CHECK(text_at(document, "double") == "\"a \\\" b\"");
  CHECK(text_at(document, "folded plain") == "one\n  two\n\n  three");
  CHECK(document.node(at(document, "folded plain")).value == "one two\nthree");
  CHECK(text_at(document, "url") == "http://x#y:z");
  CHECK(text_at(document, "literal") == "|\n  a\n\n   b");
  CHECK(text_at(document, "folded") == ">- # c\n  a\n  b");
  CHECK(text_at(document, "keep") == "|+\n  a\n");
  CHECK(text_at(document, "empty block") == "|");
  CHECK(text_at(document, "last") == "'a\n  b'");
}

TEST_CASE("styles and values are those of the text", "[document]") {
  const Document document = parsed("a: x\nb: 'x'\nc: \"\\x78\"\nd: |-\n x\ne: >-\n x\nf: [x]\ng:\n- x\n");
  const auto style = [&](std::string_view way) { return document.node(at(document, way)).style; };
  CHECK(style("a") == Style::plain);
  CHECK(style("b") == Style::single_quoted);
  CHECK(style("c") == Style::double_quoted);
  CHECK(style("d") == Style::literal);
  CHECK(style("e") == Style::folded);
  CHECK(style("f") == Style::flow);
  CHECK(style("g") == Style::block);
  for (const char* way : {"a", "b", "c", "d", "e", "f/0", "g/0"}) CHECK(document.node(at(document, way)).value == "x");
}

TEST_CASE("a block collection reaches from its first key or dash to the end of its last content", "[document]") {
  const std::string text = "a:\n  - x\n  - y: 1\n    z: # c\n# d\nb: 1\n";
  CHECK(text_at(text, "a") == "- x\n  - y: 1\n    z:");
  CHECK(text_at(text, "a/1") == "y: 1\n    z:");
  CHECK(text_at(text, "") == "a:\n  - x\n  - y: 1\n    z: # c\n# d\nb: 1");
}

TEST_CASE("indicators are the dash, the colon, or the flow item itself", "[document]") {
  const Document document = parsed("a :\n- x\nb: [y]\n");
  CHECK(document.child(0, 0).indicator == 2);
  CHECK(document.child(at(document, "a"), 0).indicator == 4);
  CHECK(document.child(at(document, "b"), 0).indicator == 12);
}

TEST_CASE("nothing at all is a null where the value would stand; a written null has its text", "[document]") {
  const Document document =
      parsed("a:\nb: # c\n\nc: ~\nd: null\ne:\n  Null\nf:\n-\n-   # c\n- ~\ng: {h: , i: }\nnull: x\nj:");
  for (const char* way : {"a", "b", "f/0", "f/1", "g/h", "g/i", "j"}) {
    CAPTURE(way);
    const auto& node = document.node(at(document, way));
    CHECK(node.kind == Kind::null);
    CHECK(node.span.empty());
    const auto& child = document.child(node.parent, node.index);
    CHECK(node.span.begin == child.indicator + 1);
  }
  CHECK(text_at(document, "c") == "~");
  CHECK(text_at(document, "d") == "null");
  CHECK(text_at(document, "e") == "Null");
  CHECK(text_at(document, "f/2") == "~");
}

// yaml-cpp gives an empty value the mark of the next token, which here is the word null.
TEST_CASE("a key named null below an empty value is a key", "[document]") {
  const Document document = parsed("a:\nnull: x\n");
  REQUIRE(document.node(0).child_count == 2);
  CHECK(document.node(document.child(0, 0).value).span.empty());
  CHECK(document.source().text(document.node(document.child(0, 1).key).span) == "null");
}

TEST_CASE("anchors and tags are not part of a node's text", "[document]") {
  const Document document = parsed("a: &x !!str v\nb: *x\n&k c: !<tag:yaml.org,2002:seq>\n  - 1\n");
  const auto& a = document.node(at(document, "a"));
  CHECK(document.source().text(a.property) == "&x !!str");
  CHECK(document.source().text(a.span) == "v");
  const auto& b = document.node(at(document, "b"));
  CHECK(b.kind == Kind::alias);
  CHECK(b.value == "x");
  CHECK(document.source().text(b.span) == "*x");
  CHECK(document.source().text(document.node(document.child(0, 2).key).property) == "&k");
  CHECK(document.node(0).property.empty());
  CHECK(document.source().text(document.node(at(document, "c")).property) == "!<tag:yaml.org,2002:seq>");
}

TEST_CASE("an anchor in front of a block mapping's first key is the key's, on its own line the mapping's",
          "[document]") {
  const Document keys = parsed("a:\n- &k name: x\n");
  const NodeId item = at(keys, "a/0");
  CHECK(keys.node(item).property.empty());
  CHECK(keys.source().text(keys.node(keys.child(item, 0).key).property) == "&k");
  const Document own = parsed("a: &m\n  name: x\n");
  CHECK(own.source().text(own.node(at(own, "a")).property) == "&m");
}

TEST_CASE("a byte order mark, CRLF, markers, TAB-indented JSON and comments anywhere are taken", "[document]") {
  CHECK(text_at("\xEF\xBB\xBF"
                "a: 1\r\nb:\r\n- x\r\n",
                "b/0") == "x");
  CHECK(text_at("# c\n--- # d\n# e\na: 1\n# f\n... # g\n# h", "a") == "1");
  CHECK(text_at("---\na: 1\n...", "a") == "1");
  CHECK(text_at("{\n\t\"a\": [\n\t\t1\n\t]\n}\n", "a/0") == "1");
  CHECK(text_at("  # c\na: # d\n# e\n   # f\n  b: 1\n", "a/b") == "1");
  CHECK(text_at("a: [ # c\n  x # d\n  , # e\n]\n", "a/0") == "x");
  CHECK(text_at("a: x\t# c\n", "a") == "x");
  CHECK(text_at("{}", "") == "{}");
}

TEST_CASE("entries are found by key; paths are spelled as Kubernetes spells them", "[document]") {
  const Document document =
      parsed("spec:\n  containers:\n  - command:\n    - a\n    - b\n  notes: {example.org/x: 1, '': 2}\n");
  CHECK(document.find_entry(0, "spec") == 0U);
  CHECK_FALSE(document.find_entry(0, "none"));
  CHECK_FALSE(document.find(at(document, "spec/containers"), "command"));
  CHECK(document.path(at(document, "spec/containers/0/command/1")) == "spec.containers[0].command[1]");
  CHECK(document.path(*document.find(at(document, "spec/notes"), "example.org/x")) == "spec.notes[example.org/x]");
  CHECK(document.path(document.root()).empty());
}

TEST_CASE("what is shared is found on the way up", "[document]") {
  const Document document = parsed("a: &x\n  b: {c: 1}\nd: *x\ne: {<<: *x, f: {g: 1}}\nh: {i: !!str 1}\nj: {k: 1}\n");
  CHECK(document.shared_ancestor(at(document, "a/b/c")) == at(document, "a"));
  CHECK(document.shared_ancestor(at(document, "d")) == at(document, "d"));
  CHECK(document.shared_ancestor(at(document, "e/f/g")) == at(document, "e"));
  CHECK(document.shared_ancestor(at(document, "h/i")) == at(document, "h/i"));
  CHECK_FALSE(document.shared_ancestor(at(document, "h")));
  CHECK_FALSE(document.shared_ancestor(at(document, "j/k")));
}

TEST_CASE("a hundred thousand keys, items or comments and deep nesting are no problem", "[document]") {
  std::string keys;
  std::string items = "a:\n";
  for (int i = 0; i < 100'000; ++i) {
    keys += "key-" + std::to_string(i) + ":\n";
    items += "# comment\n- x\n";
  }
  CHECK(parsed(keys).node(0).child_count == 100'000);
  CHECK(parsed(items).node(at(parsed(items), "a")).child_count == 100'000);
  CHECK(parsed("a: |\n  " + std::string(5'000'000, 'x') + "\n").node_count() == 3);
  std::string deep;
  for (int i = 0; i < 199; ++i) deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(parsed(deep).node_count() == 2 * 199 + 1);
  CHECK(parsed(std::string(200, '[') + std::string(200, ']')).node_count() == 200);
}
