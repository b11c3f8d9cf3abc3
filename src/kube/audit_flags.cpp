#include "kaudit/kube/audit_flags.hpp"

#include <algorithm>
#include <array>

#include "kaudit/base/nearest.hpp"

namespace kaudit::kube {
namespace {

/// 1.36 changed the rotation defaults from "keep everything" (k8s.io/apiserver commit 385343a37, v0.36.0-alpha.1).
constexpr Version k_rotation_by_default{1, 36};

constexpr AuditFlag row(std::string_view name, FlagType type, std::string_view default_value) {
  AuditFlag flag;
  flag.name = name;
  flag.type = type;
  flag.default_value = default_value;
  return flag;
}

constexpr AuditFlag rotation(std::string_view name, std::string_view default_value) {
  AuditFlag flag = row(name, FlagType::integer, default_value);
  flag.default_since = k_rotation_by_default;
  flag.older_default = "0";
  return flag;
}

/// Every release from 1.20 to 1.37 has exactly these 32 (--audit-dynamic-configuration went in 1.19).
constexpr std::array k_flags{
    row("audit-log-batch-buffer-size", FlagType::integer, "10000"),
    row("audit-log-batch-max-size", FlagType::integer, "1"),
    row("audit-log-batch-max-wait", FlagType::duration, "0s"),
    row("audit-log-batch-throttle-burst", FlagType::integer, "0"),
    row("audit-log-batch-throttle-enable", FlagType::boolean, "false"),
    row("audit-log-batch-throttle-qps", FlagType::float32, "0"),
    row("audit-log-compress", FlagType::boolean, "false"),
    row("audit-log-format", FlagType::string, "json"),
    rotation("audit-log-maxage", "366"),
    rotation("audit-log-maxbackup", "100"),
    rotation("audit-log-maxsize", "100"),
    row("audit-log-mode", FlagType::string, "blocking"),
    row("audit-log-path", FlagType::string, ""),
    row("audit-log-truncate-enabled", FlagType::boolean, "false"),
    row("audit-log-truncate-max-batch-size", FlagType::int64, "10485760"),
    row("audit-log-truncate-max-event-size", FlagType::int64, "102400"),
    row("audit-log-version", FlagType::string, "audit.k8s.io/v1"),
    row("audit-policy-file", FlagType::string, ""),
    row("audit-webhook-batch-buffer-size", FlagType::integer, "10000"),
    // Deprecated, hidden from --help, and the same variable as --audit-webhook-initial-backoff.
    row("audit-webhook-batch-initial-backoff", FlagType::duration, "10s"),
    row("audit-webhook-batch-max-size", FlagType::integer, "400"),
    row("audit-webhook-batch-max-wait", FlagType::duration, "30s"),
    row("audit-webhook-batch-throttle-burst", FlagType::integer, "15"),
    row("audit-webhook-batch-throttle-enable", FlagType::boolean, "true"),
    row("audit-webhook-batch-throttle-qps", FlagType::float32, "10"),
    row("audit-webhook-config-file", FlagType::string, ""),
    row("audit-webhook-initial-backoff", FlagType::duration, "10s"),
    row("audit-webhook-mode", FlagType::string, "batch"),
    row("audit-webhook-truncate-enabled", FlagType::boolean, "false"),
    row("audit-webhook-truncate-max-batch-size", FlagType::int64, "10485760"),
    row("audit-webhook-truncate-max-event-size", FlagType::int64, "102400"),
    row("audit-webhook-version", FlagType::string, "audit.k8s.io/v1"),
};

bool knows(const AuditFlag& flag, Version version) {
  return (!flag.since || version >= *flag.since) && (!flag.removed || version < *flag.removed);
}

}  // namespace

std::span<const AuditFlag> audit_flags() { return k_flags; }

const AuditFlag* find_audit_flag(std::string_view name, Version version) {
  const auto* found = std::ranges::lower_bound(k_flags, name, {}, &AuditFlag::name);
  return found != k_flags.end() && found->name == name && knows(*found, version) ? &*found : nullptr;
}

std::string_view default_of(const AuditFlag& flag, Version version) {
  return flag.default_since && version < *flag.default_since ? flag.older_default : flag.default_value;
}

std::string_view nearest_audit_flag(std::string_view name, Version version) {
  if (name.empty()) return {};
  std::vector<std::string_view> names;
  std::vector<std::string_view> longer;
  for (const AuditFlag& flag : k_flags) {
    if (!knows(flag, version)) continue;
    names.push_back(flag.name);
    if (flag.name.starts_with(name)) longer.push_back(flag.name);
  }
  if (longer.size() == 1) return longer.front();  // "audit-policy" can only mean one
  const std::string nearest = nearest_word(name, names);
  const auto found = std::ranges::find(names, nearest);
  return found == names.end() ? std::string_view{} : *found;
}

std::string normalise_flag_name(std::string_view name) {
  std::string normal(name);
  std::ranges::replace(normal, '_', '-');
  return normal;
}

}  // namespace kaudit::kube
