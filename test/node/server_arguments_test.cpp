#include "kaudit/node/server_arguments.hpp"

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using kaudit::node::batching_flag;
using kaudit::node::is_api_server;
using Words = std::vector<std::string>;

namespace {

std::string batching(Words flags) {
  flags.insert(flags.begin(), {"kube-apiserver", "--audit-policy-file=/p.yaml"});
  return batching_flag(flags);
}

constexpr const char* k_log_batches = "--audit-log-mode=batch";
constexpr const char* k_webhook = "--audit-webhook-mode=batch";

}  // namespace

TEST_CASE("an API server is told by its arguments") {
  CHECK(is_api_server({"kube-apiserver", "--secure-port=6443"}));
  CHECK(is_api_server({"/usr/local/bin/kube-apiserver"}));
  CHECK(is_api_server({"/hyperkube", "kube-apiserver", "--secure-port=6443"}));
  CHECK_FALSE(is_api_server({"haproxy", "-f", "/etc/haproxy.cfg"}));
  CHECK_FALSE(is_api_server({"kube-apiserver-proxy"}));
  CHECK_FALSE(is_api_server({}));
}

TEST_CASE("a backend that holds events back is found") {
  CHECK(batching({}).empty());
  CHECK(batching({"--audit-log-path=/a.log"}).empty());
  CHECK(batching({"--audit-log-path=/a.log", "--audit-log-mode=batch"}) == k_log_batches);
  CHECK(batching({"--audit-log-path=-", "--audit-log-mode=batch"}) == k_log_batches);
  CHECK(batching({"--audit-log-path=/a.log", "--audit-log-mode=blocking-strict"}).empty());
  CHECK(batching({"--audit-webhook-config-file=/w.yaml"}) == k_webhook);
  CHECK(batching({"--audit-webhook-config-file=/w.yaml", "--audit-webhook-mode=batch"}) == k_webhook);
  CHECK(batching({"--audit-webhook-config-file=/w.yaml", "--audit-webhook-mode=blocking"}).empty());
  CHECK(batching({"--audit-webhook-config-file=/w.yaml", "--audit-webhook-mode=blocking-strict"}).empty());
}

TEST_CASE("a backend that is off holds nothing back, and so does one without a policy") {
  CHECK(batching({"--audit-log-mode=batch"}).empty());
  CHECK(batching({"--audit-log-path=/a.log", "--audit-log-mode=batch", "--audit-log-path="}).empty());
  CHECK(batching({"--audit-log-path=", "--audit-log-mode=batch"}).empty());
  CHECK(batching_flag({"kube-apiserver", "--audit-webhook-config-file=/w.yaml"}).empty());
}

TEST_CASE("the running server's flags are read as pflag reads them") {
  SECTION("the last one counts") {
    CHECK(batching({"--audit-log-path=/a", "--audit-log-mode=batch", "--audit-log-mode=blocking"}).empty());
    CHECK(batching({"--audit-log-path=/a", "--audit-log-mode=blocking", "--audit-log-mode=batch"}) == k_log_batches);
  }
  SECTION("both spellings") {
    CHECK(batching({"--audit-log-path", "/a", "--audit-log-mode", "batch"}) == k_log_batches);
    CHECK(batching({"--audit_webhook_config_file=/w.yaml", "--audit-webhook_mode", "blocking"}).empty());
    CHECK(batching({"--audit-webhook-config-file", "/w.yaml"}) == k_webhook);
  }
  SECTION("a value that looks like a flag is the value") {
    CHECK(batching({"--audit-log-path", "--audit-log-mode=batch"}).empty());
    CHECK(batching({"--audit-log-path=/a", "--audit-log-compress", "--audit-log-mode=batch"}) == k_log_batches);
  }
  SECTION("nothing behind the end of the flags") {
    CHECK(batching({"--audit-log-path=/a", "--", "--audit-log-mode=batch"}).empty());
    CHECK(batching({"--audit-log-path=/a", "--audit-log-mode"}).empty());
  }
}

TEST_CASE("audit flags are found as they are spelt", "[server-arguments]") {
  CHECK(kaudit::node::audit_elements(
            {"kube-apiserver", "--audit-log-path=/l", "--audit_log_maxage", "3", "--auditor=x", "-audit-x"}) ==
        std::vector<std::string>{"--audit-log-path=/l", "--audit_log_maxage"});
  CHECK(kaudit::node::audit_elements({}).empty());
}
