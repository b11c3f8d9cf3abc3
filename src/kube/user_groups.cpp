#include "kaudit/kube/user_groups.hpp"

namespace kaudit::kube {
namespace {

/// NAMESPACE of system:serviceaccount:NAMESPACE:NAME; "" for all others.
std::string_view namespace_of_account(std::string_view user) {
  constexpr std::string_view k_account = "system:serviceaccount:";
  if (!user.starts_with(k_account)) return {};
  user.remove_prefix(k_account.size());
  const std::size_t colon = user.find(':');
  return colon == std::string_view::npos ? std::string_view() : user.substr(0, colon);
}

}  // namespace

std::vector<std::string> groups_by_name(std::string_view user, Version version) {
  if (user == "system:anonymous") return {"system:unauthenticated"};
  std::vector<std::string> groups;
  if (const std::string_view name_space = namespace_of_account(user); !name_space.empty()) {
    groups = {"system:serviceaccounts", "system:serviceaccounts:" + std::string(name_space)};
  }
  if (user.starts_with("system:bootstrap:")) groups.emplace_back("system:bootstrappers");
  if (user.starts_with("system:node:")) groups.emplace_back("system:nodes");
  if (user == "system:apiserver") {
    groups.emplace_back("system:masters");
    if (version < Version{1, 29}) return groups;
  }
  groups.emplace_back("system:authenticated");
  return groups;
}

}  // namespace kaudit::kube
