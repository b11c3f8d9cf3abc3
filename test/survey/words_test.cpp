#include "kaudit/survey/words.hpp"

#include "support/catch.hpp"

using namespace kaudit::survey;

TEST_CASE("sizes are said in powers of 1024", "[words]") {
  CHECK(size_words(0) == "0 bytes");
  CHECK(size_words(1) == "1 byte");
  CHECK(size_words(1023) == "1023 bytes");
  CHECK(size_words(1536) == "1.5 KB");
  CHECK(size_words(100U << 20U) == "100 MB");
  CHECK(size_words((1U << 20U) - 1) == "1.0 MB");
  CHECK(size_words(std::uint64_t{10} << 30U) == "10 GB");
  CHECK(size_words(std::uint64_t{5} << 50U) == "5120 TB");
}

TEST_CASE("ages are rounded down to one unit", "[words]") {
  CHECK(age_words(-5) == "0 s");
  CHECK(age_words(59.9) == "59 s");
  CHECK(age_words(60) == "1 min");
  CHECK(age_words(3599) == "59 min");
  CHECK(age_words(3600) == "1 h");
  CHECK(age_words(172799) == "47 h");
  CHECK(age_words(172800) == "2 days");
}

TEST_CASE("numbers have two digits that count", "[words]") {
  CHECK(number_words(0) == "0");
  CHECK(number_words(0.0421) == "0.042");
  CHECK(number_words(0.999) == "1.0");
  CHECK(number_words(1.25) == "1.2");
  CHECK(number_words(37.4) == "37");
  CHECK(number_words(1234.5) == "1234");
}
