#include "kaudit/host/http.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "support/catch.hpp"
#include "support/test_server.hpp"

using kaudit::host::addresses_of;
using kaudit::host::ask;
using kaudit::host::HttpAnswer;
using kaudit::host::HttpRequest;
using kaudit::test::free_port;
using kaudit::test::http_answer;
using kaudit::test::TestRequest;
using kaudit::test::TestServer;
using Manner = TestServer::Manner;
using Outcome = HttpAnswer::Outcome;

namespace {

HttpRequest to(std::uint16_t port) {
  HttpRequest request;
  request.scheme = HttpRequest::Scheme::http;
  request.address = "127.0.0.1";
  request.port = port;
  return request;
}

TestServer::Options says(std::string answer, Manner manner = Manner::answer) {
  TestServer::Options options;
  options.answer = [answer = std::move(answer)](const TestRequest&) { return answer; };
  options.manner = manner;
  return options;
}

/// An environment variable for the length of a test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : m_name(name) { ::setenv(name, value.c_str(), 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { ::unsetenv(m_name); }

 private:
  const char* m_name;
};

}  // namespace

TEST_CASE("a request is sent as it was given", "[http]") {
  TestServer server(says(http_answer(201, "made")));
  HttpRequest request = to(server.port());
  request.server_name = "receiver.example";
  request.method = "POST";
  request.target = "/a?b=c";
  request.headers = {{"Authorization", "Bearer x"}};
  request.content_type = "application/json";
  request.body = "{}";
  const HttpAnswer answer = ask(request);
  CHECK(answer.outcome == Outcome::answered);
  CHECK(answer.status == 201);
  CHECK(answer.body == "made");
  CHECK(answer.detail.empty());
  server.stop();
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests().front().text ==
        "POST /a?b=c HTTP/1.1\r\nHost: receiver.example:" + std::to_string(server.port()) +
            "\r\nConnection: close\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\n\r\n{}");
}

TEST_CASE("what would end a header line early is never sent, nor told", "[http]") {
  TestServer server(says(http_answer(200, "")));
  HttpRequest request = to(server.port());
  SECTION("in a value") { request.headers = {{"Authorization", "secret\r\nX: y"}}; }
  SECTION("in a name") { request.headers = {{"A\nB", "secret"}}; }
  SECTION("in the path") { request.target = "/secret\r\n"; }
  SECTION("a blank in the path") { request.target = "/secret HTTP/1.1"; }
  const HttpAnswer answer = ask(request);
  CHECK(answer.outcome == Outcome::failed);
  CHECK(answer.detail.find("secret") == std::string::npos);
  CHECK(answer.detail.find("control character") != std::string::npos);
  server.stop();
  CHECK(server.connections() == 0);
}

TEST_CASE("a port on which nobody listens refuses", "[http]") {
  const HttpAnswer answer = ask(to(free_port()));
  CHECK(answer.outcome == Outcome::refused);
  CHECK(answer.detail == "connection refused");
  CHECK(answer.status == 0);
}

TEST_CASE("a server that never answers is given up", "[http]") {
  TestServer server(says("", Manner::silent));
  HttpRequest request = to(server.port());
  request.timeout_ms = 50;
  SECTION("http") {}
  SECTION("https") { request.scheme = HttpRequest::Scheme::https; }
  const HttpAnswer answer = ask(request);
  CHECK(answer.outcome == Outcome::timed_out);
  CHECK(answer.detail == "timed out");
}

TEST_CASE("a server that says a byte now and then is given up", "[http]") {
  // 20 ms a byte: no single wait takes 100 ms, all of it would take 20 s
  TestServer server(says(http_answer(200, std::string(1000, 'x')), Manner::drip));
  HttpRequest request = to(server.port());
  request.timeout_ms = 100;
  const HttpAnswer answer = ask(request);
  CHECK(answer.outcome == Outcome::timed_out);
  CHECK(answer.status == 0);
  CHECK(answer.body.empty());
}

TEST_CASE("a slow answer that comes in time is read whole", "[http]") {
  TestServer server(says(http_answer(200, "ok"), Manner::drip));
  HttpRequest request = to(server.port());
  request.timeout_ms = 30000;
  CHECK(ask(request).body == "ok");
}

TEST_CASE("a server that hangs up is a failure and does not end the program", "[http]") {
  TestServer server(says("", Manner::hang_up));
  HttpRequest request = to(server.port());
  request.method = "POST";
  request.body = std::string(std::size_t{8} << 20U, 'x');
  const HttpAnswer answer = ask(request);
  CHECK(answer.outcome == Outcome::failed);
  CHECK_FALSE(answer.detail.empty());
}

TEST_CASE("a proxy of the environment is not asked", "[http]") {
  TestServer proxy(says(http_answer(200, "proxy")));
  TestServer server(says(http_answer(200, "server")));
  const std::string url = "http://127.0.0.1:" + std::to_string(proxy.port());
  const Variable http("http_proxy", url);
  const Variable https("https_proxy", url);
  const Variable http_upper("HTTP_PROXY", url);
  const Variable https_upper("HTTPS_PROXY", url);
  const Variable all("ALL_PROXY", url);
  CHECK(ask(to(server.port())).body == "server");
  proxy.stop();
  CHECK(proxy.connections() == 0);
}

TEST_CASE("an IPv6 address is asked and named in brackets", "[http]") {
  TestServer::Options options = says(http_answer(200, "six"));
  options.address = "::1";
  TestServer server(options);
  if (server.port() == 0) WARN("skipped: no IPv6 here");
  if (server.port() == 0) return;
  HttpRequest request = to(server.port());
  request.address = "::1";
  CHECK(ask(request).body == "six");
  server.stop();
  CHECK(server.requests().front().text.find("\r\nHost: [::1]:") != std::string::npos);
}

TEST_CASE("a name is not looked up by a request", "[http]") {
  HttpRequest request = to(free_port());
  request.address = "localhost";
  const HttpAnswer answer = ask(request);
  CHECK(answer.outcome == Outcome::failed);
  CHECK(answer.detail == "not a numeric address");
}

TEST_CASE("a name is looked up by getent, an address is its own answer", "[http]") {
  CHECK(addresses_of("10.1.2.3") == std::vector<std::string>{"10.1.2.3"});
  CHECK(addresses_of("fd00::1") == std::vector<std::string>{"fd00::1"});
  const auto local = addresses_of("localhost");
  const bool has_loopback = std::any_of(local.begin(), local.end(), [](const std::string& address) {
    return address == "127.0.0.1" || address == "::1";
  });
  CHECK(has_loopback);
  CHECK(std::count(local.begin(), local.end(), local.front()) == 1);
  CHECK(addresses_of("").empty());
  CHECK(addresses_of("--help").empty());
}
