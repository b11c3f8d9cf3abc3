#include "kaudit/survey/settings.hpp"

#include "support/catch.hpp"

using namespace kaudit::survey;
using kaudit::kube::FlagSetting;

namespace {

using Settings = std::vector<FlagSetting>;

std::string difference(const Settings& manifest, const Settings& process) {
  std::string text;
  for (const FlagDifference& one : differences(manifest, process)) {
    text += one.name + ":" + one.in_manifest.value_or("-") + "/" + one.in_process.value_or("-") + ";";
  }
  return text;
}

}  // namespace

TEST_CASE("what two command lines do not set alike is named", "[settings]") {
  CHECK(difference({{"a", "1"}, {"b", "2"}}, {{"b", "2"}, {"a", "1"}}).empty());
  CHECK(difference({{"a", "1"}, {"b", "2"}}, {{"a", "3"}, {"c", "4"}}) == "a:1/3;b:2/-;c:-/4;");
  CHECK(difference({{"a", "1"}, {"a", "2"}}, {{"a", "2"}, {"a", "1"}}) == "a:1, 2/2, 1;");
}

TEST_CASE("of an audit flag the meaning of its last setting counts", "[settings]") {
  CHECK(difference({{"audit-log-maxage", "010"}}, {{"audit-log-maxage", "8"}}).empty());
  CHECK(difference({{"audit-log-maxage", "3"}, {"audit-log-maxage", "8"}}, {{"audit-log-maxage", "8"}}).empty());
  CHECK(difference({{"audit-log-maxage", "8"}}, {{"audit-log-maxage", "9"}}) == "audit-log-maxage:8/9;");
  CHECK(difference({{"audit-log-compress", std::nullopt}}, {{"audit-log-compress", "true"}}).empty());
}

TEST_CASE("what the kubelet replaces may be anything", "[settings]") {
  CHECK(difference({{"a", "$(HOST_IP)"}}, {{"a", "10.0.0.1"}}).empty());
  CHECK(difference({{"a", "$(HOST_IP)"}}, {}) == "a:$(HOST_IP)/-;");
}
