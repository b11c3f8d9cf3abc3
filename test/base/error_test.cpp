#include "kaudit/base/error.hpp"

#include "support/catch.hpp"

TEST_CASE("an error prints file:line:column, the field, the source line and a caret under the column", "[error]") {
  kaudit::Error error;
  error.file = "kube-apiserver.yaml";
  error.line = 17;
  error.column = 5;
  error.field = "spec.containers[0].command";
  error.message = "wrapped in a shell";
  error.hint = "start kube-apiserver directly";
  error.excerpt = "\t   - sh";
  CHECK(kaudit::to_text(error) ==
        "kube-apiserver.yaml:17:5: spec.containers[0].command: wrapped in a shell\n"
        "  \t   - sh\n"
        "  \t   ^\n"
        "  hint: start kube-apiserver directly\n");
}

TEST_CASE("the caret counts characters where the column counts bytes", "[error]") {
  kaudit::Error error;
  error.file = "f";
  error.line = 1;
  error.column = 6;
  error.message = "m";
  error.excerpt = "k\xC3\xA9y: x";
  CHECK(kaudit::to_text(error) == "f:1:6: m\n  k\xC3\xA9y: x\n      ^\n");
}

TEST_CASE("control characters of a source line never reach the terminal", "[error]") {
  kaudit::Error error;
  error.file = "f";
  error.line = 1;
  error.column = 1;
  error.message = "m";
  error.excerpt = "\x1b[31mred";
  CHECK(kaudit::to_text(error).find('\x1b') == std::string::npos);
}

TEST_CASE("an error without a position has neither excerpt nor caret", "[error]") {
  CHECK(kaudit::to_text(kaudit::usage_error("no such verb", "try kaudit --help")) ==
        "no such verb\n  hint: try kaudit --help\n");
}

TEST_CASE("nothing of a file's name or field commands a terminal or begins a line", "[error]") {
  kaudit::Error error;
  error.file = "a\x1b[31m\nb.yaml";
  error.field =
      "rules[0].\"\xc2\x9b"
      "31m\xe2\x80\xae\"";
  error.message = "no field";
  error.line = error.column = 1;
  error.excerpt = "\xe2\x80\xa8x\tü";
  CHECK(kaudit::to_text(error) == "a?[31m?b.yaml:1:1: rules[0].\"?31m?\": no field\n  ?x\tü\n  ^\n");
}
