// Where yaml.v2 and libyaml read a text differently: one test for each named difference of
// src/decode/yaml_differences.hpp, and for what looks like one and is not. What Go says was recorded from Go
// (testdata/decode/answers.jsonl, made by test/reference).

#include "support/catch.hpp"

#include "support.hpp"

using kaudit::decode::answer;
using kaudit::decode::code_of;
using kaudit::decode::read;
using kaudit::decode::repeated;

TEST_CASE("%YAML 1.2 is refused as yaml.v2 does, 1.1 is read") {
  CHECK(answer("%YAML 1.2\n---\na: 1\n") == "yaml-syntax: yaml: line 1: found incompatible YAML document");
  CHECK(answer("%YAML 1.1\n---\na: 1\n") == R"({"a":1})");
  CHECK(code_of("%YAML 1.3\n---\na: 1\n") == "yaml-syntax");
  CHECK(answer("a: 1\n---\n%YAML 1.2\n---\nb: 1\n") == R"({"a":1})");
}

TEST_CASE("a version number of more than two digits is refused, also right behind the document") {
  CHECK(code_of("%YAML 1.001\n---\na: 1\n") == "yaml-syntax");
  CHECK(code_of("%YAML 001.1\n---\na: 1\n") == "yaml-syntax");
  CHECK(answer("%YAML 01.01\n---\na: 1\n") == R"({"a":1})");
  CHECK(code_of("a: 1\n%YAML 1.001\n---\nb: 1\n") == "not-modelled");
  CHECK(answer("a: 1\n%YAML 1.2\n---\nb: 1\n") == R"({"a":1})");
}

TEST_CASE("the escape \\/ is unknown to yaml.v2") {
  CHECK(answer("a: \"x\\/y\"\n") == "yaml-syntax: yaml: line 1: found unknown escape character");
  CHECK(code_of("a: &b !!str # \"c\n  \"x\\/y\"\n") == "yaml-syntax");
  CHECK(code_of("\"x\\/y\": 1\n") == "yaml-syntax");
  CHECK(answer("a: \"x/y\\\\/z\"\n") == R"({"a":"x/y\\/z"})");
  CHECK(answer("a: 'x\\/y'\nb: x\\/y\n") == R"({"a":"x\\/y","b":"x\\/y"})");
  const auto error = read("a: 1\nb: \"x\\/y\"\n");
  REQUIRE_FALSE(error);
  CHECK(error.error().line == 2);
  CHECK(error.error().column == 6);
}

TEST_CASE("the escape \\' is known to yaml.v2 only") {
  CHECK(code_of("a: \"it\\'s\"\n") == "not-modelled");
  CHECK(code_of("a: \"it\\qs\"\n") == "yaml-syntax");
}

TEST_CASE("surrogates in escapes are refused in YAML") { CHECK(code_of("a: \"\\ud83d\\ude00\"\n") == "yaml-syntax"); }

TEST_CASE("a ? inside a plain scalar ends it in a flow collection of yaml.v2, and is fatal there") {
  CHECK(code_of("a: [a?b]\n") == "yaml-syntax");
  CHECK(code_of("a: {b: c?}\n") == "yaml-syntax");
  CHECK(code_of("a: {x?y: c}\n") == "yaml-syntax");
  CHECK(answer("a: ['a?b', \"?\"]\nb: a?b\n- ?c\n"
               "") == "yaml-syntax: yaml: line 2: did not find expected key");
  CHECK(answer("a: ['a?b', \"?\"]\nb: a?b\nc: ?c\n") == R"({"a":["a?b","?"],"b":"a?b","c":"?c"})");
}

TEST_CASE("a ? at the start in a flow collection is the key indicator in both") {
  CHECK(answer("a: [?a]\n") == R"({"a":[{"a":null}]})");
  CHECK(answer("a: {? b : c}\n") == R"({"a":{"b":"c"}})");
}

TEST_CASE("a colon directly before , ? [ ] { } in a flow collection is part of the scalar in yaml.v2 only") {
  CHECK(code_of("a: {omitted value:,}\n") == "not-modelled");
  CHECK(code_of("a: [b:]\n") == "not-modelled");
  CHECK(answer("a: {b: , c: d}\n") == R"({"a":{"b":null,"c":"d"}})");
}

TEST_CASE("a URL as plain key or value in a flow mapping is read") {
  CHECK(answer("a: {http://x/y: z, k: http://x:80/y}\n") == R"({"a":{"http://x/y":"z","k":"http://x:80/y"}})");
}

TEST_CASE("a tag that runs into a comma or bracket is a longer tag in yaml.v2") {
  CHECK(code_of("a: [!!str,b]\n") == "not-modelled");
  CHECK(code_of("a: [!foo,b]\n") == "not-modelled");
  CHECK(code_of("a: [!foo, b]\n") == "not-modelled");
  CHECK(code_of("a: [&x !foo, b]\n") == "not-modelled");
  CHECK(code_of("a: [!,b]\n") == "not-modelled");
  CHECK(code_of("a: [!<tag:x>, b]\n") == "not-modelled");
  CHECK(code_of("a: !foo,b c\n") == "not-modelled");
  CHECK(code_of("a: [!foo]\n") == "not-modelled");
  CHECK(answer("a: [!!str , !foo b, !<a,[]b> c]\n") == R"({"a":["","b","c"]})");
}

TEST_CASE("an escaped NUL in a tag is not modelled: libyaml's tags end there") {
  CHECK(code_of("a: !%00 b\n") == "not-modelled");
  CHECK(code_of("%TAG !a! b%00\n---\na: 1\n") == "not-modelled");
}

TEST_CASE("a byte order mark is read at the start, and inside where yaml.v2 surely does not skip it") {
  CHECK(answer("\ufeffa: 1\n") == R"({"a":1})");
  CHECK(code_of("\ufeff\ufeffa: 1\n") == "not-modelled");
  CHECK(answer("a: 1\n\ufeffb: 2\n") == "{\"a\":1,\"\ufeffb\":2}");
  CHECK(answer("a: \"x\ufeff\"\n") == "{\"a\":\"x\ufeff\"}");
  CHECK(code_of("a: \"x\ufeff\ue0ff\"\n") == "not-modelled");
  CHECK(code_of("a: \"" + repeated("x", 500) + "\ufeff\"\nb: " + repeated("y", 100) + "\n") == "not-modelled");
  CHECK(answer("a: \"\\uFEFF\"\n") == "{\"a\":\"\ufeff\"}");
  CHECK(answer("a: 1\n---\n" + repeated("# pad\n", 200) + "\ufeff\n") == R"({"a":1})");
}

TEST_CASE("an error behind a root in brackets is one that yaml.v2 may not come to") {
  CHECK(code_of("[]{\"a\": [\n\"\\o\"]}\n") == "not-modelled");
  CHECK(code_of("[\"a\", \n\"\\o\"]\n") == "yaml-syntax");
}

TEST_CASE("text behind the document that both scan alike is left alone") {
  CHECK(answer("[a]\nb: c\n") == R"(["a"])");
  CHECK(answer("  a: 1\nb: 2\n") == R"({"a":1})");
  CHECK(answer("[a]\n\"b\": c\n") == R"(["a"])");
  CHECK(code_of("[a]\n\"\\/\"\n") == "not-modelled");
  CHECK(code_of("[a]\n!b,c d\n") == "not-modelled");
  CHECK(code_of("[a]\n[b]: c\n") == "not-modelled");
  CHECK(answer("a: 1\n...\n\"\\/\"\n") == R"({"a":1})");
  CHECK(answer("a: 1\n--- \"\\/\"\n") == R"({"a":1})");
}

TEST_CASE("a collection in brackets as first key of the document is the whole document to yaml.v2") {
  CHECK(code_of("[]: a\n") == "not-modelled");
  CHECK(code_of("# c\n{}: a\n") == "not-modelled");
  CHECK(code_of("[] a: b\n") == "not-modelled");
  CHECK(code_of("[]: a\n`\n") == "not-modelled");
  CHECK(code_of("a:\n  []: b\n") == "yaml-key");
}

TEST_CASE("many directives, and brackets nested deeply in a long text, are not modelled: libyaml takes too long") {
  std::string directives;
  for (int i = 0; i < 70; ++i) directives += "%TAG !a" + std::to_string(i) + "! b\n";
  CHECK(code_of(directives + "---\na: 1\n") == "not-modelled");
  const std::string deep = "- " + repeated("[", 5000);
  CHECK(code_of(deep + repeated("a, ", 100000) + repeated("]", 5000)) == "not-modelled");
  CHECK(read(deep + "a, b" + repeated("]", 5000)));
}

TEST_CASE("nesting over 10,000 is refused, in either style") {
  CHECK(code_of("- " + repeated("[", 10001) + repeated("]", 10001)) == "too-deep");
  CHECK(read("- " + repeated("[", 9999) + repeated("]", 9999)));
  CHECK(code_of(repeated("- ", 10001) + "a\n") == "too-deep");
  CHECK(read(repeated("- ", 10000) + "a\n"));
}

TEST_CASE("bad bytes behind the first document are fatal in the 512-byte blocks that yaml.v2 has read") {
  CHECK(code_of(std::string("a: 1\n---\nb: \0\n", 14)) == "yaml-syntax");
  CHECK(code_of("a: 1\n---\nb: \xff\n") == "yaml-syntax");
  const std::string document = "a: 1\n---\n";
  const std::string to_block_end(512 - document.size(), '#');
  CHECK(answer(document + to_block_end + "\xff\n") == R"({"a":1})");
  CHECK(code_of(document + to_block_end.substr(1) + "\xff\n") == "yaml-syntax");
  // A character that the block's end cuts is left for the next block.
  CHECK(answer(document + to_block_end.substr(1) + "\u00e9\xff\n") == R"({"a":1})");
}

TEST_CASE("control characters are refused, line breaks of Unicode are line breaks") {
  for (const char* bad : {"\x01", "\x07", "\x1b", "\x7f", "\u0080", "\u0081", "\u009f", "\ufffe", "\uffff"}) {
    CHECK(code_of(std::string("a: ") + bad + "\n") == "yaml-syntax");
  }
  CHECK(answer("a: 1\u0085b: 2\u2028c: 3\u2029d: 4\r") == R"({"a":1,"b":2,"c":3,"d":4})");
  CHECK(answer("a: \ue000\U0010ffff\n") == "{\"a\":\"\ue000\U0010ffff\"}");
}

TEST_CASE("invalid UTF-8 is refused") {
  for (const char* bad : {"\xff", "\xc3(", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    CHECK(code_of(std::string("a: ") + bad + "\n") == "yaml-syntax");
  }
}

TEST_CASE("UTF-16 with a byte order mark is read, without one refused") {
  const std::string little(
      "\xff\xfe"
      "a\0:\0 \0\"\0/\0=\xd8\x00\xde\"\0\n\0",
      20);
  CHECK(answer(little) == "{\"a\":\"/\U0001F600\"}");
  const auto value = read(little);
  REQUIRE(value);
  CHECK(value->find("a")->offset() == 8);
  CHECK(answer(std::string("\xfe\xff\0a\0:\0 \0"
                           "1\0\n",
                           12)) == R"({"a":1})");
  CHECK(code_of(std::string("a\0:\0 \0", 6)) == "yaml-syntax");
  CHECK(code_of(std::string("\xff\xfe"
                            "a\0:\0 \0\"\0\\\0/\0\"\0",
                            16)) == "yaml-syntax");
}

TEST_CASE("tabs are refused in indentation and after -, and taken elsewhere") {
  CHECK(code_of("a:\n\tb: 1\n") == "yaml-syntax");
  CHECK(code_of("-\tx\n") == "yaml-syntax");
  CHECK(code_of("a:\n  b: 1\n\t\n  c: 2\n") == "yaml-syntax");
  CHECK(code_of("a: b\n\tc\n") == "yaml-syntax");
  CHECK(code_of("a: |\n\tx\n") == "yaml-syntax");
  CHECK(answer("a:\tb\t# c\nd: [\n\t1,\t2]\ne: 1\t\n") == R"({"a":"b","d":[1,2],"e":1})");
}

TEST_CASE("a key of more than 1,024 characters is refused, characters and not bytes") {
  CHECK(read("a: b\n" + repeated("\u00e9", 1023) + ": v\n"));
  CHECK(code_of("a: b\n" + repeated("k", 1025) + ": v\n") == "yaml-syntax");
  CHECK(code_of("\"" + repeated("k", 1030) + "\": v\n") == "yaml-syntax");
}
