#include "kaudit/kube/command_line.hpp"

#include <algorithm>
#include <string_view>

namespace kaudit::kube {
namespace {

bool takes_next(std::string_view name, std::string_view next) {
  const auto flags = audit_flags();
  const auto row = std::find_if(flags.begin(), flags.end(), [&](const AuditFlag& flag) { return flag.name == name; });
  if (row != flags.end()) return row->type != FlagType::boolean;
  return !next.starts_with('-') || next == "-";
}

}  // namespace

std::vector<FlagSetting> settings_in(const std::vector<std::string>& arguments) {
  std::vector<FlagSetting> settings;
  for (std::size_t at = 1; at < arguments.size(); ++at) {
    std::string_view word = arguments[at];
    if (word == "--") break;
    if (word.size() < 2 || word[0] != '-') continue;
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    const std::size_t equals = word.find('=');
    FlagSetting setting;
    setting.name = normalise_flag_name(word.substr(0, equals));
    if (equals != std::string_view::npos) {
      setting.value = std::string(word.substr(equals + 1));
    } else if (at + 1 < arguments.size() && takes_next(setting.name, arguments[at + 1])) {
      setting.value = arguments[++at];
    }
    settings.push_back(std::move(setting));
  }
  return settings;
}

}  // namespace kaudit::kube
