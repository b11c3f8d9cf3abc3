#include "kaudit/kube/command_line.hpp"

#include "support/catch.hpp"

using namespace kaudit::kube;

namespace {

using Settings = std::vector<FlagSetting>;

std::string in_words(const Settings& settings) {
  std::string text;
  for (const FlagSetting& one : settings) text += one.name + "=" + one.value.value_or("(bare)") + ";";
  return text;
}

}  // namespace

TEST_CASE("a process's flags are those that pflag takes", "[command-line]") {
  CHECK(in_words(settings_in({"kube-apiserver", "--a=1", "--audit_log_path", "/l", "--audit-log-compress", "true",
                              "--b", "--c", "x", "-v=4", "-v", "2", "word", "", "--audit-log-maxage", "-1",
                              "--d=", "--", "--e=1"})) ==
        "a=1;audit-log-path=/l;audit-log-compress=(bare);b=(bare);c=x;v=4;v=2;audit-log-maxage=-1;d=;");
  CHECK(in_words(settings_in({})).empty());
  CHECK(in_words(settings_in({"kube-apiserver", "--last"})) == "last=(bare);");
}
