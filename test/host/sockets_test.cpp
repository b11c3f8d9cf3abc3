#include "kaudit/host/sockets.hpp"

#include <unistd.h>

#include "support/catch.hpp"
#include "support/proc.hpp"
#include "support/test_server.hpp"

#include "host/child.hpp"

using kaudit::host::identify;
using kaudit::host::listener_on;
using kaudit::host::listens;
using kaudit::test::Child;
using kaudit::test::TestServer;
using Known = kaudit::host::Listener::Known;

namespace {

TestServer::Options at(const char* address) {
  TestServer::Options options;
  options.address = address;
  return options;
}

}  // namespace

TEST_CASE("the process that listens on a port is named", "[sockets]") {
  if (!kaudit::test::has_proc()) return;
  const TestServer server(at("127.0.0.1"));
  const auto self = identify(::getpid());
  REQUIRE(self);
  const auto listener = listener_on(server.port());
  CHECK(listener.known == Known::process);
  CHECK(listener.process == self);
  CHECK(listens(*self, server.port()) == true);
}

TEST_CASE("the process that listens on an IPv6 address is named", "[sockets]") {
  if (!kaudit::test::has_proc()) return;
  const TestServer server(at("::1"));
  if (server.port() == 0) WARN("skipped: no IPv6 here");
  if (server.port() == 0) return;
  const auto listener = listener_on(server.port());
  CHECK(listener.known == Known::process);
  CHECK(listener.process == identify(::getpid()));
}

TEST_CASE("nobody listens once the server has gone", "[sockets]") {
  if (!kaudit::test::has_proc()) return;
  TestServer server(at("127.0.0.1"));
  const auto self = identify(::getpid());
  REQUIRE(listens(*self, server.port()) == true);
  server.stop();
  CHECK(listener_on(server.port()).known == Known::nobody);
  CHECK_FALSE(listener_on(server.port()).process);
  CHECK(listens(*self, server.port()) == false);
}

TEST_CASE("of several processes with the listening socket the oldest is named", "[sockets]") {
  if (!kaudit::test::has_proc()) return;
  const TestServer server(at("127.0.0.1"));
  const Child child;  // inherits it
  const auto process = identify(child.pid());
  REQUIRE(process);
  CHECK(listens(*process, server.port()) == true);
  CHECK(listener_on(server.port()).process == identify(::getpid()));
}

TEST_CASE("a process that has ended, and one that only had its pid, listen nowhere", "[sockets]") {
  if (!kaudit::test::has_proc()) return;
  const TestServer server(at("127.0.0.1"));
  const Child child;
  const auto process = identify(child.pid());
  REQUIRE(process);
  child.end();
  CHECK(listens(*process, server.port()) == false);
  auto earlier = identify(::getpid());
  REQUIRE(earlier);
  --earlier->start_time;
  CHECK(listens(*earlier, server.port()) == false);
}
