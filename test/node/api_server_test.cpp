#include "kaudit/node/api_server.hpp"

#include <string>

#include <unistd.h>

#include "support/catch.hpp"
#include "support/proc.hpp"
#include "support/test_server.hpp"

#include "host/scratch.hpp"

using kaudit::host::HttpAnswer;
using kaudit::host::HttpRequest;
using kaudit::node::ApiServer;
using kaudit::node::ask_health;
using kaudit::node::ask_server;
using kaudit::node::Health;
using kaudit::test::free_port;
using kaudit::test::http_answer;
using kaudit::test::make_certificate;
using kaudit::test::Scratch;
using kaudit::test::TestCertificate;
using kaudit::test::TestRequest;
using kaudit::test::TestServer;
using Answer = Health::Answer;

namespace {

constexpr int k_timeout_ms = 30000;

/// A node with the certificate of its API server.
struct ServerNode {
  Scratch scratch;
  TestCertificate own = make_certificate("kube-apiserver", "");

  ServerNode() {
    scratch.write("/etc/kubernetes/pki/apiserver.crt", own.certificate + make_certificate("ca", "").certificate);
  }

  TestServer::Options says(std::string answer) const {
    TestServer::Options options;
    options.certificate = own;
    options.answer = [answer = std::move(answer)](const TestRequest&) { return answer; };
    return options;
  }
  ApiServer at(std::uint16_t port) const {
    ApiServer server;
    server.secure_port = port;
    server.certificate_files = {"/etc/kubernetes/pki/apiserver.crt"};
    return server;
  }
  void write_client(const TestCertificate& client) const {
    scratch.write("/etc/kubernetes/pki/client.crt", client.certificate);
    scratch.write("/etc/kubernetes/pki/client.key", client.key);
  }
};

ApiServer with_client(ApiServer server) {
  server.client_certificate_file = "/etc/kubernetes/pki/client.crt";
  server.client_key_file = "/etc/kubernetes/pki/client.key";
  return server;
}

}  // namespace

TEST_CASE("a healthy server is asked /readyz without a name", "[api_server]") {
  const ServerNode node;
  TestServer server(node.says(http_answer(200, "[+]ping ok\nreadyz check passed\n")));
  const Health health = ask_health(node.scratch.root(), node.at(server.port()), k_timeout_ms);
  CHECK(health.answer == Answer::ok);
  CHECK(health.status == 200);
  CHECK(health.detail.empty());
  CHECK(health.address == "127.0.0.1");
  server.stop();
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests().front().text.find("GET /readyz?verbose HTTP/1.1\r\n") == 0);
  CHECK(server.requests().front().server_name.empty());
}

TEST_CASE("the checks that fail are named", "[api_server]") {
  const ServerNode node;
  TestServer server(node.says(http_answer(500,
                                          "[+]ping ok\n[-]etcd failed: reason withheld\n[+]log ok\n"
                                          "[-]poststarthook/rbac/bootstrap-roles failed: not\x1b finished\n"
                                          "readyz check failed")));
  const Health health = ask_health(node.scratch.root(), node.at(server.port()), k_timeout_ms);
  CHECK(health.answer == Answer::not_ready);
  CHECK(health.status == 500);
  CHECK(health.detail ==
        "[-]etcd failed: reason withheld; [-]poststarthook/rbac/bootstrap-roles failed: not? finished");
}

TEST_CASE("another status is not ready either", "[api_server]") {
  const ServerNode node;
  TestServer server(node.says(http_answer(429, "busy")));
  const Health health = ask_health(node.scratch.root(), node.at(server.port()), k_timeout_ms);
  CHECK(health.answer == Answer::not_ready);
  CHECK(health.status == 429);
  CHECK(health.detail == "HTTP status 429");
}

TEST_CASE("who is refused asks again with the client certificate", "[api_server]") {
  const ServerNode node;
  node.write_client(make_certificate("kubelet-client", ""));
  const int refusal = GENERATE(401, 403);
  TestServer::Options options = node.says("");
  options.answer = [&](const TestRequest& request) {
    return request.client == "kubelet-client" ? http_answer(200, "ok") : http_answer(refusal, "no");
  };
  TestServer server(options);
  const Health health = ask_health(node.scratch.root(), with_client(node.at(server.port())), k_timeout_ms);
  CHECK(health.answer == Answer::ok);
  server.stop();
  REQUIRE(server.requests().size() == 2);
  CHECK(server.requests().front().client.empty());
}

TEST_CASE("who is refused with the certificate too, has none, or one that cannot be used, is forbidden",
          "[api_server]") {
  const ServerNode node;
  TestServer server(node.says(http_answer(403, "no")));
  ApiServer asked = node.at(server.port());
  std::size_t requests = 1;
  SECTION("none") {}
  SECTION("missing") { asked = with_client(asked); }
  SECTION("refused too") {
    node.write_client(make_certificate("kubelet-client", ""));
    asked = with_client(asked);
    requests = 2;
  }
  SECTION("unusable") {
    node.write_client({make_certificate("a", "").certificate, make_certificate("b", "").key});
    asked = with_client(asked);
  }
  const Health health = ask_health(node.scratch.root(), asked, k_timeout_ms);
  CHECK(health.answer == Answer::forbidden);
  CHECK(health.status == 403);
  server.stop();
  CHECK(server.requests().size() == requests);
}

TEST_CASE("somebody with another certificate is a stranger and is asked nothing", "[api_server]") {
  const ServerNode node;
  TestServer::Options options = node.says(http_answer(200, "ok"));
  options.certificate = make_certificate("kube-apiserver", "");
  TestServer server(options);
  const Health health = ask_health(node.scratch.root(), node.at(server.port()), k_timeout_ms);
  CHECK(health.answer == Answer::stranger);
  CHECK(health.status == 0);
  server.stop();
  CHECK(server.requests().empty());
}

TEST_CASE("only the first certificate of a file is the server's", "[api_server]") {
  const ServerNode node;
  const TestCertificate second = make_certificate("ca", "");
  node.scratch.write("/etc/kubernetes/pki/apiserver.crt", node.own.certificate + second.certificate);
  TestServer::Options options = node.says(http_answer(200, "ok"));
  options.certificate = second;
  TestServer server(options);
  CHECK(ask_health(node.scratch.root(), node.at(server.port()), k_timeout_ms).answer == Answer::stranger);
}

TEST_CASE("a renewed certificate is read again, and a link to it followed", "[api_server]") {
  const ServerNode node;
  TestServer server(node.says(http_answer(200, "ok")));
  ApiServer asked = node.at(server.port());
  asked.certificate_files = {"/pki/missing.crt", "/pki/current.crt"};
  node.scratch.write("/pki/1.crt", make_certificate("old", "").certificate);
  node.scratch.write("/pki/2.crt", node.own.certificate);
  node.scratch.link("1.crt", "/pki/current.crt");
  CHECK(ask_health(node.scratch.root(), asked, k_timeout_ms).answer == Answer::stranger);
  REQUIRE(::unlink(node.scratch.at("/pki/current.crt").c_str()) == 0);
  node.scratch.link("/pki/2.crt", "/pki/current.crt");  // of the node, below its root
  CHECK(ask_health(node.scratch.root(), asked, k_timeout_ms).answer == Answer::ok);
}

TEST_CASE("without any readable certificate nothing is asked", "[api_server]") {
  const ServerNode node;
  TestServer server(node.says(http_answer(200, "ok")));
  ApiServer asked = node.at(server.port());
  std::string said;
  SECTION("missing") {
    asked.certificate_files = {"/etc/kubernetes/pki/other.crt"};
    said = "other.crt: no such file";
  }
  SECTION("no PEM") {
    node.scratch.write("/etc/kubernetes/pki/apiserver.crt", "x");
    said = "/etc/kubernetes/pki/apiserver.crt holds no certificate";
  }
  SECTION("a circle of links") {
    node.scratch.link("circle", "/etc/circle");
    asked.certificate_files = {"/etc/circle"};
    said = "circle";
  }
  SECTION("a link that others may change") {
    node.scratch.make_directory("/open");
    REQUIRE(::chmod(node.scratch.at("/open").c_str(), 0777) == 0);
    node.scratch.link("/etc/kubernetes/pki/apiserver.crt", "/open/link");
    asked.certificate_files = {"/open/link"};
    said = "others than root may write it";
  }
  const Health health = ask_health(node.scratch.root(), asked, k_timeout_ms);
  CHECK(health.answer == Answer::none);
  CHECK(health.detail.find(said) != std::string::npos);
  server.stop();
  CHECK(server.connections() == 0);
}

TEST_CASE("a server that made its own certificate is known by its socket alone", "[api_server]") {
  if (!kaudit::test::has_proc()) return;
  const ServerNode node;
  TestServer server(node.says(http_answer(200, "ok")));
  ApiServer asked = node.at(server.port());
  asked.certificate_files.clear();
  CHECK(ask_health(node.scratch.root(), asked, k_timeout_ms).answer == Answer::ok);
  const auto listener = kaudit::node::listener_of(asked);
  REQUIRE(listener.process);
  CHECK(listener.process->pid == ::getpid());
}

TEST_CASE("nobody there is no answer, at either address", "[api_server]") {
  const ServerNode node;
  const Health health = ask_health(node.scratch.root(), node.at(free_port()), k_timeout_ms);
  CHECK(health.answer == Answer::none);
  CHECK(health.detail == "connection refused");
}

TEST_CASE("a server that listens on IPv6 alone is found", "[api_server]") {
  const ServerNode node;
  TestServer::Options options = node.says(http_answer(200, "ok"));
  options.address = "::1";
  const TestServer server(options);
  if (server.port() == 0) WARN("skipped: no IPv6 here");
  if (server.port() == 0) return;
  const Health health = ask_health(node.scratch.root(), node.at(server.port()), k_timeout_ms);
  CHECK(health.answer == Answer::ok);
  CHECK(health.address == "::1");
}

TEST_CASE("the address that is bound is the one that is asked", "[api_server]") {
  const ServerNode node;
  TestServer::Options options = node.says(http_answer(200, "ok"));
  options.address = "127.0.0.2";
  const TestServer server(options);
  ApiServer asked = node.at(server.port());
  CHECK(ask_health(node.scratch.root(), asked, k_timeout_ms).answer == Answer::none);
  asked.bind_address = "127.0.0.2";
  CHECK(ask_health(node.scratch.root(), asked, k_timeout_ms).address == "127.0.0.2");
}

TEST_CASE("any other request goes to the same server", "[api_server]") {
  const ServerNode node;
  node.write_client(make_certificate("kubelet-client", ""));
  TestServer server(node.says(http_answer(200, "{}")));
  const ApiServer asked = with_client(node.at(server.port()));
  HttpRequest request;
  request.target = "/api/v1/namespaces/default";
  request.timeout_ms = k_timeout_ms;
  request.identity = kaudit::node::identity_of(node.scratch.root(), asked);
  const HttpAnswer answer = ask_server(node.scratch.root(), asked, request);
  CHECK(answer.body == "{}");
  server.stop();
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests().front().client == "kubelet-client");
}
