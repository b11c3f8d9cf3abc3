#include "kaudit/text/diagnostic.hpp"

#include "support/catch.hpp"

using kaudit::text::Severity;
using kaudit::text::Source;

TEST_CASE("a refusal has status 3, position, field, source line and hint", "[diagnostic]") {
  const Source source("kube-apiserver.yaml", "a: 1\nb: [x\n");
  const kaudit::Error error =
      kaudit::text::refuse(source, {Severity::error, "yaml-syntax", "spec.b", "no closing bracket", "close it", 8});
  CHECK(error.status == kaudit::ExitStatus::refused);
  CHECK(error.code == "yaml-syntax");
  CHECK(kaudit::to_text(error) ==
        "kube-apiserver.yaml:2:4: spec.b: no closing bracket\n"
        "  b: [x\n"
        "     ^\n"
        "  hint: close it\n");
}

TEST_CASE("the shown line has no byte order mark and no bytes that are not UTF-8", "[diagnostic]") {
  const Source source("f",
                      "\xEF\xBB\xBF"
                      "a: \xFF\xFE!\n");
  const kaudit::Error error = kaudit::text::refuse(source, {Severity::error, "x", "", "m", "", 6});
  CHECK(error.column == 4);
  CHECK(error.excerpt ==
        "a: ?"
        "?!");
}

TEST_CASE("of a very long line only the part around the column is carried", "[diagnostic]") {
  const Source source("f", std::string(1'000'000, 'x'));
  const kaudit::Error error = kaudit::text::refuse(source, {Severity::error, "x", "", "m", "", 10});
  CHECK(error.excerpt.size() < 10'000);
  CHECK(error.column == 11);
}

TEST_CASE("a position behind the end is the end", "[diagnostic]") {
  const Source source("f", "ab");
  CHECK(kaudit::text::refuse(source, {Severity::error, "x", "", "m", "", 99}).column == 3);
}

TEST_CASE("a warning has the same position", "[diagnostic]") {
  const Source source("f", "a\nbc\n");
  const kaudit::Warning warning = kaudit::text::warn(source, {Severity::warning, "w", "spec", "careful", "", 3});
  CHECK(warning.code == "w");
  CHECK(warning.field == "spec");
  CHECK(warning.message == "careful");
  CHECK(warning.file == "f");
  CHECK(warning.line == 2);
  CHECK(warning.column == 2);
}
