#include "support/catch.hpp"

#include "support.hpp"

using kaudit::decode::answer;
using kaudit::decode::code_of;
using kaudit::decode::read;
using kaudit::decode::repeated;

TEST_CASE("a text whose first character other than Unicode white space is { is JSON, not YAML") {
  CHECK(answer("{\"a\": 1}") == R"({"a":1})");
  CHECK(answer(" \t\r\n{\"a\": 1} \n") == R"({"a":1})");
  CHECK(code_of("{a: 1}") == "json-syntax");
  CHECK(code_of("\f{\"a\": 1}") == "json-syntax");
  CHECK(code_of("\u00a0{\"a\": 1}") == "json-syntax");
  CHECK(code_of("\u2003{\"a\": 1}") == "json-syntax");
  CHECK(answer("\ufeff{\"a\": 1, b: c}") == R"({"a":1,"b":"c"})");
  CHECK(answer("[{a: 1}]") == R"([{"a":1}])");
}

TEST_CASE("JSON errors are encoding/json's, with the place") {
  CHECK(answer("{\"a\": 1,}") == "json-syntax: invalid character '}' looking for beginning of object key string");
  CHECK(answer("{\"a\": [1,]}") == "json-syntax: invalid character ']' looking for beginning of value");
  CHECK(answer("{\"a\" 1}") == "json-syntax: invalid character '1' after object key");
  CHECK(answer("{\"a\": 1 \"b\"}") == "json-syntax: invalid character '\"' after object key:value pair");
  CHECK(answer("{\"a\": [1 2]}") == "json-syntax: invalid character '2' after array element");
  CHECK(answer("{\"a\": 01}") == "json-syntax: invalid character '1' after object key:value pair");
  CHECK(answer("{\"a\": -x}") == "json-syntax: invalid character 'x' in numeric literal");
  CHECK(answer("{\"a\": 1.x}") == "json-syntax: invalid character 'x' after decimal point in numeric literal");
  CHECK(answer("{\"a\": 1ex}") == "json-syntax: invalid character 'x' in exponent of numeric literal");
  CHECK(answer("{\"a\": trux}") == "json-syntax: invalid character 'x' in literal true (expecting 'e')");
  CHECK(answer("{\"a\": \"\t\"}") == "json-syntax: invalid character '\\x09' in string literal");
  CHECK(answer("{\"a\": \"\\'\"}") == "json-syntax: invalid character '\\'' in string escape code");
  CHECK(answer("{\"a\": \"\\u12x4\"}") == "json-syntax: invalid character 'x' in \\u hexadecimal character escape");
  CHECK(answer("{\"a\": \"x") == "json-syntax: unexpected end of JSON input");
  CHECK(answer("{\"a\":") == "json-syntax: unexpected end of JSON input");
  CHECK(answer("{\"a\": 1} {}") == "json-syntax: invalid character '{' after top-level value");
  const auto error = read("{\n  \"a\": 1,\n  b: 2\n}\n");
  REQUIRE_FALSE(error);
  CHECK(error.error().file == "file.yaml");
  CHECK(error.error().line == 3);
  CHECK(error.error().column == 3);
  CHECK(error.error().excerpt == "  b: 2");
  CHECK(error.error().status == kaudit::ExitStatus::refused);
}

TEST_CASE("bad UTF-8 and lone surrogates in JSON strings become U+FFFD") {
  CHECK(answer(R"({"a": "\ud83d\ude00 \/ \ud83d x \ude00 \ud83d\ud83d\ude00 \ud83dA"})") ==
        "{\"a\":\"\U0001F600 / \ufffd x \ufffd \ufffd\U0001F600 \ufffdA\"}");
  CHECK(answer("{\"a\xff\": \"\xe2\x82(\xc0\xaf\"}") == "{\"a\ufffd\":\"\ufffd\ufffd(\ufffd\ufffd\"}");
}

TEST_CASE("JSON may nest 10,000 levels") {
  const auto nested = [](std::size_t levels) { return repeated("{\"a\":", levels) + "1" + repeated("}", levels); };
  CHECK(read(nested(10000)));
  CHECK(code_of(nested(10001)) == "too-deep");
}

TEST_CASE("a key that stands twice in a JSON object is not modelled: Go merges by the type it reads into") {
  CHECK(code_of(R"({"a": 1, "b": 2, "a": 1})") == "not-modelled");
  CHECK(code_of("{\"x\": [{\"a\xff\": 1, \"a\xfe\": 1}]}") == "not-modelled");
  CHECK(answer(R"({"kind": 1, "Kind": 2})") == R"({"Kind":2,"kind":1})");
  const auto error = read("{\"a\": 1,\n \"a\": 2}");
  REQUIRE_FALSE(error);
  CHECK(error.error().line == 2);
  CHECK(error.error().column == 2);
}

TEST_CASE("a JSON number larger than a float64 is an error only where a number is wanted: not modelled") {
  CHECK(code_of(R"({"a": 1e400})") == "not-modelled");
  CHECK(answer(R"({"a": 1e-400})") == R"({"a":0})");
}

TEST_CASE("values of JSON know where they start") {
  const auto value = read(R"({"a": [1, {"b": "c"}]})");
  REQUIRE(value);
  CHECK(value->find("a")->offset() == 6);
  CHECK((*value->find("a")->array())[1].find("b")->offset() == 16);
  CHECK((*value->object())[0].key_offset == 1);
}
