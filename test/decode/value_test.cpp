#include "kaudit/decode/value.hpp"

#include "support/catch.hpp"

#include "support.hpp"

using kaudit::decode::equal;
using kaudit::decode::first_difference;
using kaudit::decode::read;
using kaudit::decode::repeated;
using kaudit::decode::to_json;
using kaudit::decode::Value;

namespace {

/// YAML, also where the text starts with the { of a flow mapping.
Value value_of(std::string_view text) {
  const bool flow = text.front() == '{' && text.substr(0, 2) != "{\"";
  auto value = read(flow ? "--- " + std::string(text) : std::string(text));
  REQUIRE(value);
  return *std::move(value);
}

bool same(std::string_view left, std::string_view right) { return equal(value_of(left), value_of(right)); }

std::string difference(std::string_view left, std::string_view right) {
  return first_difference(value_of(left), value_of(right)).value_or("none");
}

}  // namespace

TEST_CASE("a value nested 10,000 deep is copied, compared, printed and destroyed without recursion") {
  const std::string text = repeated("{\"a\":[", 5000) + "1" + repeated("]}", 5000);
  const Value value = value_of(text);
  Value copy(value);
  CHECK(equal(value, copy));
  CHECK(to_json(copy) == text);
  CHECK_FALSE(first_difference(value, copy));
  copy = Value();
  CHECK(copy.is_null());
  copy = value;
  CHECK(to_json(copy) == text);
}

TEST_CASE("a value can be replaced by a part of itself") {
  Value value = value_of("{a: {b: [1, 2]}}");
  value = *value.find("a");
  CHECK(to_json(value) == R"({"b":[1,2]})");
  value = std::move(*value.find("b"));
  CHECK(to_json(value) == "[1,2]");
  value = (*value.array())[1];
  CHECK(to_json(value) == "2");
}

TEST_CASE("a moved value leaves nothing shared behind") {
  Value first = value_of("{a: [1, {b: c}]}");
  Value second = first;
  Value third = std::move(first);
  second.find("a")->array()->clear();
  CHECK(to_json(second) == R"({"a":[]})");
  CHECK(to_json(third) == R"({"a":[1,{"b":"c"}]})");
}

TEST_CASE("objects are equal as sets of members, lists in order") {
  CHECK(same("{a: 1, b: 2}", "{b: 2, a: 1}"));
  CHECK_FALSE(same("[1, 2]", "[2, 1]"));
  CHECK_FALSE(same("{a: 1}", "{a: 1, b: ~}"));
  CHECK_FALSE(same("{a: 1, b: ~}", "{a: 1}"));
  CHECK_FALSE(same("[]", "{}"));
  CHECK_FALSE(same("a: ''", "a: ~"));
}

TEST_CASE("numbers are equal by value, strings are no numbers") {
  CHECK(same("a: 1", "a: 1.0"));
  CHECK(same(R"({"a": 1.0})", "a: 1"));
  CHECK(same(R"({"a": 1e3})", "a: 1000"));
  CHECK(same(R"({"a": -0})", "a: -0.0"));
  CHECK(same(R"({"a": -9.223372036854775808e18})", "a: -9223372036854775808"));
  CHECK_FALSE(same("a: 9007199254740993", R"({"a": 9007199254740992.0})"));
  CHECK_FALSE(same("a: 18446744073709551615", "a: 18446744073709551616"));
  CHECK_FALSE(same("a: 9223372036854775808", "a: -9223372036854775808"));
  CHECK_FALSE(same("a: 0.5", "a: 0"));
  CHECK_FALSE(same("a: 1", "a: '1'"));
  CHECK_FALSE(same("a: 1", "a: true"));
  CHECK_FALSE(same("a: yes", "a: 'yes'"));
}

TEST_CASE("the first difference is named by its path and shows both sides") {
  CHECK(difference("a: 1", "a: 1") == "none");
  CHECK(difference("{spec: {volumes: [{name: a}, {name: b}]}}", "{spec: {volumes: [{name: a}, {name: c}]}}") ==
        R"(spec.volumes[1].name: "b" against "c")");
  CHECK(difference("{a: [1]}", "{a: [1, 2]}") == "a[1]: nothing against 2");
  CHECK(difference("{a: {b: 1}}", "{a: {}}") == "a.b: 1 against nothing");
  CHECK(difference("{a: 1}", "{a: 1, 'kaudit/policy-sha256': x}") ==
        R"(["kaudit/policy-sha256"]: nothing against "x")");
  CHECK(difference("a: {x: 1}", "a: [1, 2]") == "a: a mapping of 1 against a list of 2");
  CHECK(difference("'true'", "true") == R"(the whole document: "true" against true)");
  CHECK(difference("{b: 1, a: 1}", "{b: 2, a: 2}") == "b: 1 against 2");
}

TEST_CASE("members are found by key, and values know their type and place") {
  const Value value = value_of("a: [x]\nb: {c: 1}\nd: ~\ne: 1.5\nf: yes\ng: s\n");
  CHECK(value.type_name() == "object");
  CHECK(value.find("a")->type_name() == "array");
  CHECK(value.find("d")->type_name() == "null");
  CHECK(value.find("e")->type_name() == "number");
  CHECK(value.find("f")->type_name() == "bool");
  CHECK(value.find("g")->type_name() == "string");
  CHECK(value.find("nothing") == nullptr);
  CHECK(value.find("a")->find("x") == nullptr);
  CHECK(value.find("b")->find("c")->offset() == 14);
  CHECK((*value.object())[1].key_offset == 7);
  Value other = value;
  *other.find("g") = Value(Value::Data(std::string("t")));
  CHECK(*other.find("g")->string() == "t");
}

TEST_CASE("JSON has its keys in byte order, and escapes what JSON must") {
  CHECK(to_json(value_of("{b: 1, a: 2, B: 3, \"\\u00e9\": 4}")) == "{\"B\":3,\"a\":2,\"b\":1,\"\u00e9\":4}");
  CHECK(to_json(value_of(R"(a: "\"\\\n\r\t\0\x1f<>&\x7f")")) == "{\"a\":\"\\\"\\\\\\n\\r\\t\\u0000\\u001f<>&\x7f\"}");
}
