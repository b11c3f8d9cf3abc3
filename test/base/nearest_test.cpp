#include "kaudit/base/nearest.hpp"

#include "support/catch.hpp"

using kaudit::nearest_word;

TEST_CASE("the nearest word is the one with the fewest slips", "[nearest]") {
  CHECK(nearest_word("--polcy", {"--log", "--policy", "--policy-dest"}) == "--policy");
  CHECK(nearest_word("MetaData", {"None", "Metadata", "Request"}) == "Metadata");
  CHECK(nearest_word("enalbe", {"enable"}) == "enable");
}

TEST_CASE("nothing is suggested for what is near to nothing", "[nearest]") {
  CHECK(nearest_word("frobnicate", {"enable"}).empty());
  CHECK(nearest_word(std::string(100000, 'x'), {"enable"}).empty());
  CHECK(nearest_word("x", {}).empty());
}
