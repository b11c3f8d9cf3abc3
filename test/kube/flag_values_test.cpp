// Texts and values as Go 1.26's strconv and time give them.
#include "support/catch.hpp"

#include "kaudit/kube/audit_flags.hpp"

using namespace kaudit::kube;

namespace {

/// What kube-apiserver says about one setting; empty if it takes it.
std::string refusal(const std::string& name, const std::string& value) {
  const auto problems = refused_by_apiserver({{name, value}}, Version{1, 30});
  return problems.empty() ? std::string() : problems.front().message;
}

std::string integer_error(const std::string& value) {
  const std::string prefix = "invalid argument \"" + value +
                             R"(" for "--audit-log-maxage" flag: strconv.ParseInt: parsing ")" + value + "\": ";
  const std::string message = refusal("audit-log-maxage", value);
  return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
}

}  // namespace

TEST_CASE("an integer flag is read by strconv.ParseInt with base 0", "[values]") {
  for (const char* good : {"0", "30", "-0", "+5", "010", "0x1F", "0b101", "0o17", "0O17", "1_000", "0x_1f", "0_7", "00",
                           "9223372036854775807", "-9223372036854775808"}) {
    CAPTURE(good);
    CHECK(integer_error(good).empty());
  }
  for (const char* bad :
       {"", "abc", "1.5", "08", "0x", "0b2", "_1", "1_", "1__0", "0_x1", " 1", "1 ", "--1", "+", "1e3"}) {
    CAPTURE(bad);
    CHECK(integer_error(bad) == "invalid syntax");
  }
  for (const char* big :
       {"9223372036854775808", "-9223372036854775809", "0x10000000000000000", "99999999999999999999"}) {
    CAPTURE(big);
    CHECK(integer_error(big) == "value out of range");
  }
  CHECK(refusal("audit-log-maxage", "abc") ==
        "invalid argument \"abc\" for \"--audit-log-maxage\" flag: strconv.ParseInt: parsing \"abc\": invalid syntax");
}

TEST_CASE("a boolean flag is read by strconv.ParseBool", "[values]") {
  for (const char* good : {"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"}) {
    CAPTURE(good);
    CHECK(refusal("audit-log-compress", good).empty());
  }
  for (const char* bad : {"yes", "on", "tRUE", "", "2"}) {
    CAPTURE(bad);
    CHECK(refusal("audit-log-compress", bad) ==
          "invalid argument \"" + std::string(bad) +
              "\" for \"--audit-log-compress\" flag: strconv.ParseBool: parsing \"" + bad + "\": invalid syntax");
  }
}

TEST_CASE("a float32 flag is read by strconv.ParseFloat", "[values]") {
  const std::string name = "audit-webhook-batch-throttle-qps";
  for (const char* good : {"10", "1.5", ".5", "5.", "1e3", "0x1p4", "0X.8P-1", "0x_1p4", "1_0" /* sic */, "inf",
                           "+Infinity", "NaN", "1e-400"}) {
    CAPTURE(good);
    CHECK(refusal(name, good).empty());
  }
  for (const char* bad : {"", "ten", "1e", "1__0", "0x1", "+nan", "infi", "1.2.3", "-", ".", "0x.p1"}) {
    CAPTURE(bad);
    CHECK(refusal(name, bad) == "invalid argument \"" + std::string(bad) + "\" for \"--" + name +
                                    "\" flag: strconv.ParseFloat: parsing \"" + bad + "\": invalid syntax");
  }
  CHECK(refusal(name, "1e39").ends_with("strconv.ParseFloat: parsing \"1e39\": value out of range"));
  CHECK(refusal(name, "-1e400").ends_with("strconv.ParseFloat: parsing \"-1e400\": value out of range"));
}

TEST_CASE("a duration flag is read by time.ParseDuration", "[values]") {
  const std::string name = "audit-webhook-batch-max-wait";
  for (const char* good : {"0", "+0", "30s", "1h30m", "-1.5h", ".5s", "5.s", "1us", "1\xC2\xB5s", "1\xCE\xBCs", "1ns",
                           "2562047h", "0.100000000000000000000h"}) {
    CAPTURE(good);
    CHECK(refusal(name, good).empty());
  }
  const std::string start = R"(invalid argument "30" for "--audit-webhook-batch-max-wait" flag: )";
  CHECK(refusal(name, "30") == start + "time: missing unit in duration \"30\"");
  CHECK(refusal(name, "30d").ends_with("flag: time: unknown unit \"d\" in duration \"30d\""));
  CHECK(refusal(name, "").ends_with("flag: time: invalid duration \"\""));
  CHECK(refusal(name, ".s").ends_with("flag: time: invalid duration \".s\""));
  CHECK(refusal(name, "s").ends_with("flag: time: invalid duration \"s\""));
  CHECK(refusal(name, "1s ").ends_with("flag: time: unknown unit \"s \" in duration \"1s \""));
  CHECK(refusal(name, "9223372036854775808ns").ends_with("flag: time: invalid duration \"9223372036854775808ns\""));
  CHECK(refusal(name, "-9223372036854775808ns").empty());
  CHECK(refusal(name, "1\xC3\xA9").ends_with("time: unknown unit \"\\xc3\\xa9\" in duration \"1\\xc3\\xa9\""));
}

TEST_CASE("a value is quoted as Go's %q does", "[values]") {
  CHECK(refusal("audit-log-maxage", "a\"b\n") ==
        "invalid argument \"a\\\"b\\n\" for \"--audit-log-maxage\" flag: strconv.ParseInt: parsing \"a\\\"b\\n\": "
        "invalid syntax");
}
