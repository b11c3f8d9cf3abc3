#include <algorithm>

#include "edit_support.hpp"

using kaudit::yaml::at;
using kaudit::yaml::Document;
using kaudit::yaml::edited;
using kaudit::yaml::Editor;
using kaudit::yaml::Fragment;

namespace {

/// What to do with list `c`: "-0 -2 +3x" removes items 0 and 2 and inserts x in front of item 3.
auto list(const std::string& steps) {
  return [=](const Document& d, Editor& e) {
    std::string_view rest = steps;
    while (!rest.empty()) {
      const std::string_view step = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(step.size() + 1, rest.size()));
      const auto index = static_cast<std::size_t>(step[1] - '0');
      if (step[0] == '-') {
        e.remove_item(at(d, "c"), index);
      } else {
        e.insert_item(at(d, "c"), index, std::string(step.substr(2)));
      }
    }
  };
}

}  // namespace

TEST_CASE("commas are right in every mixture, on one line", "[editor][flow]") {
  const auto line = [](const std::string& steps) { return edited("c: [a, b, d]\n", list(steps)); };
  CHECK(line("+3x") == "c: [a, b, d, \"x\"]\n");
  CHECK(line("+0x +1y") == "c: [\"x\", a, \"y\", b, d]\n");
  CHECK(line("-0") == "c: [b, d]\n");
  CHECK(line("-1") == "c: [a, d]\n");
  CHECK(line("-2") == "c: [a, b]\n");
  CHECK(line("-1 -2") == "c: [a]\n");
  CHECK(line("-0 -1") == "c: [d]\n");
  CHECK(line("-2 +3x") == "c: [a, b, \"x\"]\n");
  CHECK(line("-1 -2 +3x +2y") == "c: [a, \"y\", \"x\"]\n");
  CHECK(line("-0 +0x") == "c: [\"x\", b, d]\n");
  CHECK(line("-1 +1x +2y") == "c: [a, \"x\", \"y\", d]\n");
  CHECK(line("-0 -1 -2") == "c: []\n");
  CHECK(line("-0 -1 -2 +1x +3y") == "c: [\"x\", \"y\"]\n");
}

TEST_CASE("a trailing comma stays one", "[editor][flow]") {
  CHECK(edited("c: [a, b,]\n", list("+2x")) == "c: [a, b, \"x\",]\n");
  CHECK(edited("c: [a, b,]\n", list("-1")) == "c: [a,]\n");
  CHECK(edited("c: [a, b,]\n", list("-1 +2x")) == "c: [a, \"x\",]\n");
  CHECK(edited("c: [\n  a,\n  b,\n]\n", list("-1 +2x")) == "c: [\n  a,\n  \"x\",\n]\n");
}

TEST_CASE("a list with one item a line stays such a list", "[editor][flow]") {
  const std::string text = "{\n\t\"c\": [\n\t\t\"a\",\n\t\t\"b\",\n\t\t\"d\"\n\t]\n}\n";
  CHECK(edited(text, list("+3x +1y")) ==
        "{\n\t\"c\": [\n\t\t\"a\",\n\t\t\"y\",\n\t\t\"b\",\n\t\t\"d\",\n\t\t\"x\"\n\t]\n}\n");
  CHECK(edited(text, list("-2")) == "{\n\t\"c\": [\n\t\t\"a\",\n\t\t\"b\"\n\t]\n}\n");
  CHECK(edited(text, list("-0 -2 +3x")) == "{\n\t\"c\": [\n\t\t\"b\",\n\t\t\"x\"\n\t]\n}\n");
  CHECK(edited(text, list("-0 -1 -2 +0x +3y")) == "{\n\t\"c\": [\n\t\t\"x\",\n\t\t\"y\"\n\t]\n}\n");
  CHECK(edited(text, list("-0 -1 -2")) == "{\n\t\"c\": []\n}\n");
}

TEST_CASE("comments in flow style stay with what they stand behind", "[editor][flow]") {
  const std::string text = "c: [\n  a, # 1\n  b  # 2\n  # 3\n]\n";
  CHECK(edited(text, list("+2x")) == "c: [\n  a, # 1\n  b,  # 2\n  \"x\"\n  # 3\n]\n");
  CHECK(edited(text, list("-1")) == "c: [\n  a # 1\n  # 3\n]\n");
  CHECK(edited(text, list("-0")) == "c: [\n  b  # 2\n  # 3\n]\n");
  CHECK(edited(text, list("-1 +2x")) == "c: [\n  a, # 1\n  \"x\"\n  # 3\n]\n");
}

TEST_CASE("blanks behind the last item stay with it, and what is appended can be taken out again", "[editor][flow]") {
  const std::string text = "c: [\n  a,\n  b  \n]\n";
  const std::string more = "c: [\n  a,\n  b,  \n  \"x\"\n]\n";
  CHECK(edited(text, list("+2x")) == more);
  CHECK(edited(more, list("-2")) == text);
  CHECK(edited("c: [\r\n  a,  \r\n]\r\n", list("+1x")) == "c: [\r\n  a,  \r\n  \"x\",\r\n]\r\n");
}

TEST_CASE("commas at the start of the line work, too", "[editor][flow]") {
  const std::string text = "c: [ a\n   , b\n   , d\n   ]\n";
  CHECK(edited(text, list("-1")) == "c: [ a\n   , d\n   ]\n");
  CHECK(edited(text, list("-0")) == "c: [ b\n   , d\n   ]\n");
  (void)edited(text, list("-2 +3x"));
}

TEST_CASE("a multi-line JSON mapping takes a new entry on a line of its own, its value on one line", "[editor][flow]") {
  CHECK(edited("{\n  \"a\": 1\n}\n", [](const Document& d, Editor& e) {
          e.insert_entry(d.root(), 1, "volumes",
                         Fragment::List{Fragment::Map{{"name", "x"}, {"hostPath", Fragment::Map{{"path", "/p"}}}}});
        }) == "{\n  \"a\": 1,\n  \"volumes\": [{\"name\": \"x\", \"hostPath\": {\"path\": \"/p\"}}]\n}\n");
}

TEST_CASE("minified JSON stays minified", "[editor][flow]") {
  CHECK(edited("{\"a\":{\"b\":1},\"c\":[\"x\"]}", [](const Document& d, Editor& e) {
          e.insert_entry(at(d, "a"), 1, "k", true);
          e.insert_item(at(d, "c"), 1, "y");
        }) == "{\"a\":{\"b\":1,\"k\":true},\"c\":[\"x\",\"y\"]}");
}

TEST_CASE("entries of a flow mapping are removed with their comma", "[editor][flow]") {
  const auto without = [](std::size_t index) {
    return edited("m: {a: 1, \"b\":2, c: }\n",
                  [=](const Document& d, Editor& e) { e.remove_entry(at(d, "m"), index); });
  };
  CHECK(without(0) == "m: {\"b\":2, c: }\n");
  CHECK(without(1) == "m: {a: 1, c: }\n");
  CHECK(without(2) == "m: {a: 1, \"b\":2 }\n");
}

TEST_CASE("CRLF stays CRLF in a list with one item a line", "[editor][flow]") {
  CHECK(edited("{\"c\": [\r\n \"a\"\r\n]}\r\n", list("+1x")) == "{\"c\": [\r\n \"a\",\r\n \"x\"\r\n]}\r\n");
}

TEST_CASE("an item behind others on its line goes together with items that have lines of their own", "[editor][flow]") {
  CHECK(edited("c: [a, b,\n    d,\n    e]\n", list("-1 -2")) == "c: [a, e]\n");
  CHECK(edited("c: [a, b,\n    d,\n    e]\n", list("-0 -1 -2")) == "c: [e]\n");
  CHECK(edited("c: [a, b,\n    d,\n    e]\n", list("-1 -2 +3x")) == "c: [a, \"x\",\n    e]\n");
  CHECK(edited("c: [a, b,\n    d, # of d\n    # of e\n    e]\n", list("-1 -2")) == "c: [a,     # of e\n    e]\n");
}
