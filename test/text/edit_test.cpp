#include "kaudit/text/edit.hpp"

#include "support/catch.hpp"

using kaudit::text::apply_edits;
using kaudit::text::sort_edits;
using kaudit::text::TextEdit;

namespace {

std::string apply_sorted(std::string_view text, std::vector<TextEdit> edits) {
  sort_edits(edits);
  auto result = apply_edits(text, edits);
  REQUIRE(result);
  return *result;
}

}  // namespace

TEST_CASE("edits insert, replace and delete in one pass", "[edit]") {
  CHECK(apply_sorted("abcdef", {{{4, 5}, ""}, {{0, 0}, ">"}, {{1, 3}, "XYZ"}, {{6, 6}, "<"}}) == ">aXYZdf<");
  CHECK(apply_sorted("", {{{0, 0}, "x"}}) == "x");
  CHECK(apply_sorted("abc", {}) == "abc");
}

TEST_CASE("insertions at one offset keep their order and go before what is deleted there", "[edit]") {
  CHECK(apply_sorted("abc", {{{1, 2}, "-"}, {{1, 1}, "1"}, {{1, 1}, "2"}}) == "a12-c");
}

TEST_CASE("edits may touch", "[edit]") { CHECK(apply_sorted("abc", {{{0, 1}, "x"}, {{1, 2}, "y"}}) == "xyc"); }

TEST_CASE("edits out of bounds, out of order or overlapping are a defect, naming both", "[edit]") {
  const auto message = [](const std::vector<TextEdit>& edits) {
    const auto result = apply_edits("abcdef", edits);
    REQUIRE_FALSE(result);
    CHECK(result.error().status == kaudit::ExitStatus::internal);
    return result.error().message;
  };
  CHECK(message({{{2, 9}, ""}}).find("[2,9)") != std::string::npos);
  CHECK(message({{{3, 2}, ""}}).find("[3,2)") != std::string::npos);
  const std::string overlap = message({{{1, 4}, ""}, {{3, 5}, ""}});
  CHECK(overlap.find("[1,4)") != std::string::npos);
  CHECK(overlap.find("[3,5)") != std::string::npos);
  CHECK(message({{{3, 4}, ""}, {{1, 2}, ""}}).find("precedes") != std::string::npos);
}
