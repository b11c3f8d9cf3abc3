#include "kaudit/decode/decode.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/node/kubelet.hpp"
#include "kaudit/rollout/hasten.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

/// From one listing of the kubelet's directory to the restart that follows it.
constexpr double k_after_listing = 5;

/// What the kubelet and the watch make of a manifest's text.
struct Understood {
  std::vector<std::string> audit_flags;
  decode::Value value;
};

Result<Understood> understand(const Session& session, const ManifestInput& input, const std::string& text) {
  const text::Source source(session.root.shown(input.node_path), text);
  KAUDIT_TRY(document, yaml::Document::parse(source));
  KAUDIT_TRY(value, decode::as_kubernetes_reads_it(source));
  KAUDIT_TRY(manifest, manifest::Manifest::read(document, value, {session.options.ignore}));
  return Understood{audit_flags_of(manifest), std::move(value)};
}

bool is_watched(const Session& session) {
  return session.root.is_host() && session.options.watch != WatchMode::unwatched;
}

/// `--hasten`, where there is something to hasten.
Status wish_to_hasten(const Session& session, rollout::WatchPlan& plan) {
  if (session.options.lingering == Lingering::left || plan.restart == rollout::WatchPlan::Restart::none) return Done{};
  KAUDIT_TRY_DO(rollout::check_hasten(plan.server));
  plan.hasten = rollout::WatchPlan::Hasten::yes;
  return Done{};
}

Result<std::optional<rollout::WatchPlan>> plan_between(const Session& session, const ManifestInput& input,
                                                       const Understood& before, const Understood& after) {
  rollout::WatchPlan plan;
  plan.server = api_server_of(input.manifest);
  plan.audit_flags_before = before.audit_flags;
  plan.audit_flags_after = after.audit_flags;
  // The kubelet compares what it decodes: comments and layout restart nothing.
  if (decode::equal(before.value, after.value)) plan.restart = rollout::WatchPlan::Restart::none;
  const node::Kubelet kubelet = node::find_kubelet(session.root);
  plan.pod_log_directory = kubelet.pod_log_directory;
  plan.times.timeout = session.options.timeout_seconds;
  plan.times.settle = kubelet.file_check_frequency + k_after_listing;
  KAUDIT_TRY_DO(wish_to_hasten(session, plan));
  return std::optional(std::move(plan));
}

}  // namespace

Status check_hasten_root(const Session& session) {
  if (session.options.lingering == Lingering::left || session.root.is_host()) return Done{};
  return host::file_error(ExitStatus::refused, "hasten-root", "",
                          "--hasten: with another root than / no API server is restarted, and nobody watches",
                          "leave --hasten out");
}

Result<std::optional<rollout::WatchPlan>> watch_plan_of(Session& session, const ManifestInput& input,
                                                        const std::string& new_text) {
  if (!is_watched(session)) return std::optional<rollout::WatchPlan>();
  KAUDIT_TRY(before, understand(session, input, input.image.bytes));
  KAUDIT_TRY(after, understand(session, input, new_text));
  return plan_between(session, input, before, after);
}

Result<std::optional<rollout::WatchPlan>> watch_way_back(Session& session, const ManifestInput& backup,
                                                         const std::string& now) {
  if (!is_watched(session)) return std::optional<rollout::WatchPlan>();
  const Understood after{audit_flags_of(backup.manifest), backup.value};
  const auto before = understand(session, backup, now);
  return plan_between(session, backup, before ? *before : Understood{}, after);
}

}  // namespace kaudit::cli
