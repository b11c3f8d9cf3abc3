#include <algorithm>
#include <array>
#include <span>

#include "flag_syntax.hpp"
#include "kaudit/kube/audit_flags.hpp"
#include "kaudit/kube/go_values.hpp"
#include "kaudit/kube/pod_rules.hpp"

namespace kaudit::kube {
namespace {

/// The settings that are in force: the last one of each name, the defaults of the version for the rest.
class Settings {
 public:
  Settings(const std::vector<FlagSetting>& settings, Version version) : m_settings(settings), m_version(version) {}

  [[nodiscard]] bool is_set(std::string_view name) const { return find(name) != nullptr; }

  [[nodiscard]] std::string text(std::string_view name) const {
    if (const FlagSetting* setting = find(name)) return setting->value.value_or("true");
    const AuditFlag* flag = find_audit_flag(name, m_version);
    return flag == nullptr ? std::string() : std::string(default_of(*flag, m_version));
  }
  [[nodiscard]] std::int64_t number(std::string_view name) const { return parsed(parse_int(text(name))); }
  [[nodiscard]] bool yes(std::string_view name) const { return parsed(parse_bool(text(name))); }
  [[nodiscard]] float real(std::string_view name) const { return parsed(parse_float32(text(name))); }

 private:
  /// Every value was parsed before the rules are asked.
  template <typename T>
  static T parsed(const Parsed<T>& value) {
    const T* good = std::get_if<T>(&value);
    return good == nullptr ? T{} : *good;
  }

  [[nodiscard]] const FlagSetting* find(std::string_view name) const {
    const auto found = std::find_if(m_settings.rbegin(), m_settings.rend(),
                                    [name](const FlagSetting& setting) { return setting.name == name; });
    return found == m_settings.rend() ? nullptr : &*found;
  }

  const std::vector<FlagSetting>& m_settings;
  Version m_version;
};

/// One of the two backends, "log" or "webhook", with its flags by their last part.
struct Backend {
  std::string_view name;
  const Settings& settings;
  Version version;

  [[nodiscard]] std::string flag(std::string_view part) const {
    return "audit-" + std::string(name) + "-" + std::string(part);
  }
  [[nodiscard]] std::string text(std::string_view part) const { return settings.text(flag(part)); }
  [[nodiscard]] std::int64_t number(std::string_view part) const { return settings.number(flag(part)); }
  [[nodiscard]] bool yes(std::string_view part) const { return settings.yes(flag(part)); }
  [[nodiscard]] float real(std::string_view part) const { return settings.real(flag(part)); }
  /// "invalid audit batch log buffer size"
  [[nodiscard]] std::string invalid(std::string_view kind, std::string_view what) const {
    return "invalid audit " + std::string(kind) + std::string(kind.empty() ? "" : " ") + std::string(name) + " " +
           std::string(what);
  }
};

struct Refusal {
  std::string part;  ///< of the flag's name
  std::string message;
};
using Verdict = std::optional<Refusal>;

Verdict not_positive(const Backend& backend, std::string_view part, std::string_view what) {
  const std::int64_t value = backend.number(part);
  if (value > 0) return std::nullopt;
  return Refusal{std::string(part),
                 backend.invalid("batch", what) + " " + std::to_string(value) + ", must be a positive number"};
}

bool batches(const Backend& backend) { return backend.text("mode") == "batch"; }

Verdict mode(const Backend& backend) {
  const std::string value = backend.text("mode");
  if (value == "batch" || value == "blocking" || value == "blocking-strict") return std::nullopt;
  return Refusal{"mode",
                 backend.invalid("", "mode") + " " + value + R"(, allowed modes are "batch,blocking,blocking-strict")"};
}

Verdict buffer_size(const Backend& backend) {
  return batches(backend) ? not_positive(backend, "batch-buffer-size", "buffer size") : std::nullopt;
}

Verdict max_batch_size(const Backend& backend) {
  return batches(backend) ? not_positive(backend, "batch-max-size", "max batch size") : std::nullopt;
}

Verdict throttle_qps(const Backend& backend) {
  if (!batches(backend) || !backend.yes("batch-throttle-enable")) return std::nullopt;
  const float value = backend.real("batch-throttle-qps");
  if (!(value <= 0)) return std::nullopt;  // as Go compares: NaN passes
  return Refusal{"batch-throttle-qps",
                 backend.invalid("batch", "throttle QPS") + " " + print_float32(value) + ", must be a positive number"};
}

Verdict throttle_burst(const Backend& backend) {
  if (!batches(backend) || !backend.yes("batch-throttle-enable")) return std::nullopt;
  return not_positive(backend, "batch-throttle-burst", "throttle burst");
}

Verdict max_event_size(const Backend& backend) {
  const std::int64_t value = backend.number("truncate-max-event-size");
  if (value > 0) return std::nullopt;
  return Refusal{"truncate-max-event-size", backend.invalid("truncate", "max event size") + " " +
                                                std::to_string(value) + ", must be a positive number"};
}

/// The text says "greater", the code takes equal sizes too.
Verdict truncated_batch_size(const Backend& backend) {
  const std::int64_t batch = backend.number("truncate-max-batch-size");
  const std::int64_t event = backend.number("truncate-max-event-size");
  if (batch >= event) return std::nullopt;
  const bool batch_given = backend.settings.is_set(backend.flag("truncate-max-batch-size"));
  return Refusal{batch_given ? "truncate-max-batch-size" : "truncate-max-event-size",
                 backend.invalid("truncate", "max batch size") + " " + std::to_string(batch) +
                     ", must be greater than max event size (" + std::to_string(event) + ")"};
}

/// schema.ParseGroupVersion, then knownGroupVersion: `allowed` are the known ones, as %q prints them.
Verdict group_version(const Backend& backend, std::span<const std::string_view> known) {
  const std::string value = backend.text("version");
  if (std::ranges::count(value, '/') > 1) return Refusal{"version", "unexpected GroupVersion string: " + value};
  if (std::ranges::find(known, value) != known.end()) return std::nullopt;
  std::string list;
  for (const std::string_view each : known) list += (list.empty() ? "" : " ") + go_quote(each);
  return Refusal{"version", "invalid group version, allowed versions are [" + list + "]"};
}

Verdict group_version_until_1_23(const Backend& backend) {
  static constexpr std::array<std::string_view, 3> k_known{"audit.k8s.io/v1alpha1", "audit.k8s.io/v1beta1",
                                                           "audit.k8s.io/v1"};
  return group_version(backend, k_known);
}

Verdict group_version_since_1_24(const Backend& backend) {
  static constexpr std::array<std::string_view, 1> k_known{"audit.k8s.io/v1"};
  return group_version(backend, k_known);
}

Verdict log_format(const Backend& backend) {
  const std::string value = backend.text("format");
  if (value == "legacy" || value == "json") return std::nullopt;
  return Refusal{"format", "invalid audit log format " + value + R"(, allowed formats are "legacy,json")"};
}

template <const auto& k_part>
Verdict not_negative(const Backend& backend) {
  const std::int64_t value = backend.number(k_part);
  if (value >= 0) return std::nullopt;
  return Refusal{std::string(k_part),
                 "--" + backend.flag(k_part) + " " + std::to_string(value) + " can't be a negative number"};
}
constexpr std::string_view k_maxage = "maxage";
constexpr std::string_view k_maxbackup = "maxbackup";
constexpr std::string_view k_maxsize = "maxsize";

/// Rules of one group stop at the first that refuses; the groups are all asked.
enum class Group { batch, truncate, version, format, age, backups, size };

struct Rule {
  Group group;
  bool log_only;
  Version first;
  Version last;
  Verdict (*check)(const Backend&);
};

/// AuditOptions.Validate in its own order.
/// Source: k8s.io/apiserver pkg/server/options/audit.go, validateBackendBatchOptions, AuditTruncateOptions.Validate,
/// validateGroupVersionString, AuditLogOptions.Validate; the same from v0.20 to v0.37 but for the versions.
constexpr std::array k_rules{
    Rule{Group::batch, false, k_oldest_known, k_newest_known, mode},
    Rule{Group::batch, false, k_oldest_known, k_newest_known, buffer_size},
    Rule{Group::batch, false, k_oldest_known, k_newest_known, max_batch_size},
    Rule{Group::batch, false, k_oldest_known, k_newest_known, throttle_qps},
    Rule{Group::batch, false, k_oldest_known, k_newest_known, throttle_burst},
    Rule{Group::truncate, false, k_oldest_known, k_newest_known, max_event_size},
    Rule{Group::truncate, false, k_oldest_known, k_newest_known, truncated_batch_size},
    Rule{Group::version, false, k_oldest_known, Version{1, 23}, group_version_until_1_23},
    Rule{Group::version, false, Version{1, 24}, k_newest_known, group_version_since_1_24},
    Rule{Group::format, true, k_oldest_known, k_newest_known, log_format},
    Rule{Group::age, true, k_oldest_known, k_newest_known, not_negative<k_maxage>},
    Rule{Group::backups, true, k_oldest_known, k_newest_known, not_negative<k_maxbackup>},
    Rule{Group::size, true, k_oldest_known, k_newest_known, not_negative<k_maxsize>},
};

void check_backend(const Backend& backend, std::vector<FlagProblem>& problems) {
  std::optional<Group> refused;
  for (const Rule& rule : k_rules) {
    if (rule.log_only && backend.name != "log") continue;
    if (backend.version < rule.first || backend.version > rule.last || refused == rule.group) continue;
    Verdict verdict = rule.check(backend);
    if (!verdict) continue;
    refused = rule.group;
    problems.push_back({backend.flag(verdict->part), "refused-flag-value", std::move(verdict->message),
                        "kube-apiserver would not start with this value; correct or remove it"});
  }
}

}  // namespace

std::vector<FlagProblem> refused_by_apiserver(const std::vector<FlagSetting>& settings, Version version) {
  version = std::clamp(version, k_oldest_known, k_newest_known);
  std::vector<FlagProblem> problems;
  for (const FlagSetting& setting : settings) {
    if (!setting.name.starts_with("audit")) continue;  // no other flag of kube-apiserver starts with it
    if (auto problem = refused_by_pflag(setting, version)) problems.push_back(std::move(*problem));
  }
  if (!problems.empty()) return problems;  // pflag stops there: nothing is validated

  const Settings in_force(settings, version);
  if (!in_force.text("audit-log-path").empty()) check_backend({"log", in_force, version}, problems);
  if (!in_force.text("audit-webhook-config-file").empty()) check_backend({"webhook", in_force, version}, problems);
  return problems;
}

}  // namespace kaudit::kube
