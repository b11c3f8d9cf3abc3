#include "kaudit/node/metrics.hpp"

#include <cmath>

#include "support/catch.hpp"

using kaudit::node::k_audit_metrics;
using kaudit::node::Label;
using kaudit::node::parse_metrics;
using kaudit::node::Sample;
using kaudit::node::sum;

namespace {

/// The values of a text's samples.
std::vector<double> values_of(const std::string& text, const std::string& prefix = "") {
  std::vector<double> values;
  for (const Sample& sample : parse_metrics(text, prefix)) values.push_back(sample.value);
  return values;
}

std::size_t samples_in(const std::string& line) { return parse_metrics(line + "\n", "").size(); }

}  // namespace

TEST_CASE("what kube-apiserver writes is read", "[metrics]") {
  const auto samples = parse_metrics(R"(# HELP aggregator_x [ALPHA] x
# TYPE aggregator_x counter
aggregator_x 3
# HELP apiserver_audit_error_total [ALPHA] Counter of audit events that failed to be audited properly.
# TYPE apiserver_audit_error_total counter
apiserver_audit_error_total{plugin="log"} 763
apiserver_audit_error_total{plugin="webhook"} 1.2e+06
# HELP apiserver_audit_event_total [ALPHA] Counter of audit events generated and sent to the audit backend.
# TYPE apiserver_audit_event_total counter
apiserver_audit_event_total 2000
apiserver_authn_x 1
)",
                                     k_audit_metrics);
  REQUIRE(samples.size() == 3);
  CHECK(samples[0].name == "apiserver_audit_error_total");
  CHECK(samples[0].labels == std::vector<Label>{{"plugin", "log"}});
  CHECK(samples[0].value == 763);
  CHECK(samples[1].value == 1200000);
  CHECK(samples[2].labels.empty());
  CHECK(sum(samples, "apiserver_audit_error_total") == 1200763.0);
  CHECK(sum(samples, "apiserver_audit_error_total", {{"plugin", "log"}}) == 763.0);
  CHECK_FALSE(sum(samples, "apiserver_audit_error_total", {{"plugin", "truncate"}}));
  CHECK_FALSE(sum(samples, "apiserver_audit_error"));
}

TEST_CASE("a sum counts the samples that have every label asked for", "[metrics]") {
  const auto samples = parse_metrics("x{a=\"1\",b=\"1\"} 1\nx{b=\"1\",a=\"2\"} 2\nx{b=\"2\"} 4\n", "x");
  CHECK(sum(samples, "x") == 7.0);
  CHECK(sum(samples, "x", {{"b", "1"}}) == 3.0);
  CHECK(sum(samples, "x", {{"b", "1"}, {"a", "2"}}) == 2.0);
  CHECK_FALSE(sum(samples, "x", {{"b", "1"}, {"a", "3"}}));
}

TEST_CASE("label values have three escapes and everything else as it is", "[metrics]") {
  const auto samples = parse_metrics(R"(x { a = "q\"b\\s\nl" , b="},{ #é", } 1)"
                                     "\n",
                                     "");
  REQUIRE(samples.size() == 1);
  CHECK(samples[0].labels == std::vector<Label>{{"a", "q\"b\\s\nl"}, {"b", "},{ #é"}});
  CHECK(parse_metrics("x{} 1\n", "")[0].labels.empty());
}

TEST_CASE("numbers are those of Go", "[metrics]") {
  CHECK(values_of("a 1\na -2\na +3\na 4.5\na .5\na 6e3\na 7E-1\na 8.\n") ==
        std::vector<double>{1, -2, 3, 4.5, 0.5, 6000, 0.7, 8});
  const auto special = values_of("a NaN\na +Inf\na -Inf\na inf\n");
  REQUIRE(special.size() == 4);
  CHECK(std::isnan(special[0]));
  CHECK((std::isinf(special[1]) && special[1] > 0));
  CHECK((std::isinf(special[2]) && special[2] < 0));
  CHECK((std::isinf(special[3]) && special[3] > 0));
}

TEST_CASE("timestamps and blanks are allowed where the format has them", "[metrics]") {
  CHECK(values_of("a 1 1395066363000\n\ta\t2\t-5 \r\na{b=\"c\"}3\n") == std::vector<double>{1, 2, 3});
}

TEST_CASE("what is no sample is passed over", "[metrics]") {
  for (const char* line : {"",
                           "# a 1",
                           "a",
                           "a ",
                           "a x",
                           "a 1x",
                           "a 1 x",
                           "a 1 2 3",
                           "a 0x10",
                           "a 1_000",
                           "a --1",
                           "a e5",
                           "1a 1",
                           "{} 1",
                           "a{ 1",
                           "a{b} 1",
                           "a{b=} 1",
                           "a{b=c} 1",
                           "a{b=\"c} 1",
                           "a{b=\"c\\\"} 1",
                           "a{b=\"\\x\"} 1",
                           "a{b=\"c\"d=\"e\"} 1",
                           "a{=\"c\"} 1",
                           "a{1=\"c\"} 1",
                           "a{,} 1",
                           "a{b=\"c\",,} 1",
                           "a-b 1",
                           "a.5",
                           "\x01\xff\xfe 1",
                           "<html>"}) {
    CAPTURE(line);
    CHECK(samples_in(line) == 0);
    CHECK(values_of(std::string(line) + "\nz 9\n") == std::vector<double>{9});
  }
}

TEST_CASE("an answer that was cut loses its last line, and no text is too much", "[metrics]") {
  CHECK(values_of("a 1\na 22") == std::vector<double>{1});
  CHECK(values_of("a{b=\"" + std::string(70000, 'x') + "\"} 1\na 2\n") == std::vector<double>{2});
  std::string many;
  for (int i = 0; i < 10001; ++i) many += "a 1\n";
  CHECK(values_of(many).size() == 10000);
}
