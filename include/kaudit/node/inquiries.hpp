#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/host/root.hpp"
#include "kaudit/node/api_server.hpp"
#include "kaudit/node/kubeconfig.hpp"

namespace kaudit::node {

/// Whom the API server takes an AdminAccess for.
struct Identity {
  enum class Known : std::uint8_t {
    by_server,       ///< it said so itself
    by_certificate,  ///< it did not say, and this is what the client certificate says
    refused,         ///< it does not take certificate or token: `detail`
    no,              ///< it did not say, and a token tells nothing: `detail`
  } known = Known::no;
  std::string user;
  std::vector<std::string> groups;  ///< `system:authenticated` among them
  std::string detail;               ///< one line
};

/// Asks for a SelfSubjectReview (authentication.k8s.io/v1 since 1.28, v1beta1 in 1.27), which every authenticated user
/// may have and which leaves nothing behind; else reads the certificate: its common name is the user, its
/// organizations are the groups. Source: k8s.io/apiserver pkg/authentication/request/x509/x509.go
/// CommonNameUserConversion, pkg/authentication/group/authenticated_group_adder.go, v1.20 to v1.37.
[[nodiscard]] Identity who_is(const host::Root& root, const ApiServer& server, const AdminAccess& access);

/// The version under which the server prefers to serve a group, by discovery (`/apis/GROUP`); "" if it does not serve
/// it or does not say.
[[nodiscard]] std::string preferred_version(const host::Root& root, const ApiServer& server, const AdminAccess& access,
                                            std::string_view api_group);

}  // namespace kaudit::node
