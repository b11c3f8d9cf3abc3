#include "kaudit/survey/settings.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace kaudit::survey {
namespace {

std::optional<kube::FlagType> audit_type(std::string_view name) {
  for (const kube::AuditFlag& flag : kube::audit_flags()) {
    if (flag.name == name) return flag.type;
  }
  return std::nullopt;
}

bool takes_next(std::string_view name, std::string_view next) {
  if (const auto type = audit_type(name)) return *type != kube::FlagType::boolean;
  return !next.starts_with('-') || next == "-";
}

using Values = std::vector<std::string>;

/// Every value of each flag, in order.
std::map<std::string, Values> by_name(const std::vector<kube::FlagSetting>& settings) {
  std::map<std::string, Values> values;
  for (const kube::FlagSetting& setting : settings) values[setting.name].push_back(setting.value.value_or("true"));
  return values;
}

std::optional<std::string> joined(const std::map<std::string, Values>& all, const std::string& name) {
  const auto found = all.find(name);
  if (found == all.end()) return std::nullopt;
  std::string text;
  for (const std::string& value : found->second) text += (text.empty() ? "" : ", ") + value;
  return text;
}

bool has_variable(const std::string& text) { return text.find("$(") != std::string::npos; }

/// An audit flag is its last setting; what it means counts, not how it is spelt.
bool is_same_audit_setting(const std::string& name, const Values& left, const Values& right) {
  for (const kube::AuditFlag& flag : kube::audit_flags()) {
    if (flag.name == name) return kube::same_flag_value(flag, left.back(), right.back());
  }
  return false;
}

}  // namespace

std::vector<kube::FlagSetting> settings_in(const std::vector<std::string>& arguments) {
  std::vector<kube::FlagSetting> settings;
  for (std::size_t at = 1; at < arguments.size(); ++at) {
    std::string_view word = arguments[at];
    if (word == "--") break;
    if (word.size() < 2 || word[0] != '-') continue;
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    const std::size_t equals = word.find('=');
    kube::FlagSetting setting;
    setting.name = kube::normalise_flag_name(word.substr(0, equals));
    if (equals != std::string_view::npos) {
      setting.value = std::string(word.substr(equals + 1));
    } else if (at + 1 < arguments.size() && takes_next(setting.name, arguments[at + 1])) {
      setting.value = arguments[++at];
    }
    settings.push_back(std::move(setting));
  }
  return settings;
}

std::vector<FlagDifference> differences(const std::vector<kube::FlagSetting>& manifest,
                                        const std::vector<kube::FlagSetting>& process) {
  const auto wanted = by_name(manifest);
  const auto running = by_name(process);
  auto all = wanted;
  all.insert(running.begin(), running.end());
  std::vector<FlagDifference> found;
  for (const auto& [name, values] : all) {
    const auto in_manifest = wanted.find(name);
    const auto in_process = running.find(name);
    const bool is_in_both = in_manifest != wanted.end() && in_process != running.end();
    if (is_in_both && (in_manifest->second == in_process->second ||
                       is_same_audit_setting(name, in_manifest->second, in_process->second))) {
      continue;
    }
    FlagDifference difference{name, joined(wanted, name), joined(running, name)};
    if (is_in_both && has_variable(*difference.in_manifest)) continue;
    found.push_back(std::move(difference));
  }
  return found;
}

}  // namespace kaudit::survey
