#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "draft.hpp"
#include "kaudit/kube/go_values.hpp"

namespace kaudit::patch {
namespace {

constexpr std::string_view k_max_size = "audit-log-maxsize";

/// The CIS Kubernetes Benchmark's value, and lumberjack's own for 0.
constexpr std::int64_t k_usual_size_mb = 100;

/// A count as the server reads it; 0 where there is none.
std::int64_t number_in(const std::vector<kube::FlagSetting>& settings, std::string_view name) {
  const auto parsed = kube::parse_int(effective(settings, name));
  const auto* number = std::get_if<std::int64_t>(&parsed);
  return number != nullptr ? *number : 0;
}

bool is_set(const std::vector<kube::FlagSetting>& settings, std::string_view name) {
  const auto parsed = kube::parse_bool(effective(settings, name));
  const auto* value = std::get_if<bool>(&parsed);
  return value != nullptr && *value;
}

/// How the log will be mounted: found on a draft of its own, because flags depend on it, and mounts on flags.
Result<Plan::LogMount> future_mount(const manifest::Manifest& manifest, const Desired& desired,
                                    const std::vector<kube::FlagSetting>& settings) {
  Draft draft{.manifest = manifest, .desired = desired};
  Plan plan;
  plan.log_path = effective(settings, "audit-log-path");
  retire_mounts(draft, settings);
  KAUDIT_TRY_DO(mount_log(draft, plan));
  return plan.log_mount;
}

/// The size at which the log is to be rotated: as given, as the drop-in has it, or as the server has it; 0: never. What
/// the server never reaches is nobody's wish.
std::int64_t wished_size(const Desired& desired, const Plan& plan, std::int64_t now) {
  if (!desired.max_size_mb && desired.rotation.has_drop_in) {
    return desired.rotation.drop_in_size_mb > 0 ? desired.rotation.drop_in_size_mb : k_usual_size_mb;
  }
  // 1.36 and newer do not rotate at all at 0; before, 0 meant lumberjack's 100 MB (audit.go getWriter).
  if (now == 0) return plan.version >= kube::Version{1, 36} ? 0 : k_usual_size_mb;
  return !desired.max_size_mb && now == k_max_size_never_reached_mb ? k_usual_size_mb : now;
}

Error needs_file(const Plan& plan, Plan::LogMount mount) {
  if (plan.log_path.empty()) {
    return refused("rotate-needs-file", "--rotate logrotate: there is no audit log to rotate", "give --log PATH");
  }
  if (plan.log_path == "-") {
    return refused("rotate-needs-file",
                   "--rotate logrotate: the audit log goes to the container's stdout, which the kubelet rotates",
                   "give --log PATH, or leave --rotate out");
  }
  if (mount == Plan::LogMount::none) {
    return refused(
        "rotate-needs-file",
        fmt::format("--rotate logrotate: {} is inside the container, where logrotate cannot reach it", plan.log_path),
        fmt::format("give --log {} to mount it", plan.log_path));
  }
  return refused(
      "rotate-needs-file",
      fmt::format("--rotate logrotate: {} is mounted with its directory, where kube-apiserver rotates it by itself, "
                  "and loses nothing",
                  plan.log_path),
      "leave --rotate out, or give --log-volume file to mount the file alone");
}

Status check_wish(const Plan& plan, Plan::LogMount mount, std::int64_t size) {
  if (mount != Plan::LogMount::file) return needs_file(plan, mount);
  if (size != 0) return Done{};
  return refused("rotate-needs-size", "--rotate logrotate: max-size is 0, which means that the log is never rotated",
                 "give --max-size MB");
}

/// Of a log that nobody asked about the rotation is left as it is.
bool is_asked(const Desired& desired) { return desired.log_path || desired.log_volume; }

Rotator choose(const Desired& desired, std::int64_t size) {
  if (desired.rotation.rotator) return *desired.rotation.rotator;
  if (size == 0) return Rotator::server;  // never: to logrotate a size of 0 means at every run
  if (desired.rotation.has_drop_in) return Rotator::logrotate;
  return is_asked(desired) && desired.rotation.is_logrotate_able ? Rotator::logrotate : Rotator::server;
}

void want_max_size(std::vector<WantedFlag>& wanted, std::int64_t megabytes) {
  const auto found =
      std::find_if(wanted.begin(), wanted.end(), [](const WantedFlag& flag) { return flag.name == k_max_size; });
  const WantedFlag flag{std::string(k_max_size), std::to_string(megabytes), WantedFlag::Force::enforced};
  if (found == wanted.end()) {
    wanted.push_back(flag);
  } else {
    *found = flag;
  }
}

}  // namespace

Status decide_rotation(const manifest::Manifest& manifest, const Desired& desired, std::vector<WantedFlag>& wanted,
                       Plan& plan) {
  const std::vector<kube::FlagSetting> settings = settings_after(manifest, wanted);
  plan.log_path = effective(settings, "audit-log-path");
  plan.log_max_size_mb = number_in(settings, k_max_size);
  plan.log_max_backups = number_in(settings, "audit-log-maxbackup");
  plan.log_max_age_days = number_in(settings, "audit-log-maxage");
  plan.compresses_log = is_set(settings, "audit-log-compress");
  KAUDIT_TRY(mount, future_mount(manifest, desired, settings));
  const std::int64_t size = wished_size(desired, plan, plan.log_max_size_mb);
  if (desired.rotation.rotator == Rotator::logrotate) KAUDIT_TRY_DO(check_wish(plan, mount, size));
  if (mount == Plan::LogMount::file) plan.rotator = choose(desired, size);
  if (plan.rotator == Rotator::logrotate) {
    want_max_size(wanted, k_max_size_never_reached_mb);
    plan.log_max_size_mb = size;
  } else if (plan.log_max_size_mb == k_max_size_never_reached_mb && !desired.max_size_mb &&
             (desired.rotation.has_drop_in || is_asked(desired))) {
    // The drop-in goes, or went before: what it had for max-size comes back.
    want_max_size(wanted, size);
    plan.log_max_size_mb = size;
  }
  return Done{};
}

}  // namespace kaudit::patch
