#include "kaudit/survey/settings.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace kaudit::survey {
namespace {

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
