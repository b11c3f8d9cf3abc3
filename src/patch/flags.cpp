#include <algorithm>
#include <array>
#include <map>

#include "draft.hpp"

namespace kaudit::patch {
namespace {

/// kube-apiserver keeps these two in one variable: the last of either wins (facts: audit.go,
/// AuditWebhookOptions.AddFlags).
constexpr std::string_view k_backoff = "audit-webhook-initial-backoff";
constexpr std::string_view k_backoff_alias = "audit-webhook-batch-initial-backoff";

std::string element(const WantedFlag& wanted) { return "--" + wanted.name + "=" + *wanted.value; }

std::string as_written(const manifest::Flag& flag) {
  if (!flag.value) return flag.spelling;
  return flag.spelling + (flag.elements == 2 ? " " : "=") + *flag.value;
}

std::string list_path(const Draft& draft, const manifest::Flag& flag) {
  return draft.manifest.document->path(flag.list);
}

void replace_flag(Draft& draft, const manifest::Flag& flag, const WantedFlag& wanted) {
  const yaml::Document& document = *draft.manifest.document;
  const bool pair = flag.elements == 2;
  const yaml::NodeId node = document.child(flag.list, flag.index + (pair ? 1 : 0)).value;
  const std::string text = pair ? *wanted.value : flag.spelling + "=" + *wanted.value;
  draft.operations.emplace_back(Replace{node, text});
  draft.changes.push_back(
      {list_path(draft, flag), Action::replace, as_written(flag), pair ? flag.spelling + " " + *wanted.value : text});
}

bool has_wanted_value(const manifest::Flag& flag, const WantedFlag& wanted) {
  for (const kube::AuditFlag& row : kube::audit_flags()) {
    if (row.name == wanted.name) return kube::same_flag_value(row, flag.value, wanted.value);
  }
  return flag.value == wanted.value;
}

/// Index behind the last flag of the list whose name starts with `prefix`; nothing if there is none.
std::optional<std::size_t> behind_family(const std::vector<const manifest::Flag*>& flags, std::string_view prefix) {
  const auto last = std::find_if(flags.rbegin(), flags.rend(),
                                 [&](const manifest::Flag* flag) { return flag->name.starts_with(prefix); });
  return last == flags.rend() ? std::nullopt : std::optional((*last)->index + (*last)->elements);
}

/// Where a new flag goes: sorted into a sorted list, else behind its family, else at the end.
std::size_t flag_position(const Draft& draft, const WantedFlag& wanted) {
  const manifest::FlagList& list = draft.manifest.flag_list;
  std::vector<const manifest::Flag*> flags;
  std::vector<std::string> names;
  for (const manifest::Flag& flag : draft.manifest.flags) {
    if (flag.list != list.list || flag.index < list.begin || flag.index >= list.end) continue;
    flags.push_back(&flag);
    names.push_back(flag.name);
  }
  if (names.size() >= 2 && std::is_sorted(names.begin(), names.end())) {
    const std::size_t position = sorted_position(names, wanted.name);
    if (position < flags.size()) return flags[position]->index;
    return flags.back()->index + flags.back()->elements;
  }
  const std::size_t second_dash = wanted.name.find('-', wanted.name.find('-') + 1);
  if (const auto near = behind_family(flags, wanted.name.substr(0, second_dash + 1))) return *near;
  return behind_family(flags, "audit-").value_or(list.end);
}

void change_flag(Draft& draft, const WantedFlag& wanted) {
  const manifest::Flag* last = nullptr;
  std::vector<const manifest::Flag*> all;
  for (const manifest::Flag& flag : draft.manifest.flags) {
    if (!same_variable(flag.name, wanted.name)) continue;
    all.push_back(&flag);
    last = &flag;
  }
  if (last == nullptr) {
    if (!wanted.value) return;
    const manifest::FlagList& list = draft.manifest.flag_list;
    draft.operations.emplace_back(InsertItem{list.list, flag_position(draft, wanted), element(wanted)});
    draft.changes.push_back({list.path, Action::add, "", element(wanted)});
    return;
  }
  if (wanted.force == WantedFlag::Force::only_if_absent) return;
  for (const manifest::Flag* flag : all) {
    if (flag != last || !wanted.value) remove_flag(draft, *flag);
  }
  if (wanted.value && !has_wanted_value(*last, wanted)) replace_flag(draft, *last, wanted);
}

void want(std::vector<WantedFlag>& flags, std::string_view name, std::string value,
          WantedFlag::Force force = WantedFlag::Force::enforced) {
  flags.push_back({std::string(name), std::move(value), force});
}

/// Rotation is always written out, because kube-apiserver's defaults changed between versions (1.36); these are the CIS
/// Kubernetes Benchmark's values.
void want_rotation(std::vector<WantedFlag>& flags, const Desired& desired, std::string_view log_path) {
  struct Row {
    std::string_view name;
    std::optional<std::int64_t> given;
    std::int64_t fallback;
  };
  const std::array<Row, 3> rows = {Row{"audit-log-maxage", desired.max_age_days, 30},
                                   Row{"audit-log-maxbackup", desired.max_backups, 10},
                                   Row{"audit-log-maxsize", desired.max_size_mb, 100}};
  const bool rotates = !log_path.empty() && log_path != "-";
  for (const Row& row : rows) {
    if (row.given) {
      want(flags, row.name, std::to_string(*row.given));
    } else if (rotates) {
      want(flags, row.name, std::to_string(row.fallback), WantedFlag::Force::only_if_absent);
    }
  }
}

}  // namespace

void remove_flag(Draft& draft, const manifest::Flag& flag) {
  for (std::size_t i = 0; i < flag.elements; ++i) draft.operations.emplace_back(RemoveItem{flag.list, flag.index + i});
  draft.changes.push_back({list_path(draft, flag), Action::remove, as_written(flag), ""});
}

bool same_variable(std::string_view left, std::string_view right) {
  const auto canonical = [](std::string_view name) { return name == k_backoff_alias ? k_backoff : name; };
  return canonical(left) == canonical(right);
}

std::vector<WantedFlag> wanted_flags(const manifest::Manifest& manifest, const Desired& desired) {
  std::vector<WantedFlag> flags;
  if (desired.policy_path) want(flags, "audit-policy-file", *desired.policy_path);
  if (desired.log_path) want(flags, "audit-log-path", *desired.log_path);
  if (desired.webhook_path) want(flags, "audit-webhook-config-file", *desired.webhook_path);
  want_rotation(flags, desired, desired.log_path.value_or(manifest.flag_value("audit-log-path")));
  for (const FlagWish& wish : desired.flags) flags.push_back({wish.name, wish.value});
  std::stable_sort(flags.begin(), flags.end(),
                   [](const WantedFlag& left, const WantedFlag& right) { return left.name < right.name; });
  return flags;
}

std::vector<kube::FlagSetting> settings_after(const manifest::Manifest& manifest,
                                              const std::vector<WantedFlag>& wanted) {
  std::vector<kube::FlagSetting> settings;
  for (const manifest::Flag& flag : manifest.flags) {
    if (!flag.name.starts_with("audit-")) continue;
    const bool replaced = std::any_of(wanted.begin(), wanted.end(), [&](const WantedFlag& want) {
      return want.force == WantedFlag::Force::enforced && same_variable(want.name, flag.name);
    });
    if (!replaced) settings.push_back({flag.name, flag.value});
  }
  for (const WantedFlag& want : wanted) {
    const bool present = manifest.flag(want.name) != nullptr;
    if (!want.value || (present && want.force == WantedFlag::Force::only_if_absent)) continue;
    settings.push_back({want.name, want.value});
  }
  return settings;
}

std::string effective(const std::vector<kube::FlagSetting>& settings, std::string_view name) {
  const auto last = std::find_if(settings.rbegin(), settings.rend(),
                                 [&](const kube::FlagSetting& setting) { return setting.name == name; });
  return last == settings.rend() ? std::string() : last->value.value_or("");
}

void change_flags(Draft& draft, const std::vector<WantedFlag>& wanted) {
  for (const WantedFlag& flag : wanted) change_flag(draft, flag);
}

}  // namespace kaudit::patch
