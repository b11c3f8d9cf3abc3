// What follows from no rule but yaml.v2's code (scannerc.go, readerc.go, parserc.go of go.yaml.in/yaml/v2 2.4.2, the
// same in gopkg.in/yaml.v2 2.2.8 and 2.4.0), and where libyaml or YAML itself would have it otherwise. The answers are
// Go's (test/reference).

#include "support/catch.hpp"

#include "support.hpp"

using kaudit::decode::answer;
using kaudit::decode::code_of;
using kaudit::decode::read;
using kaudit::decode::repeated;

TEST_CASE("%YAML 1.2 is refused as yaml.v2 does, 1.1 is read") {
  CHECK(answer("%YAML 1.2\n---\na: 1\n") == "yaml-syntax: yaml: found incompatible YAML document");
  CHECK(answer("%YAML 1.1\n---\na: 1\n") == R"({"a":1})");
  CHECK(code_of("%YAML 1.3\n---\na: 1\n") == "yaml-syntax");
  CHECK(answer("a: 1\n---\n%YAML 1.2\n---\nb: 1\n") == R"({"a":1})");
}

TEST_CASE("a version number of more than two digits is refused, also right behind the document") {
  CHECK(code_of("%YAML 1.001\n---\na: 1\n") == "yaml-syntax");
  CHECK(code_of("%YAML 001.1\n---\na: 1\n") == "yaml-syntax");
  CHECK(answer("%YAML 01.01\n---\na: 1\n") == R"({"a":1})");
  CHECK(answer("a: 1\n%YAML 1.001\n---\nb: 1\n") == "yaml-syntax: yaml: line 2: found extremely long version number");
  CHECK(answer("a: 1\n%YAML 1.2\n---\nb: 1\n") == R"({"a":1})");
}

TEST_CASE("the escape \\/ is unknown to yaml.v2") {
  CHECK(answer("a: \"x\\/y\"\n") == "yaml-syntax: yaml: found unknown escape character");
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
  CHECK(answer("a: \"it\\'s\"\n") == R"({"a":"it's"})");
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

TEST_CASE("a colon directly before , ? [ ] { } in a flow collection is part of the plain scalar") {
  CHECK(answer("a: {omitted value:,}\n") == R"({"a":{"omitted value:":null}})");
  CHECK(answer("a: [b:]\n") == R"({"a":["b:"]})");
  CHECK(answer("a: [b :]\n") == R"({"a":["b :"]})");
  CHECK(answer("a: {b: c:}\n") == R"({"a":{"b":"c:"}})");
  CHECK(answer("a: {\"b\":[c]}\n") == R"({"a":{"b":["c"]}})");
  CHECK(answer("a: {b: , c: d}\n") == R"({"a":{"b":null,"c":"d"}})");
  CHECK(answer("a: [:]\n") == "yaml-syntax: yaml: did not find expected node content");
  CHECK(answer("- {level: Metadata, verbs:[get]}\n") == "yaml-syntax: yaml: did not find expected ',' or '}'");
  CHECK(answer("a: b\nc: {d:{e: f}}\n") == "yaml-syntax: yaml: line 1: did not find expected ',' or '}'");
}

TEST_CASE("a URL as plain key or value in a flow mapping is read") {
  CHECK(answer("a: {http://x/y: z, k: http://x:80/y}\n") == R"({"a":{"http://x/y":"z","k":"http://x:80/y"}})");
}

TEST_CASE("a tag runs into a comma or bracket: it is a longer tag") {
  CHECK(answer("a: [!!str, 1]\n") == R"({"a":["1"]})");
  CHECK(answer("a: [!, 1]\n") == R"({"a":["1"]})");
  CHECK(answer("a: [&x !foo, b]\n") == R"({"a":["b"]})");
  CHECK(answer("a: [!foo] ]\n") == R"({"a":[""]})");
  CHECK(answer("a: !foo,b c\n") == R"({"a":"c"})");
  CHECK(answer("%TAG ! tag:yaml.org\n---\na: !,2002:str 1\nb: !,2002:int '1'\n") == R"({"a":"1","b":1})");
  CHECK(answer("a: [!!str , !foo b, !<a,[]b> c]\n") == R"({"a":["","b","c"]})");
  for (const char* open : {"a: [!!str,b]\n", "a: [!foo,b]\n", "a: [!,b]\n", "a: [!foo]\n"}) {
    CHECK(answer(open) == "yaml-syntax: yaml: line 1: did not find expected ',' or ']'");
  }
  CHECK(answer("a: [!<tag:x>, b]\n") == "yaml-syntax: yaml: did not find expected whitespace or line break");
}

TEST_CASE("the tag ! alone makes a scalar a string") {
  CHECK(answer("a: [! 1, ! , ! on]\n") == R"({"a":["1","","on"]})");
}

TEST_CASE("an escaped NUL is a character of a tag as any other") {
  CHECK(answer("a: !a%00b c\n") == R"({"a":"c"})");
  CHECK(answer("a: !!int%00 1\n") == R"({"a":"1"})");
  CHECK(answer("%TAG !a! b%00\n---\na: !a!c 1\n") == R"({"a":"1"})");
}

TEST_CASE("a byte order mark is text where it is not in front of yaml.v2's buffer") {
  CHECK(answer("\ufeffa: 1\n") == R"({"a":1})");
  CHECK(answer("\ufeff\ufeffa: 1\n") == R"({"a":1})");
  CHECK(answer("a: 1\n\ufeffb: 2\n") == "{\"a\":1,\"\ufeffb\":2}");
  CHECK(answer("a: \"x\ufeff\"\n") == "{\"a\":\"x\ufeff\"}");
  CHECK(answer("a: \"x\ufeff\ue0ff\"\n") == "{\"a\":\"x\ufeff\ue0ff\"}");
  CHECK(answer("a: \"\\uFEFF\"\n") == "{\"a\":\"\ufeff\"}");
  CHECK(answer("a: 1\n---\n" + repeated("# pad\n", 200) + "\ufeff\n") == R"({"a":1})");
}

TEST_CASE("a byte order mark in front of the buffer costs every line its first character") {
  CHECK(answer("\ufeff\ufeffa: 1\nbc: 2\n") == R"({"a":1,"c":2})");
}

TEST_CASE("an error behind a root in brackets is one that yaml.v2 may not come to") {
  CHECK(answer("[]{\"a\": [\n\"\\o\"]}\n") == "[]");
  CHECK(code_of("[\"a\", \n\"\\o\"]\n") == "yaml-syntax");
}

TEST_CASE("of text behind the document only the token is scanned that follows, or may be a key") {
  CHECK(answer("[a]\nb: c\n") == R"(["a"])");
  CHECK(answer("  a: 1\nb: 2\n") == R"({"a":1})");
  CHECK(answer("[a]\n\"b\": c\n") == R"(["a"])");
  CHECK(answer("[a]\n!b,c d\n") == R"(["a"])");
  CHECK(answer("[a]\n[b]: c\n") == R"(["a"])");
  for (const char* behind : {"[x]", "{x}", "!t x", "\"a\nb\"", "[], c: d}"}) {
    CHECK(answer("# c\n{a: b}\n" + std::string(behind) + "\n") == R"({"a":"b"})");
  }
  CHECK(answer("# c\n{a: b}[],c: d}\n") == R"({"a":"b"})");
  CHECK(answer("[a]\n\"\\/\"\n") == "yaml-syntax: yaml: line 2: found unknown escape character");
  CHECK(answer("# c\n{a: b}\n[`]\n") == "yaml-syntax: yaml: line 3: found character that cannot start any token");
  CHECK(answer("a: 1\n...\n\"\\/\"\n") == R"({"a":1})");
  CHECK(answer("a: 1\n--- \"\\/\"\n") == R"({"a":1})");
}

TEST_CASE("an empty collection in brackets is no key: at the top it is the whole document") {
  CHECK(answer("[]: a\n") == "[]");
  CHECK(answer("# c\n{}: a\n") == "{}");
  CHECK(answer("[] a: b\n") == "[]");
  CHECK(answer("[]: a\n`\n") == "[]");
  CHECK(code_of("[a]: b\n") == "yaml-key");
  CHECK(answer("a:\n  []: b\n") == "yaml-syntax: yaml: line 1: did not find expected key");
  CHECK(answer("- []: a\n") == "yaml-syntax: yaml: did not find expected '-' indicator");
}

TEST_CASE("many directives, and brackets nested deeply in a long text, cost no more than their size") {
  std::string directives;
  for (int i = 0; i < 5000; ++i) directives += "%TAG !a" + std::to_string(i) + "! b\n";
  CHECK(answer(directives + "---\na: !a4999!x 1\n") == R"({"a":"1"})");
  const std::string deep = "- " + repeated("[", 5000);
  CHECK(read(deep + repeated("a, ", 100000) + repeated("]", 5000)));
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
