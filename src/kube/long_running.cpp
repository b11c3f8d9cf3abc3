#include "kaudit/kube/long_running.hpp"

#include <algorithm>
#include <array>

namespace kaudit::kube {
namespace {

constexpr std::array<std::string_view, 2> k_verbs = {"watch", "proxy"};
constexpr std::array<std::string_view, 5> k_subresources = {"attach", "exec", "proxy", "log", "portforward"};

}  // namespace

bool is_long_running(std::string_view verb, std::string_view subresource) noexcept {
  return std::find(k_verbs.begin(), k_verbs.end(), verb) != k_verbs.end() ||
         std::find(k_subresources.begin(), k_subresources.end(), subresource) != k_subresources.end();
}

bool is_long_running_path(std::string_view path) noexcept { return path.starts_with(k_long_running_paths); }

}  // namespace kaudit::kube
