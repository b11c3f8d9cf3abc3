#include "kaudit/node/kubeconfig.hpp"

#include <string>

#include "support/catch.hpp"
#include "support/test_server.hpp"

#include "host/scratch.hpp"

using kaudit::Error;
using kaudit::ExitStatus;
using kaudit::host::HttpAnswer;
using kaudit::node::AdminAccess;
using kaudit::node::ApiServer;
using kaudit::node::ask_as;
using kaudit::node::read_kubeconfig;
using kaudit::node::usual_kubeconfig;
using kaudit::test::http_answer;
using kaudit::test::make_certificate;
using kaudit::test::Scratch;
using kaudit::test::TestCertificate;
using kaudit::test::TestRequest;
using kaudit::test::TestServer;

namespace {

constexpr const char* k_path = "/etc/kubernetes/admin.conf";

/// A kubeconfig whose current user is written as `user`, a flow mapping; another user stands before it.
std::string with_user(const std::string& user) {
  return "apiVersion: v1\n"
         "kind: Config\n"
         "clusters:\n"
         "- {name: kubernetes, cluster: {server: 'https://lb.example:6443'}}\n"
         "contexts:\n"
         "- {name: other, context: {cluster: kubernetes, user: nobody}}\n"
         "- {name: admin@kubernetes, context: {cluster: kubernetes, user: admin}}\n"
         "current-context: admin@kubernetes\n"
         "users:\n"
         "- {name: nobody, user: {token: not-this-one}}\n"
         "- {name: admin, user: " +
         user + "}\n";
}

AdminAccess access_of(const Scratch& scratch, const std::string& text) {
  scratch.write(k_path, text);
  auto access = read_kubeconfig(scratch.root(), k_path);
  if (!access) FAIL(to_text(access.error()));
  return std::move(access).value();
}

Error error_of(const Scratch& scratch, const std::string& text) {
  scratch.write(k_path, text);
  const auto access = read_kubeconfig(scratch.root(), k_path);
  REQUIRE_FALSE(access);
  const std::string shown = to_text(access.error());
  CHECK(shown.find("s3cret") == std::string::npos);
  CHECK(shown.find("czNjcmV0") == std::string::npos);
  return access.error();
}

}  // namespace

TEST_CASE("A kubeconfig's certificate, key and token are found in it and beside it") {
  const Scratch scratch;
  SECTION("in it") {
    const AdminAccess access = access_of(
        scratch, with_user("{client-certificate-data: Y2VydA==, client-key-data: czNjcmV0LWtleQ==, token: s3cret}"));
    CHECK(access.identity.certificate == "cert");
    CHECK(access.identity.key == "s3cret-key");
    CHECK(access.bearer_token == "s3cret");
    CHECK(access.file == k_path);
  }
  SECTION("in files, relative to its own directory") {
    scratch.write("/etc/kubernetes/pki/admin.crt", "cert");
    scratch.write("/srv/admin.key", "s3cret-key");
    scratch.write("/etc/kubernetes/token", " s3cret\n");
    const AdminAccess access = access_of(
        scratch,
        with_user("{client-certificate: pki/admin.crt, client-key: /srv/admin.key, tokenFile: token, token: old}"));
    CHECK(access.identity.certificate == "cert");
    CHECK(access.identity.key == "s3cret-key");
    CHECK(access.bearer_token == "s3cret");
  }
  SECTION("the data goes before the file, and the token stands in for a file that is gone") {
    const AdminAccess access =
        access_of(scratch, with_user("{client-certificate-data: Y2VydA==, client-certificate: gone, client-key-data: "
                                     "czNjcmV0, client-key: gone, token: s3cret, tokenFile: gone}"));
    CHECK(access.identity.certificate == "cert");
    CHECK(access.identity.key == "s3cret");
    CHECK(access.bearer_token == "s3cret");
  }
  SECTION("as JSON") {
    const AdminAccess access =
        access_of(scratch, R"({"kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"user":"u"}}],)"
                           R"("users":[{"name":"u","user":{"token":"s3cret"}}]})");
    CHECK(access.bearer_token == "s3cret");
    CHECK(access.identity.certificate.empty());
  }
}

TEST_CASE("A kubeconfig that shows nobody is refused with the place, and with nothing secret") {
  const Scratch scratch;
  struct Case {
    std::string text;
    std::string field;
    std::string words;
  };
  const std::string user = "users[1].user";
  for (const Case& each : {
           Case{with_user("{exec: {command: s3cret}}"), user + ".exec", "credential plugin"},
           Case{with_user("{auth-provider: {name: s3cret}}"), user + ".auth-provider", "credential plugin"},
           Case{with_user("{username: s3cret, password: s3cret}"), user + ".username", "password"},
           Case{with_user("{client-certificate-data: czNjcmV0, client-key: ''}"), user, "not both"},
           Case{with_user("{client-certificate-data: '*czNjcmV0', client-key-data: czNjcmV0}"),
                user + ".client-certificate-data", "base64"},
           Case{with_user("{}"), user, "neither a client certificate nor a token"},
           Case{"kind: Config\ntoken: s3cret\n", "current-context", "no context"},
           Case{"kind: Config\ncurrent-context: s3\ncontexts: []\n", "current-context", "does not exist"},
           Case{"kind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {user: s3cret}}]\n",
                "contexts[0].context.user", "no user"},
           Case{"kind: Secret\ndata: {a: czNjcmV0}\n", "kind", "no kubeconfig"},
           Case{"[s3cret]\n", "kind", "no kubeconfig"},
       }) {
    INFO(each.text);
    const Error error = error_of(scratch, each.text);
    CHECK(error.status == ExitStatus::refused);
    CHECK(error.code == "kubeconfig");
    CHECK(error.field == each.field);
    CHECK(error.file == scratch.at(k_path));
    CHECK(error.line > 0);
    CHECK(error.message.find(each.words) != std::string::npos);
  }
  const Error syntax = error_of(scratch, "kind: Config\ntoken: \"s3cret\n");
  CHECK(syntax.status == ExitStatus::refused);
  CHECK(syntax.line > 0);
}

TEST_CASE("What a kubeconfig names and is not there is named with its place") {
  const Scratch scratch;
  const Error error = error_of(scratch, with_user("{client-certificate: gone.crt, client-key-data: czNjcmV0}"));
  CHECK(error.status == ExitStatus::host_refused);
  CHECK(error.field == "users[1].user.client-certificate");
  CHECK(error.message.find(scratch.at("/etc/kubernetes/gone.crt")) != std::string::npos);
  const auto missing = read_kubeconfig(scratch.root(), "/etc/kubernetes/none.conf");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "missing");
  CHECK(missing.error().status == ExitStatus::host_refused);
}

TEST_CASE("The usual kubeconfig is admin.conf, then super-admin.conf") {
  const Scratch scratch;
  CHECK(usual_kubeconfig(scratch.root()).empty());
  scratch.write("/etc/kubernetes/super-admin.conf", "");
  CHECK(usual_kubeconfig(scratch.root()) == "/etc/kubernetes/super-admin.conf");
  scratch.write("/etc/kubernetes/admin.conf", "");
  CHECK(usual_kubeconfig(scratch.root()) == "/etc/kubernetes/admin.conf");
}

TEST_CASE("A request as somebody goes to this node's server, with certificate and token") {
  const Scratch scratch;
  const TestCertificate own = make_certificate("kube-apiserver", "");
  const TestCertificate admin = make_certificate("kubernetes-admin", "");
  scratch.write("/etc/kubernetes/pki/apiserver.crt", own.certificate);
  TestServer::Options options;
  options.certificate = own;
  options.answer = [](const TestRequest&) { return http_answer(200, "ok"); };
  TestServer server(options);
  ApiServer at;
  at.secure_port = server.port();
  AdminAccess access{{admin.certificate, admin.key}, "s3cret", k_path};
  kaudit::host::HttpRequest request;
  request.target = "/version";
  request.timeout_ms = 30000;

  SECTION("one that is known by its certificate") {
    at.certificate_files = {"/etc/kubernetes/pki/apiserver.crt"};
    const HttpAnswer answer = ask_as(scratch.root(), at, access, request);
    CHECK(answer.status == 200);
    server.stop();
    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests().front().client == "kubernetes-admin");
    CHECK(server.requests().front().text.find("Authorization: Bearer s3cret\r\n") != std::string::npos);
  }
  SECTION("a token is not shown to a stranger") {
    scratch.write("/etc/kubernetes/pki/apiserver.crt", make_certificate("kube-apiserver", "").certificate);
    at.certificate_files = {"/etc/kubernetes/pki/apiserver.crt"};
    CHECK(ask_as(scratch.root(), at, access, request).outcome == HttpAnswer::Outcome::untrusted);
    server.stop();
    CHECK(server.requests().empty());
  }
  SECTION("nor to one that nothing is known of; a certificate is") {
    const HttpAnswer refused = ask_as(scratch.root(), at, access, request);
    CHECK(refused.outcome == HttpAnswer::Outcome::failed);
    CHECK(refused.detail.find("token") != std::string::npos);
    access.bearer_token.clear();
    CHECK(ask_as(scratch.root(), at, access, request).status == 200);
    server.stop();
    CHECK(server.connections() == 1);
  }
}
