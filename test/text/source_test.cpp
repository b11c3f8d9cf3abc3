#include "kaudit/text/source.hpp"

#include "support/catch.hpp"

using kaudit::text::Source;
using kaudit::text::Span;

namespace {

std::pair<std::size_t, std::size_t> position(const Source& source, std::size_t offset) {
  return {source.position(offset).line, source.position(offset).column};
}

using At = std::pair<std::size_t, std::size_t>;

}  // namespace

TEST_CASE("positions are 1-based and count bytes", "[source]") {
  const Source source("f", "k\xC3\xA9y: x\nb\n");
  CHECK(position(source, 0) == At{1, 1});
  CHECK(position(source, 6) == At{1, 7});
  CHECK(position(source, 8) == At{2, 1});
  CHECK(position(source, 10) == At{3, 1});  // behind the last byte
}

TEST_CASE("a byte order mark is not counted as a column", "[source]") {
  const Source source("f",
                      "\xEF\xBB\xBF"
                      "a: 1\nb");
  CHECK(source.bom_size() == 3);
  CHECK(position(source, 0) == At{1, 1});
  CHECK(position(source, 3) == At{1, 1});
  CHECK(position(source, 6) == At{1, 4});
  CHECK(position(source, 8) == At{2, 1});
  CHECK(Source("f", "\xEF\xBB").bom_size() == 0);
}

TEST_CASE("lines end behind their line feed, with CR and without", "[source]") {
  const Source source("f", "a\r\nbc\n\nd");
  REQUIRE(source.line_count() == 4);
  CHECK(source.line_text(0) == "a");
  CHECK(source.line_ending(0) == "\r\n");
  CHECK(source.line_text(1) == "bc");
  CHECK(source.line_ending(1) == "\n");
  CHECK(source.line_text(2).empty());
  CHECK(source.line_text(3) == "d");
  CHECK(source.line_ending(3).empty());
  CHECK(source.line_span(1) == Span{3, 6});
  CHECK(source.line_index(2) == 0);
  CHECK(source.line_index(3) == 1);
}

TEST_CASE("a lone CR ends no line", "[source]") {
  const Source source("f", "a\rb");
  CHECK(source.line_count() == 1);
  CHECK(source.line_text(0) == "a\rb");
}

TEST_CASE("a line beside one without an ending gets that of the line before", "[source]") {
  CHECK(Source("f", "a\r\nb").ending_beside(1) == "\r\n");
  CHECK(Source("f", "a\nb\r\n").ending_beside(0) == "\n");
  CHECK(Source("f", "a\nb\r\n").ending_beside(1) == "\r\n");
  CHECK(Source("f", "a").ending_beside(0) == "\n");
  CHECK(Source("f", "").ending_beside(0) == "\n");
}

TEST_CASE("an empty text is one empty line", "[source]") {
  const Source source("f", "");
  CHECK(source.line_count() == 1);
  CHECK(source.line_text(0).empty());
  CHECK(position(source, 0) == At{1, 1});
}

TEST_CASE("views stay good while any copy lives", "[source]") {
  std::string_view view;
  Source copy("g", "");
  {
    const Source source("f", std::string(100, 'x'));
    view = source.bytes();
    copy = source;
  }
  CHECK(view == std::string(100, 'x'));
}
