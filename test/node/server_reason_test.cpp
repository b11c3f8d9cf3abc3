#include "support/catch.hpp"

#include "kaudit/node/reason.hpp"

using kaudit::node::Reason;
using kaudit::node::reason_in_last_words;
using Code = kaudit::node::Reason::Code;
using Lasting = kaudit::node::Reason::Lasting;
using Lines = std::vector<std::string>;

namespace {

struct ReasonCase {
  const char* name;
  Lines words;
  Code code;
  const char* text;
};

void check(const ReasonCase& one) {
  CAPTURE(one.name);
  const Reason reason = reason_in_last_words(one.words);
  CHECK(to_string(reason.code) == to_string(one.code));
  CHECK(reason.text == one.text);
  const bool stays = one.code == Code::policy || one.code == Code::flag || one.code == Code::log_file ||
                     one.code == Code::webhook_config;
  CHECK((reason.lasting == Lasting::yes) == stays);
}

std::string failed(const std::string& quoted) {
  return "E1125 18:38:01.123456       1 run.go:72] \"command failed\" err=\"" + quoted + "\"";
}

const std::string k_start =
    "I1125 18:38:01.000000       1 options.go:238] external host was not specified, using 10.0.0.1";
const std::string k_dial =
    "W1125 18:38:00.500000       1 logging.go:55] [core] [Channel #1 SubChannel #3] grpc: addrConn.createTransport "
    "failed to connect to {Addr: \"127.0.0.1:2379\"}. Err: connection error: desc = \"transport: Error while dialing: "
    "dial tcp 127.0.0.1:2379: connect: connection refused\"";

}  // namespace

TEST_CASE("a policy that is not loaded, in the server's words", "[reason]") {
  check(
      {"1.37",
       {k_start,
        failed(
            R"(loading audit policy file: rules[0].level: Unsupported value: \"MetaData\": supported values: \"None\", \"Metadata\": from file /etc/kubernetes/audit-policy.yaml)")},
       Code::policy,
       R"(loading audit policy file: rules[0].level: Unsupported value: "MetaData": supported values: "None", "Metadata": from file /etc/kubernetes/audit-policy.yaml)"});
  check({"1.20",
         {k_start,
          R"(Error: loading audit policy file: failed to read file path "/p": open /p: no such file or directory)"},
         Code::policy,
         R"(loading audit policy file: failed to read file path "/p": open /p: no such file or directory)"});
  check(
      {"JSON",
       {R"({"ts":1700000000000.1,"caller":"cli/run.go:72","msg":"command failed","err":"loading audit policy file: unknown group version field audit.k8s.io/__internal, Kind=Policy in policy: from file /p"})"},
       Code::policy,
       "loading audit policy file: unknown group version field audit.k8s.io/__internal, Kind=Policy in policy: from "
       "file /p"});
  check({"over several lines",
         {"E1125 18:38:01.123456       1 run.go:72] \"command failed\" err=<",
          " loading audit policy file: failed decoding: \"a\"", " b: from file /p", " >"},
         Code::policy,
         "loading audit policy file: failed decoding: \"a\" b: from file /p"});
  check({"other reasons' words in it",
         {failed(R"(loading audit policy file: unknown flag: context deadline exceeded, ensureLogFile: from file /p)")},
         Code::policy,
         "loading audit policy file: unknown flag: context deadline exceeded, ensureLogFile: from file /p"});
}

TEST_CASE("flags that are not taken", "[reason]") {
  const char* const k_texts[] = {
      "unknown flag: --audit-log-nonsense",
      "unknown shorthand flag: 'a' in -audit-log-path",
      "bad flag syntax: --=x",
      "flag needs an argument: --audit-log-path",
      R"(invalid argument "abc" for "--audit-log-maxage" flag: strconv.ParseInt: parsing "abc": invalid syntax)",
      R"(invalid audit log mode wrong, allowed modes are "batch,blocking,blocking-strict")",
      "invalid audit batch webhook buffer size 0, must be a positive number",
      "invalid audit truncate log max event size -1, must be a positive number",
      R"(invalid audit log format foo, allowed formats are "legacy,json")",
      "--audit-log-maxage -1 can't be a negative number",
      R"(invalid group version, allowed versions are ["audit.k8s.io/v1"])",
      "unexpected GroupVersion string: a/b/c",
      R"("kube-apiserver" does not take any arguments, got ["true"])"};
  for (const char* text : k_texts) {
    check({"Error:", {std::string("Error: ") + text}, Code::flag, text});
    check({"usage behind it", {std::string("Error: ") + text, "Usage:", "  kube-apiserver [flags]"}, Code::flag, text});
    check({"usage before it", {"Usage:", "  kube-apiserver [flags]", text}, Code::flag, text});
    check({"old error: line", {std::string("error: ") + text}, Code::flag, text});
  }
  check(
      {"several",
       {failed(
           R"([--audit-log-maxage -1 can't be a negative number, invalid audit log mode wrong, allowed modes are \"batch,blocking,blocking-strict\"])")},
       Code::flag,
       R"([--audit-log-maxage -1 can't be a negative number, invalid audit log mode wrong, allowed modes are "batch,blocking,blocking-strict"])"});
}

TEST_CASE("a log that cannot be opened, a webhook config that is not loaded", "[reason]") {
  for (const char* why : {"read-only file system", "permission denied", "is a directory"}) {
    const std::string text = std::string("ensureLogFile: open /var/log/kube-audit/audit.log: ") + why;
    check({why, {failed(text)}, Code::log_file, text.c_str()});
    check({why, {"Error: " + text}, Code::log_file, text.c_str()});
  }
  check({"mkdir",
         {failed("ensureLogFile: mkdir /var/log/x: read-only file system")},
         Code::log_file,
         "ensureLogFile: mkdir /var/log/x: read-only file system"});
  check(
      {"webhook",
       {failed(
           R"(initializing audit webhook: invalid configuration: unable to read client-cert \"/c\": open /c: no such file or directory)")},
       Code::webhook_config,
       R"(initializing audit webhook: invalid configuration: unable to read client-cert "/c": open /c: no such file or directory)"});
}

TEST_CASE("what may go away by itself: the port, etcd", "[reason]") {
  check({"port",
         {failed("failed to create listener: failed to listen on 0.0.0.0:6443: listen tcp 0.0.0.0:6443: bind: address "
                 "already in use")},
         Code::port_taken,
         "failed to create listener: failed to listen on 0.0.0.0:6443: listen tcp 0.0.0.0:6443: bind: address already "
         "in use"});
  check({"an address that the node has not",
         {failed("failed to create listener: failed to listen on 10.9.9.9:6443: listen tcp 10.9.9.9:6443: bind: cannot "
                 "assign requested address")},
         Code::crash,
         "failed to create listener: failed to listen on 10.9.9.9:6443: listen tcp 10.9.9.9:6443: bind: cannot assign "
         "requested address"});
  check({"etcd, old",
         {"Error: context deadline exceeded"},
         Code::etcd,
         "does not reach etcd: context deadline exceeded"});
  check({"etcd, with what it tried",
         {k_start, k_dial, failed("context deadline exceeded")},
         Code::etcd,
         "does not reach etcd: context deadline exceeded (dial tcp 127.0.0.1:2379: connect: connection refused)"});
  check({"etcd, fatal line",
         {"F1125 18:38:20.000000       1 instance.go:232] Error creating leases: error creating storage factory: "
          "context deadline exceeded",
          "goroutine 1 [running]:", "k8s.io/klog/v2.stacks(0x1)"},
         Code::etcd,
         "does not reach etcd: Error creating leases: error creating storage factory: context deadline exceeded"});
  check({"killed while it tried",
         {k_start, k_dial, k_start},
         Code::etcd,
         "does not reach etcd: dial tcp 127.0.0.1:2379: connect: connection refused"});
  check({"the port, in passing",
         {"E1125 18:38:01.000000       1 x.go:1] \"listen\" err=\"listen tcp :6443: bind: address already in use\"",
          k_start},
         Code::port_taken,
         "listen tcp :6443: bind: address already in use"});
}

TEST_CASE("anything else is a crash, with the words that come nearest to a reason", "[reason]") {
  check({"panic",
         {k_start, "panic: runtime error: invalid memory address or nil pointer dereference",
          "goroutine 1 [running]:", "main.main()"},
         Code::crash,
         "panic: runtime error: invalid memory address or nil pointer dereference"});
  check({"fatal error",
         {"fatal error: runtime: out of memory", "", "runtime stack:"},
         Code::crash,
         "fatal error: runtime: out of memory"});
  check({"fatal line",
         {"F1125 18:38:20.000000       1 hooks.go:203] PostStartHook \"x\" failed: timed out"},
         Code::crash,
         "PostStartHook \"x\" failed: timed out"});
  check({"other final words",
         {k_dial, failed(R"(failed to parse service-account-issuer-key-file: open /x: no such file or directory)")},
         Code::crash,
         "failed to parse service-account-issuer-key-file: open /x: no such file or directory"});
  check({"last error line",
         {"E1125 18:38:20.000000       1 a.go:1] \"first\" err=\"1\"",
          "E1125 18:38:21.000000       1 a.go:1] \"second\" key=\"a \\\"b\\\" err=no\" err=\"2\" more=\"x\"", k_start},
         Code::crash,
         "second: 2"});
  check({"not a server at all",
         {"exec /usr/local/bin/kube-apiserver: exec format error"},
         Code::crash,
         "exec /usr/local/bin/kube-apiserver: exec format error"});
  check({"a flag named in passing by a server that runs",
         {"E1125 18:38:20.000000       1 a.go:1] unknown flag: --x", k_start},
         Code::crash,
         "unknown flag: --x"});
}

TEST_CASE("words without any error are no reason", "[reason]") {
  check({"another socket than etcd's",
         {"W1125 18:38:20.000000       1 a.go:1] desc = \"transport: Error while dialing: dial unix /run/kms.sock\""},
         Code::none,
         ""});
  check({"none", {}, Code::none, ""});
  check({"empty", {"", ""}, Code::none, ""});
  check({"running", {k_start, "W1125 18:38:20.000000       1 a.go:1] deprecated"}, Code::none, ""});
  check({"running, JSON", {R"({"ts":1700000000000.1,"caller":"a.go:1","msg":"hello","v":0})"}, Code::none, ""});
}

TEST_CASE("a very long text is shortened between two characters", "[reason]") {
  std::string long_text = "Error: ";
  for (int i = 0; i < 600; ++i) long_text += "\xC3\xA9";
  const Reason reason = reason_in_last_words({long_text});
  CHECK(reason.text.size() == 1004);
  CHECK(reason.text.ends_with("\xC3\xA9 ..."));
}

TEST_CASE("every kind of reason has a name of its own", "[reason]") {
  CHECK(to_string(Code::none).empty());
  CHECK(to_string(Code::log_file) == "log-file");
  CHECK(to_string(Code::manifest_refused) == "manifest-refused");
  CHECK(to_string(Code::runtime) == "runtime");
}
