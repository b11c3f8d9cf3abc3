#include "flag_syntax.hpp"

#include "kaudit/kube/go_values.hpp"
#include "kaudit/kube/pod_rules.hpp"

namespace kaudit::kube {
namespace {

std::string unknown_flag_hint(const FlagSetting& setting, Version version) {
  if (setting.name == "audit-dynamic-configuration") {
    return "Kubernetes removed this flag in 1.19: delete it, together with --feature-gates=DynamicAuditing";
  }
  // `--audit-log=maxsize=100`, seen in the wild: a '=' where a '-' belongs.
  if (setting.value) {
    const std::size_t equals = setting.value->find('=');
    const std::string joined = normalise_flag_name(setting.name + "-" + setting.value->substr(0, equals));
    if (equals != std::string::npos && find_audit_flag(joined, version) != nullptr) {
      return "did you mean --" + joined + setting.value->substr(equals) + "?";
    }
  }
  const std::string_view nearest = nearest_audit_flag(setting.name, version);
  if (nearest.empty()) return "kube-apiserver " + to_string(version) + " has no such flag; delete it";
  return "did you mean --" + std::string(nearest) + "?";
}

/// The value's error in Go's words; empty if it parses.
std::string parse_error(FlagType type, std::string_view value) {
  const auto words = [](const auto& parsed) {
    const auto* error = std::get_if<std::string>(&parsed);
    return error == nullptr ? std::string() : *error;
  };
  switch (type) {
    case FlagType::string:
      return {};
    case FlagType::integer:
    case FlagType::int64:
      return words(parse_int(value));
    case FlagType::float32:
      return words(parse_float32(value));
    case FlagType::boolean:
      return words(parse_bool(value));
    case FlagType::duration:
      return words(parse_duration(value));
  }
  return {};
}

std::string_view type_hint(FlagType type) {
  switch (type) {
    case FlagType::integer:
    case FlagType::int64:
      return "give a whole number";
    case FlagType::float32:
      return "give a number";
    case FlagType::boolean:
      return "give true or false";
    case FlagType::duration:
      return "give a duration with its unit, such as 30s, 5m or 1h30m";
    case FlagType::string:
      break;
  }
  return {};
}

}  // namespace

std::optional<FlagProblem> refused_by_pflag(const FlagSetting& setting, Version version) {
  const AuditFlag* flag = find_audit_flag(setting.name, version);
  if (flag == nullptr) {
    return FlagProblem{setting.name, "unknown-audit-flag", "unknown flag: --" + setting.name,
                       unknown_flag_hint(setting, version)};
  }
  if (!setting.value) {
    if (flag->type == FlagType::boolean) return std::nullopt;
    return FlagProblem{setting.name, "flag-needs-argument", "flag needs an argument: --" + setting.name,
                       "write --" + setting.name + "=VALUE"};
  }
  const std::string error = parse_error(flag->type, *setting.value);
  if (error.empty()) return std::nullopt;
  return FlagProblem{
      setting.name, "bad-flag-value",
      "invalid argument " + go_quote(*setting.value) + " for " + go_quote("--" + setting.name) + " flag: " + error,
      std::string(type_hint(flag->type))};
}

bool same_flag_value(const AuditFlag& flag, const std::optional<std::string>& left,
                     const std::optional<std::string>& right) {
  if (left == right) return true;
  if (!left || !right) {
    if (flag.type != FlagType::boolean) return false;
    return same_flag_value(flag, left.value_or("true"), right.value_or("true"));
  }
  const auto same = [](const auto& one, const auto& other) { return one.index() == 0 && one == other; };
  switch (flag.type) {
    case FlagType::string:
      return false;
    case FlagType::integer:
    case FlagType::int64:
      return same(parse_int(*left), parse_int(*right));
    case FlagType::float32:
      return same(parse_float32(*left), parse_float32(*right));
    case FlagType::boolean:
      return same(parse_bool(*left), parse_bool(*right));
    case FlagType::duration:
      return same(parse_duration(*left), parse_duration(*right));
  }
  return false;
}

}  // namespace kaudit::kube
