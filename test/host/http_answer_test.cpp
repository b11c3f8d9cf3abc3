// What is read as an answer, and what is not: bytes from a server, over a real connection.
#include <string>

#include "support/catch.hpp"
#include "support/test_server.hpp"

#include "kaudit/host/http.hpp"

using kaudit::host::ask;
using kaudit::host::HttpAnswer;
using kaudit::host::HttpRequest;
using kaudit::test::TestRequest;
using kaudit::test::TestServer;
using Outcome = HttpAnswer::Outcome;

namespace {

HttpAnswer answer_to(const std::string& bytes, std::size_t body_limit = 1000, const std::string& method = "GET") {
  TestServer::Options options;
  options.answer = [&](const TestRequest&) { return bytes; };
  const TestServer server(options);
  HttpRequest request;
  request.scheme = HttpRequest::Scheme::http;
  request.address = "127.0.0.1";
  request.port = server.port();
  request.body_limit = body_limit;
  request.method = method;
  request.timeout_ms = 30000;
  return ask(request);
}

std::string body_of(const std::string& bytes, std::size_t body_limit = 1000) {
  const HttpAnswer answer = answer_to(bytes, body_limit);
  CHECK(answer.outcome == Outcome::answered);
  CHECK(answer.status == 200);
  return answer.body;
}

const std::string k_ok = "HTTP/1.1 200 OK\r\n";  // NOLINT(cert-err58-cpp): a test may end there

}  // namespace

TEST_CASE("a body ends by its length, its last chunk, or the connection", "[http]") {
  CHECK(body_of(k_ok + "Content-Length: 3\r\n\r\nabcdef") == "abc");
  CHECK(body_of(k_ok + "content-length:3\r\nContent-Length: 3\r\n\r\nabc") == "abc");
  CHECK(body_of(k_ok + "\r\nabc") == "abc");
  CHECK(body_of("HTTP/1.0 200\n\nabc") == "abc");
  CHECK(body_of(k_ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: u\r\n\r\n") ==
        "abc0123456789");
  CHECK(body_of(k_ok + "Content-Length: 0\r\n\r\n").empty());
}

TEST_CASE("an answer longer than the limit is cut there", "[http]") {
  CHECK(body_of(k_ok + "Content-Length: 6\r\n\r\nabcdef", 4) == "abcd");
  CHECK(body_of(k_ok + "\r\nabcdef", 4) == "abcd");
  CHECK(body_of(k_ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", 4) == "abcd");
  CHECK(body_of(k_ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", 6) == "abcdef");
  CHECK(body_of(k_ok + "Content-Length: 99999999999\r\n\r\nabcdef", 4) == "abcd");
}

TEST_CASE("answers without a body, and those before the answer", "[http]") {
  CHECK(answer_to(k_ok + "Content-Length: 6\r\n\r\n", 1000, "HEAD").outcome == Outcome::answered);
  CHECK(answer_to("HTTP/1.1 204 No Content\r\n\r\n").status == 204);
  CHECK(answer_to("HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\n").status == 304);
  CHECK(body_of("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + k_ok + "\r\nabc") == "abc");
}

TEST_CASE("header fields are handed over, blanks around values left out", "[http]") {
  const HttpAnswer answer = answer_to("HTTP/1.1 429 Too Many\r\nRetry-After:  1 \r\nX:\r\nX: y z\r\n\r\n");
  CHECK(answer.status == 429);
  const std::vector<std::pair<std::string, std::string>> want = {{"Retry-After", "1"}, {"X", ""}, {"X", "y z"}};
  CHECK(answer.headers == want);
}

TEST_CASE("what is no HTTP is no answer", "[http]") {
  for (const std::string& bytes : {std::string("SSH-2.0-OpenSSH_9.2\r\n"),
                                   std::string("\x15\x03\x01\x00\x02\x02\x46", 7),
                                   std::string("HTTP/2 200 OK\r\n\r\n"),
                                   std::string("HTTP/1.1 20 OK\r\n\r\n"),
                                   std::string("HTTP/1.1 2000 OK\r\n\r\n"),
                                   std::string("HTTP/1.1 +20 OK\r\n\r\n"),
                                   std::string("HTTP/1.1 099 OK\r\n\r\n"),
                                   std::string("HTTP/1.x 200 OK\r\n\r\n"),
                                   std::string("HTTP/1.1\t200 OK\r\n\r\n"),
                                   k_ok + "no colon\r\n\r\n",
                                   k_ok + ": no name\r\n\r\n",
                                   k_ok + "A: b\r\n folded\r\n\r\n",
                                   k_ok + "A b: c\r\n\r\n",
                                   k_ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                                   k_ok + "Content-Length: -1\r\n\r\n",
                                   k_ok + "Content-Length: 99999999999999999999\r\n\r\n",
                                   k_ok + "Transfer-Encoding: gzip\r\n\r\n",
                                   k_ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                                   k_ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
                                   k_ok + "A: " + std::string(std::size_t{300} << 10U, 'x') + "\r\n\r\n"}) {
    INFO(bytes.substr(0, 80));
    const HttpAnswer answer = answer_to(bytes);
    CHECK(answer.outcome == Outcome::failed);
    CHECK(answer.status == 0);
    CHECK(answer.detail.find("no HTTP/1.1") != std::string::npos);
  }
}

TEST_CASE("an answer that ends early is no answer", "[http]") {
  for (const std::string& bytes :
       {std::string(), std::string("HTT"), std::string("HTTP/1.1 200 O"), k_ok, k_ok + "A: b\r\n",
        k_ok + "Content-Length: 3\r\n\r\nab", k_ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        k_ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"}) {
    INFO(bytes);
    const HttpAnswer answer = answer_to(bytes);
    CHECK(answer.outcome == Outcome::failed);
    CHECK(answer.body.empty());
    CHECK(answer.detail == "the connection ended before the answer did");
  }
}
