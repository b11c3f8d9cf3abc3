#include "kaudit/text/yaml_lines.hpp"

#include "support/catch.hpp"

using kaudit::text::Position;
using kaudit::text::Source;
using kaudit::text::YamlLines;

namespace {

std::string place(const YamlLines& lines, std::size_t offset) {
  const Position position = lines.position(offset);
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

}  // namespace

TEST_CASE("LF, CR, CR LF, NEL, LS and PS end a line of YAML 1.1", "[yaml-lines]") {
  const std::string bytes = "a\rb\r\nc\u0085d\u2028e\u2029f\ng";
  const YamlLines lines(Source("p.yaml", bytes));
  CHECK(lines.line_count() == 7);
  for (std::size_t i = 0; i < 7; ++i) {
    const char letter = static_cast<char>('a' + i);
    CHECK(lines.line_text(i) == std::string(1, letter));
    CHECK(place(lines, bytes.find(letter)) == std::to_string(i + 1) + ":1");
  }
  CHECK(place(lines, bytes.size()) == "7:2");
}

TEST_CASE("with LF and CR LF only the lines are the Source's, and a byte order mark is in no column", "[yaml-lines]") {
  const Source source("p.yaml", "\ufeffa: \u00e9\r\nb: c\n");
  const YamlLines lines(source);
  CHECK(lines.line_count() == source.line_count());
  CHECK(place(lines, 6) == "1:4");
  CHECK(place(lines, 11) == "2:2");
  CHECK(lines.line_text(0) == "a: \u00e9");
  const YamlLines odd(Source("p.yaml", "\ufeffa: b\rc"));
  CHECK(place(odd, 6) == "1:4");
  CHECK(place(odd, 0) == "1:1");
  CHECK(odd.line_text(0) == "a: b");
}

TEST_CASE("columns of UTF-16 count what it is as UTF-8", "[yaml-lines]") {
  const std::string little(
      "\xff\xfe"
      "a\0\n\0\xe9\0\x3d\xd8\x00\xde"
      "b\0",
      14);
  const YamlLines lines(Source("p.yaml", little));
  CHECK(lines.line_count() == 2);
  CHECK(place(lines, 2) == "1:1");
  CHECK(place(lines, 8) == "2:3");
  CHECK(place(lines, 12) == "2:7");
  CHECK(lines.line_text(1) == "\u00e9\U0001F600b");
  const YamlLines big(Source("p.yaml", std::string("\xfe\xff\0a\0\r\0b\xd8", 9)));
  CHECK(place(big, 6) == "2:1");
  CHECK(big.line_text(1) == "b\ufffd");
}

TEST_CASE("a refusal by YAML's lines has that line", "[yaml-lines]") {
  const YamlLines lines(Source("p.yaml", "a: 1\rb: 2\r"));
  const kaudit::Error error = kaudit::text::refuse(lines, {kaudit::text::Severity::error, "x", "b", "no", {}, 8});
  CHECK(kaudit::to_text(error) == "p.yaml:2:4: b: no\n  b: 2\n     ^\n");
  CHECK(kaudit::text::warn(lines, {kaudit::text::Severity::error, "x", "b", "no", {}, 8}).line == 2);
}

TEST_CASE("what is JSON has LF and CR LF only", "[yaml-lines]") {
  const YamlLines lines(Source("p.json", " {\"a\": \"\u2028\",\n\"b\": \"\u0085\", \"c\": 1}"));
  CHECK(lines.line_count() == 2);
  CHECK(place(lines, lines.source().bytes().find("c\"")) == "2:13");
}
