#include "kaudit/node/inquiries.hpp"

#include <functional>
#include <string>

#include "support/catch.hpp"
#include "support/test_server.hpp"

#include "host/scratch.hpp"

using kaudit::node::AdminAccess;
using kaudit::node::ApiServer;
using kaudit::node::Identity;
using kaudit::node::preferred_version;
using kaudit::node::who_is;
using kaudit::test::http_answer;
using kaudit::test::make_certificate;
using kaudit::test::Scratch;
using kaudit::test::TestCertificate;
using kaudit::test::TestRequest;
using kaudit::test::TestServer;
using Known = Identity::Known;

namespace {

constexpr const char* k_review = R"({"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1","status":)"
                                 R"({"userInfo":{"username":"alice","groups":["ops","system:authenticated"]}}})";

/// An API server that is known by its certificate, and what it says.
struct AnsweringNode {
  Scratch scratch;
  TestCertificate own = make_certificate("kube-apiserver", "");
  TestCertificate admin = make_certificate("kubernetes-admin", "", nullptr, {"kubeadm:cluster-admins"});
  TestServer server;
  ApiServer at;
  AdminAccess access{{admin.certificate, admin.key}, "", "/etc/kubernetes/admin.conf"};

  explicit AnsweringNode(std::function<std::string(const TestRequest&)> answer)
      : server(TestServer::Options{own, std::move(answer)}) {
    scratch.write("/etc/kubernetes/pki/apiserver.crt", own.certificate);
    at.secure_port = server.port();
    at.certificate_files = {"/etc/kubernetes/pki/apiserver.crt"};
  }
  Identity who() const { return who_is(scratch.root(), at, access); }
};

}  // namespace

TEST_CASE("Who one is, the API server says itself") {
  AnsweringNode node([](const TestRequest& request) {
    const bool is_review = request.text.starts_with("POST /apis/authentication.k8s.io/v1/selfsubjectreviews HTTP/1.1");
    return is_review ? http_answer(201, k_review) : http_answer(404, "{}");
  });
  const Identity identity = node.who();
  CHECK(identity.known == Known::by_server);
  CHECK(identity.user == "alice");
  CHECK(identity.groups == std::vector<std::string>{"ops", "system:authenticated"});
}

TEST_CASE("An older API server has v1beta1, and the oldest ones leave it to the certificate") {
  SECTION("1.27") {
    AnsweringNode node([](const TestRequest& request) {
      const bool is_beta = request.text.find("/v1beta1/selfsubjectreviews") != std::string::npos;
      return is_beta ? http_answer(201, k_review) : http_answer(404, "{}");
    });
    CHECK(node.who().user == "alice");
  }
  SECTION("1.20") {
    AnsweringNode node([](const TestRequest&) { return http_answer(404, "{}"); });
    const Identity identity = node.who();
    CHECK(identity.known == Known::by_certificate);
    CHECK(identity.user == "kubernetes-admin");
    CHECK(identity.groups == std::vector<std::string>{"kubeadm:cluster-admins", "system:authenticated"});
    node.access.identity = {};
    node.access.bearer_token = "opaque";
    CHECK(node.who().known == Known::no);
  }
}

TEST_CASE("A user that the API server does not take is nobody") {
  for (const std::string& answer :
       {http_answer(401, "{}"), http_answer(403, R"({"message":"User \"system:anonymous\" cannot create"})"),
        http_answer(201, R"({"status":{"userInfo":{"username":"system:anonymous"}}})")}) {
    AnsweringNode node([&](const TestRequest&) { return answer; });
    const Identity identity = node.who();
    CHECK(identity.known == Known::refused);
    CHECK(identity.detail.find("/etc/kubernetes/admin.conf") != std::string::npos);
  }
}

TEST_CASE("The version of a group is the one that discovery prefers") {
  AnsweringNode node([](const TestRequest& request) {
    if (!request.text.starts_with("GET /apis/example.com HTTP/1.1")) return http_answer(404, "{}");
    return http_answer(200,
                       R"({"kind":"APIGroup","preferredVersion":{"groupVersion":"example.com/v2","version":"v2"}})");
  });
  CHECK(preferred_version(node.scratch.root(), node.at, node.access, "example.com") == "v2");
  CHECK(preferred_version(node.scratch.root(), node.at, node.access, "other.example").empty());
}
