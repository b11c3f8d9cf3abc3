// The rules of the composer: sigs.k8s.io/yaml over yaml.v2, facts by their source. What Go says of these texts was
// recorded from Go (testdata/decode/answers.jsonl).

#include "support/catch.hpp"

#include "support.hpp"

using kaudit::decode::answer;
using kaudit::decode::code_of;
using kaudit::decode::read;
using kaudit::decode::repeated;

TEST_CASE("only the first document is read") {
  CHECK(answer("a: 1\n---\nb: [\n") == R"({"a":1})");
  CHECK(answer("---\n# c\n---\na: 1\n") == "null");
  CHECK(answer("# c\n---\na: 1\n") == R"({"a":1})");
  CHECK(answer("") == "null");
  CHECK(answer("# c\n") == "null");
  CHECK(answer("text") == R"("text")");
}

TEST_CASE("of two equal keys in a mapping the last one counts, and what the first one held is not looked at") {
  CHECK(answer("a: 1\nb: 2\na: 3\n") == R"({"a":3,"b":2})");
  CHECK(answer("a: .inf\na: 1\nb: {~: 1}\nb: 2\n") == R"({"a":1,"b":2})");
  CHECK(answer("yes: a\non: b\n") == R"({"true":"b"})");
  const auto value = read("a: 1\nb: 2\na: 3\n");
  REQUIRE(value);
  CHECK((*value->object())[1].key_offset == 10);
}

TEST_CASE("two keys that are one text only in JSON are not modelled: Go picks one at random") {
  CHECK(code_of("1: a\n'1': b\n") == "not-modelled");
  CHECK(code_of("yes: a\n'true': b\n") == "not-modelled");
  CHECK(code_of("1: a\n1.0: b\n") == "not-modelled");
  CHECK(code_of("0.1: a\n0.10000000001: b\n") == "not-modelled");
  CHECK(code_of("0.0: a\n-0.0: b\n") == "not-modelled");
  CHECK(code_of(".nan: a\n.nan: b\n") == "not-modelled");
  CHECK(code_of("!!binary /w==: a\n!!binary /g==: b\n") == "not-modelled");
  CHECK(answer("a: {1: x, '1': y}\na: 2\n") == R"({"a":2})");
  CHECK(answer("1.5: a\n1.50: b\n") == R"({"1.5":"b"})");
}

TEST_CASE("keys become text; null, uint64, lists and mappings cannot") {
  CHECK(answer("yes: a\nno: b\n1: c\n0x1F: d\n1.5: e\n2001-12-14: f\n!!binary aGk=: g\n") ==
        R"({"1":"c","1.5":"e","2001-12-14":"f","31":"d","false":"b","hi":"g","true":"a"})");
  CHECK(code_of("~: a\n") == "yaml-key");
  CHECK(code_of("null: a\n") == "yaml-key");
  CHECK(code_of("x: {? : a}\n") == "yaml-key");
  CHECK(code_of("9223372036854775808: a\n") == "yaml-key");
  CHECK(code_of("x:\n  ? [a]\n  : b\n") == "yaml-key");
  CHECK(code_of("level: {{ x }}\n") == "yaml-key");
  CHECK(code_of("a: &x [1]\nb: {*x : 1}\n") == "yaml-key");
}

TEST_CASE("infinities and NaN are fatal as values wherever they stay") {
  CHECK(answer("a: [1, {b: .inf}]\n") == "yaml-value: json: unsupported value: +Inf");
  CHECK(answer("a: -.INF\n") == "yaml-value: json: unsupported value: -Inf");
  CHECK(answer("a: .NaN\n") == "yaml-value: json: unsupported value: NaN");
  CHECK(answer("a: !!str .inf\nb: '.nan'\n") == R"({"a":".inf","b":".nan"})");
}

TEST_CASE("merge keys apply in place order, nested, and from lists with the first mapping winning") {
  CHECK(answer("b: &b {l: 1, v: 2}\nx:\n  <<: *b\n  v: 3\nz:\n  v: 3\n  <<: *b\n") ==
        R"({"b":{"l":1,"v":2},"x":{"l":1,"v":3},"z":{"l":1,"v":2}})");
  CHECK(answer("a: &a {x: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b, {x: 3, w: 3}]}\n") ==
        R"({"a":{"x":1},"b":{"x":2,"z":2},"c":{"w":3,"x":1,"z":2}})");
  CHECK(answer("a: &a {x: 1}\nb: &b {<<: *a, v: 2}\nc: {<<: *b, z: 3}\n") ==
        R"({"a":{"x":1},"b":{"v":2,"x":1},"c":{"v":2,"x":1,"z":3}})");
  CHECK(answer("a: {<<: {<<: {b: 1}, c: 2}}\n") == R"({"a":{"b":1,"c":2}})");
  CHECK(answer("a: {<<: []}\n") == R"({"a":{}})");
}

TEST_CASE("<< is a merge key only where yaml.v2 calls it implicit, or it has the tag !!merge") {
  CHECK(answer("a: {'<<': 1}\n") == R"({"a":{"<<":1}})");
  CHECK(answer("a: {!!str <<: 1}\n") == R"({"a":{"<<":1}})");
  CHECK(answer("a: {! <<: {b: 1}}\n") == R"({"a":{"b":1}})");
  CHECK(answer("a: {!!merge <<: {b: 1}}\n") == R"({"a":{"b":1}})");
  CHECK(answer("a: <<\n") == R"({"a":"<<"})");
  CHECK(code_of("a: {<<: ~}\n") == "yaml-merge");
  CHECK(code_of("a: {<<: text}\n") == "yaml-merge");
  CHECK(code_of("a: {<<: [1]}\n") == "yaml-merge");
  CHECK(code_of("a: &a [1]\nb: {<<: *a}\n") == "yaml-merge");
  CHECK(code_of("a: &a [{x: 1}]\nb: {<<: *a}\n") == "yaml-merge");
}

TEST_CASE("aliases stand for the anchor last seen before them") {
  CHECK(answer("a: &a 1\nb: *a\nc: &a 2\nd: *a\n") == R"({"a":1,"b":1,"c":2,"d":2})");
  CHECK(answer("a: &l [1, {b: c}]\nd: [*l, *l]\n") == R"({"a":[1,{"b":"c"}],"d":[[1,{"b":"c"}],[1,{"b":"c"}]]})");
  CHECK(answer("a: &k key\n*k : value\n") == R"({"a":"key","key":"value"})");
  CHECK(answer("a: &a\nb: *a\n") == R"({"a":null,"b":null})");
  CHECK(code_of("a: *b\n") == "yaml-alias");
  CHECK(code_of("a: *b\nb: &b 1\n") == "yaml-alias");
  CHECK(code_of("a: &a [*a]\n") == "yaml-alias");
  CHECK(code_of("a: &a {<<: *a}\n") == "yaml-alias");
  CHECK(code_of("a: &a {b: &b [*a]}\n") == "yaml-alias");
  const auto value = read("a: &l [1]\nb: *l\n");
  REQUIRE(value);
  CHECK(value->find("b")->offset() == 13);
}

TEST_CASE("alias bombs are refused by yaml.v2's count") {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char name = 'b'; name < 'j'; ++name) {
    const std::string item = std::string("*") + static_cast<char>(name - 1);
    bomb += std::string(1, name) + ": &" + name + " [" + item + repeated("," + item, 9) + "]\n";
  }
  CHECK(answer(bomb) == "yaml-alias: yaml: document contains excessive aliasing");
  // 99 of 100 decodes may come from aliases.
  CHECK(read("a: &a [" + repeated("x,", 50) + "]\nb: [" + repeated("*a,", 60) + "]\n"));
}

TEST_CASE("aliases for more than 64 MiB of text are not modelled") {
  const std::string text = repeated("x", 1 << 20);
  CHECK(read("a: &a " + text + "\nb: [" + repeated("*a,", 60) + "]\n"));
  CHECK(code_of("a: &a " + text + "\nb: [" + repeated("*a,", 70) + "]\n") == "not-modelled");
}

TEST_CASE("tags force a type, or make a string, or are refused in yaml.v2's words") {
  CHECK(answer("[!!str 1, !!int '7', !!float 1, !!float '1.5', !!bool 'yes', !!null '', !foo 1, ! true, !<a> 5]") ==
        R"(["1",7,1,1.5,true,null,"1","true","5"])");
  CHECK(answer("a: !!set {b}\nc: !!omap [d: e]\nf: !!str [1]\n") == R"({"a":{"b":null},"c":[{"d":"e"}],"f":[1]})");
  CHECK(answer("a: !!int 1.5\n") == "yaml-tag: yaml: cannot decode !!float `1.5` as a !!int");
  CHECK(answer("a: !!float x\n") == "yaml-tag: yaml: cannot decode !!str `x` as a !!float");
  CHECK(answer("a: !!float 9223372036854775808\n") ==
        "yaml-tag: yaml: cannot decode !!int `9223372036854775808` as a !!float");
  CHECK(answer("a: !!bool 1\n") == "yaml-tag: yaml: cannot decode !!int `1` as a !!bool");
  CHECK(answer("a: !!null x\n") == "yaml-tag: yaml: cannot decode !!str `x` as a !!null");
  CHECK(answer("%TAG ! tag:yaml.org,2002:\n---\na: !int '5'\n") == R"({"a":5})");
  CHECK(code_of("a: !x!y z\n") == "yaml-syntax");
}

TEST_CASE("!!timestamp is a string; forms other than a plain date are not modelled") {
  CHECK(answer("a: !!timestamp 2024-2-29\n") == R"({"a":"2024-2-29"})");
  CHECK(answer("a: 2001-12-14t21:59:43.10-05:00\n") == R"({"a":"2001-12-14t21:59:43.10-05:00"})");
  CHECK(code_of("a: !!timestamp 2023-2-29\n") == "not-modelled");
  CHECK(code_of("a: !!timestamp 2001-12-14T21:59:43Z\n") == "not-modelled");
  CHECK(code_of("a: !!timestamp x\n") == "yaml-tag");
}

TEST_CASE("!!binary is decoded as Go's base64, and bad UTF-8 in it becomes U+FFFD") {
  CHECK(answer("a: !!binary aGVsbG8=\nb: !!binary |\n  aGVs\n  bG8=\nc: !!binary ''\n") ==
        R"({"a":"hello","b":"hello","c":""})");
  CHECK(answer("a: !!binary /w==\n") == "{\"a\":\"\ufffd\"}");
  for (const char* bad : {"aGVsbG8", "a", "====", "aG=s", "aGVsbG8=a", "'*'", "aGVs bG8=", "aA=", "aGk=="}) {
    CHECK(answer(std::string("a: !!binary ") + bad + "\n") ==
          "yaml-tag: yaml: !!binary value contains invalid base64 data");
  }
}

TEST_CASE("values know where they start in the text, in bytes, behind a byte order mark and other characters") {
  const auto value = read("\ufeffk\u00e9y: [\u2713, {b: c}]\nd: 'e'\n");
  REQUIRE(value);
  const auto& list = *(*value->object())[0].value.array();
  CHECK((*value->object())[0].key_offset == 3);
  CHECK((*value->object())[0].value.offset() == 9);
  CHECK(list[0].offset() == 10);
  CHECK(list[1].find("b")->offset() == 19);
  CHECK(value->find("d")->offset() == 26);
}

TEST_CASE("errors have status, place, the line, and go-yaml's words") {
  const auto error = read("a: 1\nb:\n  - c\n d: e\n");
  REQUIRE_FALSE(error);
  CHECK(error.error().status == kaudit::ExitStatus::refused);
  CHECK(error.error().code == "yaml-syntax");
  CHECK(error.error().message == "yaml: line 3: did not find expected key");
  CHECK(error.error().line == 4);
  CHECK(error.error().column == 2);
  CHECK(error.error().excerpt == " d: e");
  const auto bad = read("\ufeff\u00e9: 1\nb: x\x01y\n");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().message == "yaml: control characters are not allowed");
  CHECK(bad.error().line == 2);
  CHECK(bad.error().column == 5);
  const auto tagged = read("a: 1\nb: [x, !!int y]\n");
  REQUIRE_FALSE(tagged);
  CHECK(tagged.error().line == 2);
  CHECK(tagged.error().column == 8);
}
