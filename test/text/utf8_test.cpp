#include "kaudit/text/utf8.hpp"

#include <string>

#include "support/catch.hpp"

using kaudit::text::valid_utf8_prefix;

TEST_CASE("well-formed UTF-8 of every length is taken", "[utf8]") {
  for (const std::string text : {"", "a", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEF\xBF\xBF",
                                 "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    CAPTURE(text);
    CHECK(valid_utf8_prefix(text) == text.size());
  }
}

TEST_CASE("overlong forms, surrogates, too large and cut characters are not UTF-8", "[utf8]") {
  for (const std::string bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x9F\xBF", "\xED\xA0\x80",
                                "\xE2\x82", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    CHECK(valid_utf8_prefix("ok" + bad) == 2);
    CHECK(valid_utf8_prefix("ok" + bad + "more") == 2);
  }
}
