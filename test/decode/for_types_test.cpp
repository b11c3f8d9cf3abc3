#include "support/catch.hpp"

#include "kaudit/decode/decode.hpp"

using namespace kaudit;

namespace {

std::string duplicates(const std::string& text) {
  const auto reading = decode::read_for_types(text::Source("t.yaml", text));
  if (!reading) return "refused: " + reading.error().message;
  std::string all;
  for (const decode::DuplicateKey& key : reading->duplicates) {
    const bool string = key.kind == decode::DuplicateKey::Kind::string;
    all += std::to_string(key.line) + ":" + (string ? "'" + key.key + "'" : key.key) + " ";
  }
  return all;
}

std::string paths(const std::string& text) {
  const auto reading = decode::read_for_types(text::Source("t.yaml", text));
  if (!reading) return "refused: " + reading.error().message;
  std::string all;
  for (const decode::DuplicateKey& key : reading->duplicates) all += key.path + " ";
  return all;
}

}  // namespace

TEST_CASE("a repeated key is told with the line of its value, as yaml.v2's strict decoder counts", "[for-types]") {
  CHECK(duplicates("a: 1\nb: 2\n").empty());
  CHECK(duplicates("a: 1\na: 2\n") == "2:'a' ");
  CHECK(duplicates("a: 1\na:\n\n  2\n") == "4:'a' ");
  CHECK(duplicates("a: 1\na: 2\na: 3\n") == "2:'a' 3:'a' ");
  CHECK(duplicates("1: a\n1: b\n") == "2:1 ");
  CHECK(duplicates("yes: a\non: b\n") == "2:true ");
  CHECK(duplicates("1.5: a\n1.50: b\n") == "2:1.5 ");
  CHECK(duplicates("1000000.0: a\n1e6: b\n") == "2:1e+06 ");
}

TEST_CASE("in the order in which yaml.v2 fills its maps", "[for-types]") {
  CHECK(duplicates("a: 1\na: 2\nc:\n  b: 1\n  b: 2\n") == "2:'a' 5:'b' ");
  CHECK(duplicates("a: {b: 1,\n b: 2}\na: 3\n") == "2:'b' 3:'a' ");
}

TEST_CASE("what a merge key overwrites is a repeated key; an alias repeats what is in it", "[for-types]") {
  CHECK(duplicates("x: &x {a: 1}\nz:\n  a: 2\n  <<: *x\n") == "1:'a' ");
  CHECK(duplicates("x: &x {a: 1}\nz:\n  <<: *x\n  a: 2\n") == "4:'a' ");
  CHECK(duplicates("x: &x {a: 1, a: 2}\ny: *x\n") == "1:'a' 1:'a' ");
}

TEST_CASE("a repeated key has the path of the mapping in which it is repeated", "[for-types]") {
  CHECK(paths("a: 1\na: 2\n") == "a ");
  CHECK(paths("- a: 1\n  a: 2\n- {b: [0, {c: 1, c: 2}]}\n") == "[0].a [1].b[1].c ");
  CHECK(paths("rules:\n- x: 1\n- resources:\n  - group: a\n    group: b\n    x: 1\n    x: 2\n") ==
        "rules[1].resources[0].group rules[1].resources[0].x ");
  CHECK(paths("x: &x {a: 1}\nz:\n- 0\n- a: 2\n  <<: *x\n") == "z[1].a ");
  CHECK(paths("x: &x {a: 1, a: 2}\nz: [*x]\n") == "x.a z[0].a ");
  CHECK(paths("x:\n  <<: {a: {b: 1, b: 2}}\n") == "x.a.b ");
  CHECK(paths("x:\n  <<: [{a: {b: 1, b: 2}}, {c: 1}]\n  d: [{e: 1, e: 1}]\n") == "x.a.b x.d[0].e ");
}

TEST_CASE("paths of repeated keys do not grow with depth times keys", "[for-types]") {
  const std::string key(100'000, 'k');
  std::string text = "? " + key + "\n:\n";
  for (int i = 0; i < 1'000; ++i) text += " a: 1\n";
  const auto reading = decode::read_for_types(text::Source("t.yaml", text));
  REQUIRE(reading);
  REQUIRE(reading->duplicates.size() == 999);
  CHECK(reading->duplicates.front().path == key + ".a");
  CHECK(reading->duplicates.back().path.empty());
  CHECK(reading->duplicates.back().key == "a");
}

TEST_CASE("two YAML keys with one text are both kept: Go takes one of them at random", "[for-types]") {
  const auto reading = decode::read_for_types(text::Source("t.yaml", "1: a\n'1': b\n"));
  REQUIRE(reading);
  CHECK(reading->duplicates.empty());
  CHECK(reading->value.object()->size() == 2);
  CHECK_FALSE(decode::as_kubernetes_reads_it(text::Source("t.yaml", "1: a\n'1': b\n")));
}

TEST_CASE("repeated members of JSON are all kept, in the order of the text", "[for-types]") {
  const auto reading = decode::read_for_types(text::Source("t.json", R"({"b": 1, "a": 2, "b": 1e999})"));
  REQUIRE(reading);
  CHECK(reading->format == decode::Format::json);
  REQUIRE(reading->value.object()->size() == 3);
  CHECK((*reading->value.object())[0].key == "b");
  CHECK((*reading->value.object())[2].key == "b");
}
