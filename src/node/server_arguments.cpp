#include "kaudit/node/server_arguments.hpp"

#include <algorithm>
#include <string_view>

#include "kaudit/kube/command_line.hpp"

namespace kaudit::node {
namespace {

using Settings = std::vector<kube::FlagSetting>;

/// Of the last setting, which counts.
std::string_view value_of(const Settings& settings, std::string_view name, std::string_view otherwise) {
  const auto last = std::find_if(settings.rbegin(), settings.rend(), [&](const kube::FlagSetting& setting) {
    return setting.name == name && setting.value;
  });
  return last == settings.rend() ? otherwise : std::string_view(*last->value);
}

std::string_view file_name(const std::string& path) { return std::string_view(path).substr(path.rfind('/') + 1); }

}  // namespace

bool is_api_server(const std::vector<std::string>& arguments) {
  constexpr std::string_view k_name = "kube-apiserver";
  if (arguments.empty()) return false;
  return file_name(arguments[0]) == k_name || (arguments.size() > 1 && file_name(arguments[1]) == k_name);
}

std::vector<std::string> audit_elements(const std::vector<std::string>& arguments) {
  std::vector<std::string> found;
  for (const std::string& argument : arguments) {
    if (argument.starts_with("--audit-") || argument.starts_with("--audit_")) found.push_back(argument);
  }
  return found;
}

std::string batching_flag(const std::vector<std::string>& arguments) {
  const Settings settings = kube::settings_in(arguments);
  if (value_of(settings, "audit-policy-file", "").empty()) return {};  // then nothing is recorded
  const auto is_batching = [&](const char* backend, const char* mode, std::string_view default_mode) {
    return !value_of(settings, backend, "").empty() && value_of(settings, mode, default_mode) == "batch";
  };
  if (is_batching("audit-log-path", "audit-log-mode", "blocking")) return "--audit-log-mode=batch";
  if (is_batching("audit-webhook-config-file", "audit-webhook-mode", "batch")) return "--audit-webhook-mode=batch";
  return {};
}

}  // namespace kaudit::node
