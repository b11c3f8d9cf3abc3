// Whose certificate is accepted, against a real TLS server.
#include <string>

#include "support/catch.hpp"
#include "support/test_server.hpp"

#include "kaudit/host/certificate.hpp"
#include "kaudit/host/http.hpp"

using kaudit::host::ask;
using kaudit::host::HttpAnswer;
using kaudit::host::HttpRequest;
using kaudit::host::reach;
using kaudit::host::TlsTrust;
using kaudit::test::http_answer;
using kaudit::test::make_certificate;
using kaudit::test::TestCertificate;
using kaudit::test::TestRequest;
using kaudit::test::TestServer;
using Outcome = HttpAnswer::Outcome;

namespace {

TestServer::Options secure(const TestCertificate& certificate) {
  TestServer::Options options;
  options.certificate = certificate;
  options.answer = [](const TestRequest&) { return http_answer(200, "ok"); };
  return options;
}

HttpRequest to(const TestServer& server, TlsTrust::Kind kind, const std::string& certificates) {
  HttpRequest request;
  request.address = "127.0.0.1";
  request.port = server.port();
  request.headers = {{"Authorization", "Bearer secret"}};
  request.trust = {kind, certificates};
  request.timeout_ms = 30000;
  return request;
}

/// That the server was reached and got to read nothing.
void check_untrusted(TestServer& server, const HttpRequest& request) {
  const HttpAnswer answer = ask(request);
  CHECK(answer.outcome == Outcome::untrusted);
  CHECK(answer.status == 0);
  CHECK_FALSE(answer.detail.empty());
  server.stop();
  CHECK(server.connections() == 1);
  CHECK(server.requests().empty());
}

}  // namespace

TEST_CASE("the pinned certificate is accepted, whatever its name", "[tls]") {
  const TestCertificate own = make_certificate("whoever", "");
  const TestCertificate other = make_certificate("other", "");
  TestServer server(secure(own));
  const HttpAnswer answer = ask(to(server, TlsTrust::Kind::pinned, other.certificate + own.key + own.certificate));
  CHECK(answer.outcome == Outcome::answered);
  CHECK(answer.body == "ok");
  server.stop();
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests().front().server_name.empty());
  CHECK(server.requests().front().client.empty());
}

TEST_CASE("another certificate of the same name is a stranger, who is sent nothing", "[tls]") {
  const TestCertificate own = make_certificate("kube-apiserver", "IP:127.0.0.1");
  const TestCertificate other = make_certificate("kube-apiserver", "IP:127.0.0.1");
  TestServer server(secure(other));
  check_untrusted(server, to(server, TlsTrust::Kind::pinned, own.certificate));
}

TEST_CASE("a pin is not an authority: what it has signed is a stranger", "[tls]") {
  const TestCertificate authority = make_certificate("authority", "");
  const TestCertificate own = make_certificate("kube-apiserver", "IP:127.0.0.1", &authority);
  TestServer server(secure(own));
  check_untrusted(server, to(server, TlsTrust::Kind::pinned, authority.certificate));
}

TEST_CASE("a certificate of the authority is accepted for its names and addresses", "[tls]") {
  const TestCertificate authority = make_certificate("authority", "");
  const TestCertificate own = make_certificate("x", "DNS:a.example,DNS:*.b.example,IP:127.0.0.1", &authority);
  TestServer server(secure(own));
  HttpRequest request = to(server, TlsTrust::Kind::authority, authority.certificate);
  std::string greeted_as;
  SECTION("by name") { greeted_as = request.server_name = "a.example"; }
  SECTION("by wildcard") { greeted_as = request.server_name = "c.b.example"; }
  SECTION("by address") {}
  CHECK(ask(request).body == "ok");
  server.stop();
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests().front().server_name == greeted_as);
}

TEST_CASE("a certificate for another name, or of another authority, is untrusted", "[tls]") {
  const TestCertificate authority = make_certificate("authority", "");
  const TestCertificate other = make_certificate("authority", "");
  const TestCertificate own = make_certificate("c.example", "DNS:a.example,IP:127.0.0.9", &authority);
  TestServer server(secure(own));
  HttpRequest request = to(server, TlsTrust::Kind::authority, authority.certificate);
  SECTION("another name") { request.server_name = "b.example"; }
  SECTION("the common name does not count") { request.server_name = "c.example"; }
  SECTION("another address") {}
  SECTION("another authority of that name") {
    request.server_name = "a.example";
    request.trust.certificates = other.certificate;
  }
  check_untrusted(server, request);
}

TEST_CASE("anyone is accepted where that is asked for", "[tls]") {
  TestServer server(secure(make_certificate("x", "")));
  CHECK(ask(to(server, TlsTrust::Kind::anyone, "")).body == "ok");
}

TEST_CASE("without a certificate to know it by a server is not spoken to", "[tls]") {
  TestServer server(secure(make_certificate("x", "")));
  HttpRequest request = to(server, TlsTrust::Kind::pinned, "");
  SECTION("pinned, none") {}
  SECTION("pinned, no PEM") {
    request.trust.certificates = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";
  }
  SECTION("authority, none") { request.trust.kind = TlsTrust::Kind::authority; }
  const HttpAnswer answer = ask(request);
  CHECK(answer.outcome == Outcome::failed);
  CHECK(answer.detail == "there is no certificate to know the server by");
  server.stop();
  CHECK(server.requests().empty());
}

TEST_CASE("a client certificate is shown", "[tls]") {
  const TestCertificate own = make_certificate("x", "");
  const TestCertificate client = make_certificate("kube-apiserver-kubelet-client", "");
  TestServer server(secure(own));
  HttpRequest request = to(server, TlsTrust::Kind::pinned, own.certificate);
  SECTION("from two texts") { request.identity = {client.certificate, client.key}; }
  SECTION("from one text that holds both") {
    request.identity = {client.certificate + client.key, client.certificate + client.key};
  }
  CHECK(ask(request).outcome == Outcome::answered);
  server.stop();
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests().front().client == "kube-apiserver-kubelet-client");
}

TEST_CASE("a client certificate that cannot be used is said, and its key is not", "[tls]") {
  const TestCertificate own = make_certificate("x", "");
  const TestCertificate client = make_certificate("client", "");
  TestServer server(secure(own));
  HttpRequest request = to(server, TlsTrust::Kind::pinned, own.certificate);
  SECTION("another key") { request.identity = {client.certificate, own.key}; }
  SECTION("no key") { request.identity = {client.certificate, "secret"}; }
  SECTION("no certificate") { request.identity = {"secret", client.key}; }
  SECTION("an encrypted key") {
    request.identity = {client.certificate,
                        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                        "DEK-Info: AES-128-CBC,00000000000000000000000000000000\n\nc2VjcmV0c2VjcmV0c2VjcmV0\n"
                        "-----END RSA PRIVATE KEY-----\n"};
  }
  const HttpAnswer answer = ask(request);
  CHECK(answer.outcome == Outcome::failed);
  CHECK(answer.detail.find("the client certificate cannot be used: ") == 0);
  CHECK(answer.detail.find("secret") == std::string::npos);
  server.stop();
  CHECK(server.requests().empty());
}

TEST_CASE("a certificate and a key are a pair or not, whatever stands beside them", "[tls]") {
  const TestCertificate own = make_certificate("client", "");
  const TestCertificate other = make_certificate("client", "");
  CHECK_FALSE(kaudit::host::pair_problem(own.certificate, own.key));
  CHECK_FALSE(kaudit::host::pair_problem(own.key + own.certificate, own.certificate + own.key));  // one file
  CHECK(kaudit::host::pair_problem(own.certificate, other.key));
  CHECK(kaudit::host::pair_problem(own.key, own.key) == "there is no certificate in it");
  CHECK(kaudit::host::pair_problem(own.certificate, own.certificate));
  CHECK(kaudit::host::pair_problem("", ""));
}

TEST_CASE("what speaks no TLS is a failure", "[tls]") {
  TestServer::Options options;
  options.answer = [](const TestRequest&) { return http_answer(200, "plain"); };
  options.manner = TestServer::Manner::hang_up;
  TestServer server(options);
  const HttpAnswer answer = ask(to(server, TlsTrust::Kind::anyone, ""));
  CHECK(answer.outcome == Outcome::failed);
  CHECK(answer.detail.find("TLS: ") == 0);
}

TEST_CASE("a TLS server that drips is given up, and one that is cut off is no answer", "[tls]") {
  const TestCertificate own = make_certificate("x", "");
  TestServer::Options options = secure(own);
  options.manner = TestServer::Manner::drip;
  SECTION("drips") {
    options.answer = [](const TestRequest&) { return http_answer(200, std::string(1000, 'x')); };
    TestServer server(options);
    HttpRequest request = to(server, TlsTrust::Kind::pinned, own.certificate);
    request.timeout_ms = 150;
    CHECK(ask(request).outcome == Outcome::timed_out);
  }
  SECTION("closes without TLS's own end, a body of unknown length behind it") {
    options.answer = [](const TestRequest&) { return std::string("HTTP/1.1 200 OK\r\n\r\nab"); };
    TestServer server(options);
    const HttpAnswer answer = ask(to(server, TlsTrust::Kind::pinned, own.certificate));
    CHECK(answer.outcome == Outcome::failed);
    CHECK(answer.body.empty());
  }
}

TEST_CASE("the subject of a client certificate is who Kubernetes takes it for") {
  const auto subject = [](const std::string& pem) { return kaudit::host::subject_of(pem); };
  const TestCertificate admin =
      make_certificate("kubernetes-admin", "", nullptr, {"kubeadm:cluster-admins", "Übung & Söhne"});
  REQUIRE(subject(admin.certificate));
  CHECK(subject(admin.certificate)->common_name == "kubernetes-admin");
  CHECK(subject(admin.certificate)->organizations ==
        std::vector<std::string>{"kubeadm:cluster-admins", "Übung & Söhne"});
  // The first certificate counts, whatever stands before and behind it.
  const TestCertificate other = make_certificate("other", "");
  CHECK(subject(admin.key + admin.certificate + other.certificate)->common_name == "kubernetes-admin");
  CHECK(subject(other.certificate)->organizations.empty());
  CHECK_FALSE(subject(""));
  CHECK_FALSE(subject(admin.key));
  CHECK_FALSE(subject("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
}

TEST_CASE("a server is reached without being sent anything", "[tls]") {
  const TestCertificate authority = make_certificate("an authority", "");
  const TestCertificate own = make_certificate("x", "DNS:receiver.example", &authority);
  TestServer server(secure(own));
  HttpRequest request = to(server, TlsTrust::Kind::authority, authority.certificate);
  SECTION("trusted") {
    request.server_name = "receiver.example";
    CHECK(reach(request).outcome == Outcome::answered);
  }
  SECTION("for another name") {
    request.server_name = "other.example";
    CHECK(reach(request).outcome == Outcome::untrusted);
  }
  SECTION("TCP alone") {
    request.scheme = HttpRequest::Scheme::http;
    CHECK(reach(request).outcome == Outcome::answered);
  }
  server.stop();
  CHECK(server.requests().empty());
}

TEST_CASE("nobody that can be reached is told apart from somebody without TLS", "[tls]") {
  TestServer::Options plain;
  plain.manner = TestServer::Manner::hang_up;
  TestServer server(plain);
  HttpRequest request = to(server, TlsTrust::Kind::anyone, "");
  CHECK(reach(request).outcome == Outcome::failed);
  server.stop();
  CHECK(reach(request).outcome == Outcome::refused);
}
