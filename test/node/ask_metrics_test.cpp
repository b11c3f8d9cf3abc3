#include "support/catch.hpp"
#include "support/test_server.hpp"

#include "host/scratch.hpp"
#include "kaudit/node/metrics.hpp"

using kaudit::node::AdminAccess;
using kaudit::node::ApiServer;
using kaudit::node::ask_metrics;
using kaudit::node::sum;
using kaudit::test::free_port;
using kaudit::test::http_answer;
using kaudit::test::make_certificate;
using kaudit::test::Scratch;
using kaudit::test::TestCertificate;
using kaudit::test::TestRequest;
using kaudit::test::TestServer;

namespace {

constexpr const char* k_certificate = "/etc/kubernetes/pki/apiserver.crt";

ApiServer at(std::uint16_t port) {
  ApiServer server;
  server.secure_port = port;
  server.certificate_files = {k_certificate};
  return server;
}

}  // namespace

TEST_CASE("the server is asked for its metrics as a user of the cluster", "[metrics]") {
  const Scratch scratch;
  const TestCertificate own = make_certificate("kube-apiserver", "");
  const TestCertificate admin = make_certificate("kubernetes-admin", "");
  scratch.write(k_certificate, own.certificate);
  TestServer::Options options;
  options.certificate = own;
  options.answer = [](const TestRequest& request) {
    const bool is_asked_well = request.text.rfind("GET /metrics HTTP/1.1\r\n", 0) == 0;
    return request.client == "kubernetes-admin" && is_asked_well
               ? http_answer(200, "aggregator_x 1\napiserver_audit_error_total{plugin=\"log\"} 4\n" +
                                      std::string(5U << 20U, '#') + "\napiserver_audit_event_total 9\n")
               : http_answer(403, "apiserver_audit_error_total{plugin=\"log\"} 5\n");
  };
  TestServer server(options);
  AdminAccess access;
  CHECK_FALSE(ask_metrics(scratch.root(), at(server.port()), access));
  access.identity = {admin.certificate, admin.key};
  const auto samples = ask_metrics(scratch.root(), at(server.port()), access);
  REQUIRE(samples);
  CHECK(samples->size() == 2);
  CHECK(sum(*samples, "apiserver_audit_error_total", {{"plugin", "log"}}) == 4.0);
  CHECK(sum(*samples, "apiserver_audit_event_total") == 9.0);
  CHECK_FALSE(ask_metrics(scratch.root(), at(free_port()), access));
}
