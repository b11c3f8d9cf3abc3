#include "kaudit/patch/paths.hpp"

#include "support/catch.hpp"

using namespace kaudit::patch;

TEST_CASE("paths are compared without double, trailing and dot elements", "[paths]") {
  CHECK(normalise_path("/var//log/./x/") == "/var/log/x");
  CHECK(normalise_path("var/log") == "/var/log");
  CHECK(normalise_path("/") == "/");
  CHECK(directory_of("/x") == "/");
  CHECK(directory_of("/var/log/x") == "/var/log");
}

TEST_CASE("a path is below a directory only at an element's border", "[paths]") {
  CHECK(below("/var/log/x", "/var/log") == "x");
  CHECK(below("/var/log", "/var/log") == "");
  CHECK_FALSE(below("/var/logs/x", "/var/log"));
  CHECK(below("/x", "/") == "x");
}

TEST_CASE("what the kubelet would expand on a command line is seen", "[paths]") {
  CHECK(is_expanded("/var/log/a$$b.log"));
  CHECK(is_expanded("/var/log/$(NAME).log"));
  CHECK_FALSE(is_expanded("/var/log/$5.log"));
}
