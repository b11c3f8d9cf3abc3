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

TEST_CASE("what client-go refuses to use is refused, with the field", "[webhook]") {
  struct Case {
    const char* cluster;
    const char* user;
    const char* field;  // "": client-go takes it
  };
  const Case cases[] = {
      {", insecure-skip-tls-verify: true, certificate-authority: ca.crt", "", "insecure-skip-tls-verify"},
      {", insecure-skip-tls-verify: false, certificate-authority: ca.crt", "", ""},
      {", certificate-authority: ca.crt, certificate-authority-data: YQ==", "", "certificate-authority-data"},
      {", certificate-authority-data: '!'", "", "certificate-authority-data"},
      {", insecure-skip-tls-verify: 'true'", "", "insecure-skip-tls-verify"},
      {", proxy-url: ftp://p:1", "", "proxy-url"},
      {", proxy-url: socks5://p:1", "", ""},
      {"", "client-certificate: a.crt, client-certificate-data: YQ==, client-key: a.key", "client-certificate-data"},
      {"", "client-certificate: a.crt, client-key: a.key, client-key-data: YQ==", "client-key-data"},
      {"", "client-certificate: a.crt", "user"},
      {"", "client-key: a.key", ""},
      {"", "token: t, username: u", "username"},
      {"", "tokenFile: t, password: p", "password"},
      {"", "username: u, password: p", ""},
      {"", "as-groups: [g]", "as-groups"},
      {"", "as-user-extra: {a: [b]}", "as-user-extra"},
      {"", "as: u, as-groups: [g]", ""},
      {"", "token: 5", "token"},
      {"", "as: u, as-groups: g", "as-groups"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.cluster, one.user);
    const auto found = files(config(one.cluster, one.user));
    const std::string field = found ? "" : found.error().field;
    CHECK(field.substr(field.rfind('.') + 1) == one.field);
    if (!found) CHECK(found.error().line > 4);
  }
  CHECK_FALSE(files("apiVersion: v2" + config("", "").substr(14)));
}

namespace {

using kaudit::patch::Receiver;

kaudit::Result<Receiver> receiver(const std::string& text) {
  const kaudit::text::Source source("webhook.yaml", text);
  KAUDIT_TRY(value, kaudit::decode::as_kubernetes_reads_it(source));
  return kaudit::patch::receiver_of(source, value);
}

std::string served_by(const std::string& server, const std::string& more = {}, const std::string& user = {}) {
  std::string text = config(more, user);
  const std::string usual = "https://192.0.2.9:9765/k8s-audit";
  return text.replace(text.find(usual), usual.size(), server);
}

}  // namespace

TEST_CASE("the receiver is known by its address, its name and whom it is trusted by", "[webhook]") {
  const auto found =
      receiver(config(", tls-server-name: falco.example, certificate-authority: ca.crt", "token: SECRET"));
  REQUIRE(found);
  CHECK(found->address.shown() == "https://192.0.2.9:9765");
  CHECK(found->field == "clusters[0].cluster.server");
  CHECK(found->server_name == "falco.example");
  CHECK(found->trust == Receiver::Trust::authority);
  CHECK(found->authority_file == "ca.crt");
  CHECK(found->has_credentials);
  CHECK_FALSE(found->proxy);
}

TEST_CASE("the data of an authority go before its file, and no authority means the machine's", "[webhook]") {
  const auto data = receiver(config(", certificate-authority: ca.crt, certificate-authority-data: UEVN", ""));
  REQUIRE(data);
  CHECK(data->authority == "PEM");
  CHECK(data->authority_file.empty());
  const auto none = receiver(config("", ""));
  REQUIRE(none);
  CHECK(none->trust == Receiver::Trust::machine);
  CHECK_FALSE(none->has_credentials);
  CHECK(receiver(config(", insecure-skip-tls-verify: true", ""))->trust == Receiver::Trust::anybody);
}

TEST_CASE("credentials of every kind are seen, and none is told", "[webhook]") {
  for (const char* user : {"token: SECRET", "tokenFile: SECRET", "username: SECRET", "client-certificate: SECRET",
                           "client-certificate-data: SECRET"}) {
    INFO(user);
    CHECK(receiver(config("", user))->has_credentials);
  }
  const auto found = receiver(served_by("https://SECRET@falco.example/SECRET"));
  REQUIRE(found);
  CHECK(found->has_credentials);
  CHECK(found->address.shown() == "https://falco.example:443");
}

TEST_CASE("without a scheme TLS is used where the config speaks of it", "[webhook]") {
  CHECK(receiver(served_by("'falco:1'"))->address.scheme == "http");
  CHECK(receiver(served_by("'falco:1'", ", certificate-authority: x"))->address.scheme == "https");
  CHECK(receiver(served_by("'falco:1'", ", insecure-skip-tls-verify: true"))->address.scheme == "https");
  CHECK(receiver(served_by("'falco:1'", "", "client-certificate: x"))->address.scheme == "https");
}

TEST_CASE("an address that cannot be one is refused with its place, and not shown", "[webhook]") {
  for (const char* server : {"'https://:SECRET'", "'SECRET:1/path'", "'unix:///SECRET'", "'socks5://SECRET'"}) {
    INFO(server);
    const auto refused = receiver(served_by(server));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "webhook-config");
    CHECK(refused.error().field == "clusters[0].cluster.server");
    CHECK(refused.error().line == 9);
    CHECK(kaudit::to_text(refused.error()).find("SECRET") == std::string::npos);
  }
  const auto proxied = receiver(config(", proxy-url: 'http://u:SECRET@proxy.example:3128'", ""));
  REQUIRE(proxied);
  CHECK(proxied->proxy->shown() == "http://proxy.example:3128");
  CHECK(receiver(config(", proxy-url: SECRET", "")).error().field == "clusters[0].cluster.proxy-url");
}
