#include "kaudit/patch/webhook_config.hpp"

#include "support/catch.hpp"

#include "kaudit/decode/decode.hpp"

namespace {

std::string config(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
         "contexts:\n- name: c\n  context: {cluster: k, user: u}\n"
         "clusters:\n- name: k\n  cluster: {server: https://192.0.2.9:9765/k8s-audit" +
         cluster + "}\nusers:\n- name: u\n  user: {" + user + "}\n";
}

kaudit::Result<std::vector<kaudit::patch::NamedFile>> files(const std::string& text) {
  const kaudit::text::Source source("webhook.yaml", text);
  KAUDIT_TRY(value, kaudit::decode::as_kubernetes_reads_it(source));
  return kaudit::patch::files_named_by(source, value);
}

}  // namespace

TEST_CASE("certificate, key and token files of the current context are found", "[webhook]") {
  const auto found = files(config(", certificate-authority: ca.crt",
                                  "client-certificate: /etc/kubernetes/pki/x.crt, client-key: x.key, tokenFile: t"));
  REQUIRE(found);
  REQUIRE(found->size() == 4);
  CHECK((*found)[0].name == "ca.crt");
  CHECK((*found)[0].field == "clusters[0].cluster.certificate-authority");
  CHECK((*found)[1].volume_name == "audit-webhook-cert");
  CHECK((*found)[3].volume_name == "audit-webhook-token");
}

TEST_CASE("credential plugins are refused, and no line of the config is shown", "[webhook]") {
  const auto found = files(config("", "token: SECRET, exec: {command: aws}"));
  REQUIRE_FALSE(found);
  CHECK(found.error().field == "users[0].user.exec");
  CHECK(kaudit::to_text(found.error()).find("SECRET") == std::string::npos);
}

TEST_CASE("what is no kubeconfig, or has no usable context, is refused", "[webhook]") {
  CHECK_FALSE(files("kind: Policy\n"));
  CHECK_FALSE(files("[1]\n"));
  CHECK_FALSE(files("kind: Config\n"));
  CHECK_FALSE(files("kind: Config\ncurrent-context: none\ncontexts: []\n"));
}
