#include "kaudit/base/utc.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"

using kaudit::parse_utc_text;
using kaudit::to_utc_text;

TEST_CASE("a moment as text is UTC to the second", "[utc]") {
  CHECK(to_utc_text(0) == "1970-01-01T00:00:00Z");
  CHECK(to_utc_text(1769860800.9) == "2026-01-31T12:00:00Z");
  CHECK(to_utc_text(951782400) == "2000-02-29T00:00:00Z");
  CHECK(to_utc_text(-1) == "1969-12-31T23:59:59Z");
  CHECK(to_utc_text(1e300) == "9999-12-31T23:59:59Z");
  CHECK(to_utc_text(-std::numeric_limits<double>::infinity()) == "0000-01-01T00:00:00Z");
}

TEST_CASE("a text is read with its fraction and offset", "[utc]") {
  CHECK(parse_utc_text("2026-01-31T12:00:00Z") == 1769860800.0);
  CHECK(std::abs(*parse_utc_text("2026-01-31T12:00:00.123456Z") - 1769860800.123456) < 1e-6);
  CHECK(parse_utc_text("2026-01-31T14:30:00+02:30") == 1769860800.0);
  CHECK(parse_utc_text("2026-01-31T07:00:00-05:00") == 1769860800.0);
  CHECK(parse_utc_text(to_utc_text(1234567890)) == 1234567890.0);
}

TEST_CASE("what is no moment has none", "[utc]") {
  for (const char* text :
       {"", "2026", "2026-01-31T12:00:00", "2026-01-31 12:00:00Z", "2026-02-30T12:00:00Z", "2026-13-01T00:00:00Z",
        "2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z", "2026-01-31T12:00:61Z", "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00z", "2026-01-31T12:00:00+0100", "2026-01-31T12:00:00Zx", "x026-01-31T12:00:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_utc_text(text));
  }
}
