#include "kaudit/text/unified_diff.hpp"

#include "support/catch.hpp"

using kaudit::text::edits_between;
using kaudit::text::Source;
using kaudit::text::TextEdit;
using kaudit::text::unified_diff;

namespace {

std::string diff(std::string text, const std::vector<TextEdit>& edits, std::size_t context = 3) {
  return unified_diff({"a/f", "b/f"}, Source("f", std::move(text)), edits, context);
}

}  // namespace

TEST_CASE("an inserted line is shown with three lines around it", "[diff]") {
  CHECK(diff("1\n2\n3\n4\n5\n6\n7\n8\n", {{{8, 8}, "new\n"}}) ==
        "--- a/f\n+++ b/f\n@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+new\n 5\n 6\n 7\n");
}

TEST_CASE("an edit inside a line shows the old and the new line", "[diff]") {
  CHECK(diff("a\nbcd\ne\n", {{{3, 4}, "X"}}) == "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-bcd\n+bXd\n e\n");
}

TEST_CASE("edits on one line are one change", "[diff]") {
  CHECK(diff("abc\n", {{{0, 1}, "X"}, {{2, 3}, "Y"}}) == "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-abc\n+XbY\n");
}

TEST_CASE("hunks whose contexts touch are joined, others are not", "[diff]") {
  const std::string text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  CHECK(diff(text, {{{0, 2}, ""}, {{6, 8}, ""}}, 1) == "--- a/f\n+++ b/f\n@@ -1,5 +1,3 @@\n-1\n 2\n 3\n-4\n 5\n");
  CHECK(diff(text, {{{0, 2}, ""}, {{8, 10}, ""}}, 1) ==
        "--- a/f\n+++ b/f\n@@ -1,2 +1 @@\n-1\n 2\n@@ -4,3 +3,2 @@\n 4\n-5\n 6\n");
}

TEST_CASE("a missing final line ending is named, on the side where it is missing", "[diff]") {
  CHECK(diff("a\nb", {{{3, 3}, "\nc"}}) ==
        "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+c\n\\ No newline at end of "
        "file\n");
  CHECK(diff("a\nb", {{{0, 1}, "x"}}) ==
        "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n");
}

TEST_CASE("empty sides have the ranges 0,0", "[diff]") {
  CHECK(diff("", {{{0, 0}, "a\n"}}) == "--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n");
  CHECK(diff("a\n", {{{0, 2}, ""}}) == "--- a/f\n+++ b/f\n@@ -1 +0,0 @@\n-a\n");
}

TEST_CASE("a carriage return before the line feed stays", "[diff]") {
  CHECK(diff("a\r\nb\r\n", {{{3, 3}, "x\r\n"}}) == "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\r\n+x\r\n b\r\n");
}

TEST_CASE("edits that change no byte make no diff", "[diff]") {
  CHECK(diff("a\nb\n", {}).empty());
  CHECK(diff("a\nb\n", {{{0, 1}, "a"}}).empty());
}

TEST_CASE("an insertion at the very end joins no change far above", "[diff]") {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "line\n";
  const std::string shown = diff(text, {{{0, 0}, "first\n"}, {{text.size(), text.size()}, "last\n"}});
  CHECK(shown ==
        "--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@\n+first\n line\n line\n line\n@@ -48,3 +49,4 @@\n line\n line\n "
        "line\n+last\n");
}

TEST_CASE("names with blanks end in a tab, so that patch does not take the rest for a date", "[diff]") {
  CHECK(unified_diff({"a/my file", "b/my file"}, Source("f", "a\n"), {{{0, 2}, ""}}) ==
        "--- a/my file\t\n+++ b/my file\t\n@@ -1 +0,0 @@\n-a\n");
}

TEST_CASE("the edit between two texts leaves their common first and last lines alone", "[diff]") {
  CHECK(edits_between("a\nb\nc\n", "a\nX\nc\n") == std::vector<TextEdit>{{{2, 4}, "X\n"}});
  CHECK(edits_between("a\n", "a\na\n") == std::vector<TextEdit>{{{2, 2}, "a\n"}});
  CHECK(edits_between("", "x") == std::vector<TextEdit>{{{0, 0}, "x"}});
  CHECK(edits_between("a\nb", "a\nb\n") == std::vector<TextEdit>{{{2, 3}, "b\n"}});
  CHECK(edits_between("same\n", "same\n").empty());
}

TEST_CASE("lines between two changes stay out of the edits", "[diff]") {
  CHECK(edits_between("a\nb\nc\nd\n", "b\nc\nX\nd\n") == std::vector<TextEdit>{{{0, 2}, ""}, {{6, 6}, "X\n"}});
  CHECK(edits_between("1\n2\n3\n4\n5\n", "1\nX\n3\nY\nZ\n5\n") ==
        std::vector<TextEdit>{{{2, 4}, "X\n"}, {{6, 8}, "Y\nZ\n"}});
  CHECK(edits_between("a\nb\n", "b\na\n").size() == 2);
}

TEST_CASE("texts that differ in very many lines differ in one edit", "[diff]") {
  std::string before = "first\n";
  std::string after = "first\n";
  for (int i = 0; i < 3000; ++i) {
    before += "old " + std::to_string(i) + "\nsame\n";
    after += "new " + std::to_string(i) + "\nsame\n";
  }
  CHECK(edits_between(before, after) ==
        std::vector<TextEdit>{{{6, before.size() - 5}, after.substr(6, after.size() - 11)}});
}
