#include "edit_support.hpp"

using kaudit::Error;
using kaudit::yaml::Document;

namespace {

Error refused(std::string text) {
  const auto document = Document::parse(kaudit::text::Source("f", std::move(text)));
  REQUIRE_FALSE(document);
  return document.error();
}

/// Refused with status 3, this code, this position, and a hint.
void check(std::string text, std::string_view code, std::size_t line, std::size_t column) {
  CAPTURE(text);
  const Error error = refused(std::move(text));
  CHECK(error.status == kaudit::ExitStatus::refused);
  CHECK(error.code == code);
  CHECK(error.line == line);
  CHECK(error.column == column);
  CHECK_FALSE(error.message.empty());
  CHECK_FALSE(error.hint.empty());
}

}  // namespace

TEST_CASE("what is no UTF-8 text is refused", "[refusal]") {
  check("a: \xFF\n", "not-utf-8", 1, 4);
  check("a: \xED\xA0\x80\n", "not-utf-8", 1, 4);
  check(std::string("\xFF\xFE"
                    "a\0",
                    4),
        "not-utf-8", 1, 1);
  check(std::string("\xFE\xFF\0a", 4), "not-utf-8", 1, 1);
  check(std::string("a: \0\n", 5), "nul-byte", 1, 4);
  check("a: \x07\n", "control-character", 1, 4);
  check("a: \x7F\n", "control-character", 1, 4);
  check("a: \xC2\x80\n", "control-character", 1, 4);
  check("a: \xEF\xBF\xBE\n", "control-character", 1, 4);
  check(
      "a: 1\n\xEF\xBB\xBF"
      "b: 1\n",
      "misplaced-bom", 2, 1);
}

// libyaml ends a line at a lone CR, NEL, LS and PS; yaml-cpp 0.7.0 does not.
TEST_CASE("line breaks that readers disagree about are refused", "[refusal]") {
  check("a: 1\rb: 2\n", "lone-carriage-return", 1, 5);
  check("a: 1\r", "lone-carriage-return", 1, 5);
  check("a: x\xC2\x85y\n", "unusual-line-break", 1, 5);
  check("a: x\xE2\x80\xA8y\n", "unusual-line-break", 1, 5);
  check("a: x\xE2\x80\xA9y\n", "unusual-line-break", 1, 5);
}

// libyaml rejects them all, yaml-cpp only some.
TEST_CASE("tabs as indentation or behind a dash are refused in block style", "[refusal]") {
  check("a:\n-\tx\n", "tab-indentation", 2, 2);
  check("a:\n-\t# c\n", "tab-indentation", 2, 2);
  check("a:\n- \tx\n", "tab-indentation", 2, 3);
  check("a:\n\t- x\n", "yaml-syntax", 2, 2);
  check("a:\n\t[x]\n", "tab-indentation", 2, 1);
  check("a: \"x\"\n\t# c\nb: 1\n", "tab-indentation", 2, 1);
}

TEST_CASE("syntax errors have the position that the parser gives", "[refusal]") {
  check("a: [x\nb: 1\n", "yaml-syntax", 2, 2);
  check("a: b: c\n", "yaml-syntax", 1, 5);
  check("a: @x\n", "yaml-syntax", 1, 4);
  CHECK(refused("\xEF\xBB\xBF"
                "a: @x\n")
            .column == 4);
}

TEST_CASE("anything but exactly one document is refused", "[refusal]") {
  check("", "no-document", 1, 1);
  check("# only a comment\n", "no-document", 1, 1);
  check("---\n", "no-document", 2, 1);
  check("a: 1\n---\nb: 2\n", "several-documents", 2, 1);
  check("a: 1\n---\n", "several-documents", 2, 1);
  check("---\n---\na: 1\n", "several-documents", 2, 1);
}

// yaml-cpp 0.7.0 takes the dedented rest for a second document, and its Load() drops it.
TEST_CASE("a rest that is indented less than the first line is refused", "[refusal]") {
  check("  a: 1\nb: 2\n", "yaml-syntax", 2, 1);
}

// yaml-cpp takes the first, libyaml none.
TEST_CASE("values that are not indented deeper than their key are refused", "[refusal]") {
  check("- c: 1\n  d:\n  = e\n-\n  f: g\n", "indentation", 3, 3);
  check("a:\n  - b\n  c\n", "yaml-syntax", 3, 3);
  check("a:\n  # b\nNULL \n\n# c", "indentation", 3, 1);
  check("a:\n''\n", "indentation", 2, 1);
  check("  a:\n  &x   b\n\n#\n", "indentation", 2, 8);
}

TEST_CASE("a key that stands twice is refused, naming both lines", "[refusal]") {
  check("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1);
  check("x:\n  - {a: 1, 'a': 2}\n", "duplicate-key", 2, 12);
  check("null: 1\n~: 2\n", "duplicate-key", 2, 1);
  const Error error = refused("m:\n  a: 1\n  b: 2\n  a: 3\n");
  CHECK(error.field == "m.a");
  CHECK(error.message == "this key is in line 2 already");
}

TEST_CASE("rare shapes that have no safe edit are refused", "[refusal]") {
  check("? a\n: 1\n", "explicit-key", 1, 1);
  check("a:\n  ? b\n  : 1\n", "explicit-key", 2, 3);
  check("a: [b: 1]\n", "single-pair-mapping", 1, 5);
  check("a: {b}\n", "key-without-value", 1, 5);
  check("a: |2\n   x\n", "indentation-indicator", 1, 4);
  check("a: >-\n  x\n  ", "no-final-line-ending", 2, 4);
  check("a: &x\nb: 1\n", "property-without-value", 1, 4);
  check("a:\n  !!str\nb: 1\n", "property-without-value", 2, 3);
  check("a: !x|\n  y\n", "unusual-property", 1, 4);
  check("a: !>\n  y\n", "unusual-property", 1, 4);
  check("a: [-, y]\n", "unusual-plain", 1, 5);
  check("a: [x, ---]\n", "unusual-plain", 1, 8);
  check("a: [x, ... y]\n", "unusual-plain", 1, 8);
  check("a: [!x,y]\n", "unusual-property", 1, 5);
  check("%YAML 1.1\n---\na: 1\n", "directive", 1, 1);
  check("[a, b]: 1\n", "complex-key", 1, 1);
  check("a: [x, , y]\n", "empty-flow-item", 1, 8);
}

TEST_CASE("more than 200 levels are refused at the one too many", "[refusal]") {
  check(std::string(201, '[') + std::string(201, ']'), "too-deep", 1, 201);
  std::string deep;
  for (std::size_t i = 0; i < 600; ++i) deep += std::string(i, ' ') + "a:\n";
  check(deep, "too-deep", 201, 201);
}

// yaml-cpp would hold 240 bytes of memory for each of them before the first event.
TEST_CASE("a flood of brackets is refused before the parser sees it", "[refusal]") {
  check(std::string(100'001, '['), "too-deep", 1, 100'001);
  check("a: " + std::string(200'000, '{'), "too-deep", 1, 100'004);
}

TEST_CASE("a hundred thousand brackets in quotes are no flood", "[refusal]") {
  CHECK(Document::parse(kaudit::text::Source("f", "a: \"" + std::string(100'000, '[') + "\"\n")));
}

TEST_CASE("a refusal shows the line and a caret", "[refusal]") {
  CHECK(kaudit::to_text(refused("a: 1\nb: [c: 1]\n")) ==
        "f:2:5: a mapping without braces in a list, `[key: value]`\n"
        "  b: [c: 1]\n"
        "      ^\n"
        "  hint: write `[{key: value}]`\n");
}
