#include "reading.hpp"

using kaudit::manifest::Flag;

namespace {

/// "name=value@index+elements" of every flag, separated by blanks.
std::string flags(const Reading& reading) {
  std::string all;
  for (const Flag& flag : reading->flags) {
    all += (all.empty() ? "" : " ") + flag.name + (flag.value ? "=" + *flag.value : "") + "@" +
           std::to_string(flag.index) + "+" + std::to_string(flag.elements);
  }
  return all;
}

std::string list(const Reading& reading) {
  const auto& place = reading->flag_list;
  return place.path.substr(place.path.rfind('.') + 1) + "[" + std::to_string(place.begin) + "," +
         std::to_string(place.end) + ")";
}

Reading command(const std::string& items) { return Reading(pod("    command: [kube-apiserver, " + items + "]\n")); }

}  // namespace

TEST_CASE("flags are read with their name normalised and their spelling kept", "[flags]") {
  const Reading reading = command("--audit_log_path=/a=b, --profiling, --v=2");
  CHECK(flags(reading) == "audit-log-path=/a=b@1+1 profiling@2+1 v=2@3+1");
  CHECK(reading->flags[0].spelling == "--audit_log_path");
  CHECK(reading->flag_value("audit-log-path") == "/a=b");
}

TEST_CASE("an audit flag without = takes the next element by its type, even one that starts with --", "[flags]") {
  CHECK(flags(command("--audit-log-path, /var/log/a.log, --v=2")) == "audit-log-path=/var/log/a.log@1+2 v=2@3+1");
  CHECK(flags(command("--audit-log-path, --audit-log-maxage=3")) == "audit-log-path=--audit-log-maxage=3@1+2");
  CHECK(flags(command("--audit-log-compress, --v=2")) == "audit-log-compress@1+1 v=2@2+1");
  CHECK(flags(command("--v=2, --audit-log-path")) == "v=2@1+1 audit-log-path@2+1");
}

TEST_CASE("another flag without = takes the next element unless that looks like a flag", "[flags]") {
  CHECK(flags(command("--etcd-servers, 'http://x', --profiling, --v, '2'")) ==
        "etcd-servers=http://x@1+2 profiling@3+1 v=2@4+2");
  CHECK(flags(command("--some-number, '-1', --v=2")) == "some-number=-1@1+2 v=2@3+1");
  CHECK(flags(command("--profiling, -v=2")) == "profiling@1+1 v=2@2+1");
  CHECK(flags(command("-v, '2', --profiling")) == "v=2@1+2 profiling@3+1");
}

TEST_CASE("repeated flags are all kept, the last one counts", "[flags]") {
  const Reading reading = command(
      "--service-account-issuer=a, --service-account-issuer=b, --audit-log-maxage=1, "
      "--audit-log-maxage=2");
  CHECK(reading->flags.size() == 4);
  CHECK(reading->flag_value("audit-log-maxage") == "2");
  CHECK(reading->flag("no-such-flag") == nullptr);
  CHECK(reading->flag_value("no-such-flag").empty());
}

TEST_CASE("flags go into args if it holds the server's arguments, else into command", "[flags]") {
  CHECK(list(command("--v=2")) == "command[1,2)");
  CHECK(list(Reading(pod("    command: [kube-apiserver]\n    args: [--v=2]\n"))) == "args[0,1)");
  CHECK(list(Reading(pod("    command: [kube-apiserver, --v=2]\n    args: [--profiling]\n"))) == "args[0,1)");
  CHECK(list(Reading(pod("    command: [kube-apiserver, --v=2]\n    args: []\n"))) == "command[1,2)");
  CHECK(list(Reading(pod("    command: [kube-apiserver, --v=2]\n    args:\n"))) == "command[1,2)");
  CHECK(list(Reading(pod("    args: [--v=2]\n"))) == "args[0,1)");
  CHECK(list(Reading(pod("    command: [/hyperkube, apiserver, --v=2]\n"))) == "command[2,3)");
  CHECK(list(Reading(
            pod("    command: [/go-runner]\n    args: [--also-stdout, /usr/local/bin/kube-apiserver, --v=2]\n"))) ==
        "args[2,3)");
  CHECK(list(Reading(pod("    command: [/go-runner]\n    args: [/usr/local/bin/kube-apiserver]\n"))) == "args[1,1)");
}

TEST_CASE("flags of a wrapper are not flags of the server", "[flags]") {
  const Reading reading(pod("    command: [/go-runner, --log-file=/a, kube-apiserver, --v=2]\n"));
  CHECK(flags(reading) == "v=2@3+1");
}

TEST_CASE("no flag goes behind a lone --", "[flags]") {
  CHECK(list(command("--v=2, --")) == "command[1,2)");
  CHECK(list(Reading(pod("    command: [kube-apiserver, --v=2, --]\n    args: [x]\n"))) == "command[1,2)");
  CHECK(list(Reading(pod("    command: [kube-apiserver]\n    args: [--v=2, --, --audit-log-path=/a]\n"))) ==
        "args[0,1)");
  CHECK(flags(command("--, --audit-log-path=/a")).empty());
  // Behind a flag that takes a value it is the value.
  CHECK(flags(command("--audit-log-path, --")) == "audit-log-path=--@1+2");
}

TEST_CASE("an argument that is no flag is told", "[flags]") {
  const Reading reading = command("--v=2, stray, ''");
  REQUIRE(reading->warnings.size() == 1);
  CHECK(reading->warnings[0].code == "positional-argument");
  CHECK(reading->warnings[0].field == "spec.containers[0].command[2]");
  CHECK(reading->warnings[0].message == "\"kube-apiserver\" does not take any arguments, got [\"stray\"]");
}

TEST_CASE("what pflag cannot read is refused", "[flags]") {
  CHECK(command("-audit-log-path=/a").refusal() ==
        "10:31 spec.containers[0].command[1]: unknown shorthand flag: 'a' in -audit-log-path=/a");
  CHECK(command("---v=2").refusal() == "10:31 spec.containers[0].command[1]: bad flag syntax: ---v=2");
  CHECK(command("\"--=2\"").error().code == "bad-flag-syntax");
}

TEST_CASE("an audit flag must say what it means: no $(VAR), no template", "[flags]") {
  CHECK(command("--audit-log-path=$(LOG)").error().code == "variable-in-audit-flag");
  CHECK(command("--audit-log-path, $(LOG)").error().code == "variable-in-audit-flag");
  CHECK(command("'--audit-log-path=/a$$(LOG)'").error().code == "variable-in-audit-flag");
  CHECK(command("'--audit-log-path=/a$$b'").error().code == "variable-in-audit-flag");
  CHECK(command("'--audit-log-path=/a$b'")->flags.size() == 1);
  CHECK(command("'--audit-log-path={{ log }}'").error().code == "unrendered-template");
  CHECK(command("'--audit-log-path=${LOG}'").error().code == "unrendered-template");
  CHECK(command("--advertise-address=$(POD_IP), '--etcd-servers={{ etcd }}'")->flags.size() == 2);
}

TEST_CASE("an audit flag split over command and args is refused, another is not", "[flags]") {
  CHECK(Reading(pod("    command: [kube-apiserver, --audit-log-path]\n    args: [/a]\n")).error().code == "flag-split");
  CHECK(Reading(pod("    command: [kube-apiserver, --cloud-provider]\n    args: [aws]\n"))
            ->flag_value("cloud-provider") == "aws");
}

TEST_CASE("an audit flag given through an anchor is refused", "[flags]") {
  CHECK(command("&path --audit-log-path=/a").error().code == "shared-node");
  CHECK(command("&other --v=2")->flags.size() == 1);
}
