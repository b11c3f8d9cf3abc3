#include "agreement.hpp"

#include "reading.hpp"

namespace {

/// What is found when one parser has read `left` and the other `right`: the field's path and its offset.
std::string found(const std::string& left, const std::string& right) {
  auto document = kaudit::yaml::Document::parse(kaudit::text::Source("f", left));
  if (!document) FAIL(kaudit::to_text(document.error()));
  const auto finding = kaudit::manifest::disagreement(*document, decoded(right));
  if (!finding) return "agree";
  CHECK(finding->code == "parsers-disagree");
  return finding->field + "@" + std::to_string(finding->offset);
}

}  // namespace

TEST_CASE("two readings of one text agree", "[agreement]") {
  for (const std::string text :
       {"a: 1\nb: [x, 'y', \"z\"]\nc: {d: null, e: ~, f: }\ng: |\n  text\n  more\n", R"({"a": [true, 1.5, ""]})",
        "- 0x10\n- 010\n- 1e3\n- yes\n- 2020-01-01\n- 1:30\n- .inf2\n", "plain: several words\n  on two lines\n"}) {
    CAPTURE(text);
    CHECK(found(text, text) == "agree");
  }
}

TEST_CASE("keys that Kubernetes spells anew are found by their place", "[agreement]") {
  CHECK(found("yes: a\n0x10: b\n1.0: c\n", "yes: a\n0x10: b\n1.0: c\n") == "agree");
}

TEST_CASE("the order of keys does not matter", "[agreement]") {
  CHECK(found("a: x\nb: z\n", "b: z\na: x\n") == "agree");
  CHECK(found("aa: x\nb: z\n", "b: x\naa: z\n") == "aa@4");
}

TEST_CASE("another text, key, length or kind is a disagreement, at its path", "[agreement]") {
  CHECK(found("a: x", "a: z") == "a@3");
  CHECK(found("a: {b: [x, y]}", "a: {b: [x, z]}") == "a.b[1]@11");
  CHECK(found("a: x", "b: x").ends_with("@0"));
  CHECK(found("a: [x]", "a: [x, y]") == "a@3");
  CHECK(found("a: {b: c}", "a: {b: c, d: e}") == "a@3");
  CHECK(found("a: [x]", "a: x") == "a@3");
  CHECK(found("a: ", "a: x").starts_with("a@"));
  CHECK(found("a: x", "a: ") == "a@3");
  CHECK(found("a: x", "a: yes") == "a@3");
  CHECK(found("a: x", "a: 1") == "a@3");
  CHECK(found("1: x", "2: x") == "agree");  // same place: how a number is spelled anew is the judge's business
  CHECK(found("a: '1'", "a: 1") == "a@3");
  CHECK(found("a: 1", "a: [1]") == "a@3");
  CHECK(found("a: 1", "a: {b: 1}") == "a@3");
}

TEST_CASE("what stands below aliases, tags and merge keys is not compared", "[agreement]") {
  CHECK(found("a: &x [1]\nb: *x\n", "a: [1]\nb: [1]\n") == "agree");
  CHECK(found("a: !!str 1\n", "a: '1'\n") == "agree");
  CHECK(found("a: &x {b: c}\nd:\n  <<: *x\n  e: f\n", "a: {b: c}\nd: {b: c, e: f}\n") == "agree");
  // An anchor alone changes nothing.
  CHECK(found("a: &x 1\n", "a: [1]\n") == "a@6");
}

TEST_CASE("large mappings in another order are compared in linear time", "[agreement]") {
  std::string left;
  std::string right;
  constexpr int k_count = 20000;
  for (int i = 0; i < k_count; ++i) {
    left += "key" + std::to_string(i) + ": v" + std::to_string(i) + "\n";
    right += "key" + std::to_string(k_count - 1 - i) + ": v" + std::to_string(k_count - 1 - i) + "\n";
  }
  CHECK(found(left, right) == "agree");
}
