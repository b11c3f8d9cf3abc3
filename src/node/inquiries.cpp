#include "kaudit/node/inquiries.hpp"

#include <algorithm>
#include <optional>

#include "kaudit/base/ascii.hpp"
#include "kaudit/decode/decode.hpp"
#include "kaudit/decode/named_entry.hpp"
#include "kaudit/host/certificate.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::node {
namespace {

using decode::text_of;
using decode::Value;
using Outcome = host::HttpAnswer::Outcome;

constexpr int k_inquiry_timeout_ms = 5000;
constexpr const char* k_anonymous = "system:anonymous";
constexpr const char* k_authenticated = "system:authenticated";

std::optional<Value> body_of(const host::HttpAnswer& answer) {
  auto value = decode::as_kubernetes_reads_it(text::Source("", answer.body));
  if (!value) return std::nullopt;
  return std::move(value).value();
}

host::HttpAnswer review(const host::Root& root, const ApiServer& server, const AdminAccess& access,
                        const std::string& version) {
  host::HttpRequest request;
  request.method = "POST";
  request.target = "/apis/authentication.k8s.io/" + version + "/selfsubjectreviews";
  request.body = R"({"apiVersion":"authentication.k8s.io/)" + version + R"(","kind":"SelfSubjectReview"})";
  request.content_type = "application/json";
  request.timeout_ms = k_inquiry_timeout_ms;
  return ask_as(root, server, access, std::move(request));
}

/// What a review's answer says; nothing: it is none.
std::optional<Identity> identity_in(const host::HttpAnswer& answer) {
  const std::optional<Value> body = body_of(answer);
  const Value* status = body ? body->find("status") : nullptr;
  const Value* info = status != nullptr ? status->find("userInfo") : nullptr;
  if (info == nullptr || text_of(info->find("username")).empty()) return std::nullopt;
  Identity identity;
  identity.known = Identity::Known::by_server;
  identity.user = text_of(info->find("username"));
  const Value* groups = info->find("groups");
  if (groups != nullptr && groups->array() != nullptr) {
    for (const Value& group : *groups->array()) identity.groups.push_back(text_of(&group));
  }
  return identity;
}

Identity identity_by_certificate(const AdminAccess& access, std::string detail) {
  Identity identity;
  identity.detail = std::move(detail);
  const auto subject = host::subject_of(access.identity.certificate);
  if (!subject || subject->common_name.empty()) return identity;
  identity.known = Identity::Known::by_certificate;
  identity.user = subject->common_name;
  identity.groups = subject->organizations;
  identity.groups.emplace_back(k_authenticated);
  return identity;
}

}  // namespace

Identity who_is(const host::Root& root, const ApiServer& server, const AdminAccess& access) {
  host::HttpAnswer answer = review(root, server, access, "v1");
  if (answer.outcome == Outcome::answered && answer.status == 404) answer = review(root, server, access, "v1beta1");
  if (answer.outcome != Outcome::answered) return identity_by_certificate(access, answer.detail);
  const std::string said = "the API server answers " + std::to_string(answer.status);
  std::optional<Identity> identity = answer.status == 201 ? identity_in(answer) : std::nullopt;
  const bool is_anonymous = identity && identity->user == k_anonymous;
  // Who may not even ask who he is has not been recognised: everybody authenticated may.
  const bool names_anonymous = answer.status == 403 && answer.body.find(k_anonymous) != std::string::npos;
  if (answer.status == 401 || is_anonymous || names_anonymous) {
    Identity refused;
    refused.known = Identity::Known::refused;
    refused.detail = one_line(said + ": it does not take what " + access.file + " shows for a user");
    return refused;
  }
  return identity ? *std::move(identity) : identity_by_certificate(access, said);
}

std::string preferred_version(const host::Root& root, const ApiServer& server, const AdminAccess& access,
                              std::string_view api_group) {
  host::HttpRequest request;
  request.target = "/apis/" + std::string(api_group);
  request.timeout_ms = k_inquiry_timeout_ms;
  const host::HttpAnswer answer = ask_as(root, server, access, std::move(request));
  if (answer.outcome != Outcome::answered || answer.status != 200) return {};
  const std::optional<Value> body = body_of(answer);
  const Value* preferred = body ? body->find("preferredVersion") : nullptr;
  const std::string version = preferred != nullptr ? text_of(preferred->find("version")) : std::string();
  const bool is_plain = std::all_of(version.begin(), version.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  return is_plain ? version : std::string();
}

}  // namespace kaudit::node
