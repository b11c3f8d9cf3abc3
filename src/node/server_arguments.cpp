#include "kaudit/node/server_arguments.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>

#include "kaudit/kube/audit_flags.hpp"

namespace kaudit::node {
namespace {

using Settings = std::map<std::string, std::string>;

bool takes_next(const std::string& name) {
  const auto flags = kube::audit_flags();
  const auto row = std::find_if(flags.begin(), flags.end(), [&](const auto& flag) { return flag.name == name; });
  return row != flags.end() && row->type != kube::FlagType::boolean;
}

/// The flags that have a value, the last setting of each. Of flags that are not in our table it is not known whether
/// they take the next element, too; that one is then read by its own look.
Settings audit_settings(const std::vector<std::string>& arguments) {
  Settings settings;
  for (std::size_t at = 1; at < arguments.size() && arguments[at] != "--"; ++at) {
    const std::string& text = arguments[at];
    if (!text.starts_with("--")) continue;
    const std::size_t equals = text.find('=');
    const std::string name =
        kube::normalise_flag_name(text.substr(2, equals == std::string::npos ? equals : equals - 2));
    if (equals != std::string::npos) {
      settings[name] = text.substr(equals + 1);
    } else if (takes_next(name) && at + 1 < arguments.size()) {
      settings[name] = arguments[++at];
    }
  }
  return settings;
}

std::string_view value_of(const Settings& settings, const char* name, std::string_view otherwise) {
  const auto found = settings.find(name);
  return found == settings.end() ? otherwise : std::string_view(found->second);
}

std::string_view file_name(const std::string& path) { return std::string_view(path).substr(path.rfind('/') + 1); }

}  // namespace

bool is_api_server(const std::vector<std::string>& arguments) {
  constexpr std::string_view k_name = "kube-apiserver";
  if (arguments.empty()) return false;
  return file_name(arguments[0]) == k_name || (arguments.size() > 1 && file_name(arguments[1]) == k_name);
}

std::string batching_flag(const std::vector<std::string>& arguments) {
  const Settings settings = audit_settings(arguments);
  if (value_of(settings, "audit-policy-file", "").empty()) return {};  // then nothing is recorded
  const auto is_batching = [&](const char* backend, const char* mode, std::string_view default_mode) {
    return !value_of(settings, backend, "").empty() && value_of(settings, mode, default_mode) == "batch";
  };
  if (is_batching("audit-log-path", "audit-log-mode", "blocking")) return "--audit-log-mode=batch";
  if (is_batching("audit-webhook-config-file", "audit-webhook-mode", "batch")) return "--audit-webhook-mode=batch";
  return {};
}

}  // namespace kaudit::node
