#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/kube/audit_flags.hpp"
#include "kaudit/kube/go_values.hpp"
#include "kaudit/node/inquiries.hpp"
#include "kaudit/node/kubeconfig.hpp"
#include "kaudit/node/kubelet.hpp"
#include "kaudit/patch/disable.hpp"
#include "kaudit/policy/load.hpp"
#include "kaudit/policy/probe.hpp"
#include "trail.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

using Kind = TrailAnswer::Kind;

/// Beside what a batching backend may take: a busy server, a slow disk; a receiver may take 30 s to answer (k8s.io/
/// apiserver pkg/util/webhook/webhook.go defaultRequestTimeout), and is counted only then.
constexpr double k_log_wait = 10;
constexpr double k_receiver_wait = 35;
constexpr double k_nanoseconds = 1e9;

TrailAnswer answer(Kind kind, std::string reason, std::string hint = {}) {
  TrailAnswer result;
  result.kind = kind;
  result.reason = one_line(reason);
  result.hint = std::move(hint);
  return result;
}

/// Random, and with capital letters and underscores: no valid name of nearly all resources.
std::string impossible_name() {
  std::random_device device;
  return fmt::format("Kaudit_verify_{:08x}{:08x}", device(), device());
}

kube::Version nearest_known_version(const Session& session, const manifest::Manifest& manifest) {
  const auto known = session.options.version ? session.options.version : manifest.version;
  return std::clamp(known.value_or(kube::k_newest_known), kube::k_oldest_known, kube::k_newest_known);
}

/// A flag's value on the server: what is set, else its default in that version.
std::string value_of(const manifest::Manifest& manifest, kube::Version version, std::string_view name) {
  const manifest::Flag* flag = manifest.flag(name);
  if (flag != nullptr && flag->value) return *flag->value;
  const kube::AuditFlag* row = kube::find_audit_flag(name, version);
  return row != nullptr ? std::string(kube::default_of(*row, version)) : std::string();
}

/// What a backend ("audit-log", "audit-webhook") may hold an event back for, in seconds.
double batch_wait(const manifest::Manifest& manifest, kube::Version version, const std::string& backend) {
  if (value_of(manifest, version, backend + "-mode") != "batch") return 0;
  const auto wait = kube::parse_duration(value_of(manifest, version, backend + "-batch-max-wait"));
  const std::int64_t* nanoseconds = std::get_if<std::int64_t>(&wait);
  return nanoseconds != nullptr ? static_cast<double>(*nanoseconds) / k_nanoseconds : 0;
}

/// What the node has of a file that the server reads at this path; nothing: it is not there, or not to be read.
std::optional<std::string> bytes_at(const Session& session, const std::optional<std::string>& node_path) {
  if (!node_path) return std::nullopt;
  const auto place = session.root.locate(*node_path);
  if (!place) return std::nullopt;
  auto file = host::read_file(*place, k_input_limit);
  if (!file || !*file) return std::nullopt;
  return std::move((*file)->bytes);
}

/// Where the events go, and how long they may take.
void plan_backends(Session& session, const TrailQuestion& question, kube::Version version, node::TrailPlan& plan) {
  const manifest::Manifest& manifest = *question.manifest;
  using Log = node::TrailPlan::Log;
  plan.log = manifest.flag_value("audit-log-path");
  plan.log_kind = plan.log.empty() ? Log::none : plan.log == "-" ? Log::container : Log::hidden;
  if (plan.log_kind == Log::hidden) {
    if (const auto path = patch::node_path_of(manifest, plan.log)) {
      plan.log = *path;
      plan.log_kind = Log::file;
    }
  }
  plan.log_wait = question.wait_seconds.value_or(k_log_wait + batch_wait(manifest, version, "audit-log"));
  plan.pod_log_directory = node::find_kubelet(session.root).pod_log_directory;
  const std::string config = manifest.flag_value("audit-webhook-config-file");
  if (config.empty()) return;
  const auto bytes =
      question.webhook_config ? question.webhook_config : bytes_at(session, patch::node_path_of(manifest, config));
  plan.receiver = bytes ? receiver_of(*bytes) : std::string();
  plan.receiver_wait = question.wait_seconds.value_or(k_receiver_wait + batch_wait(manifest, version, "audit-webhook"));
  if (!plan.receiver.empty()) return;
  session.warnings.push_back({"receiver-unseen",
                              "whether the webhook receiver gets events is not looked at: its address cannot be told",
                              {},
                              config,
                              0,
                              0});
}

TrailAnswer not_found(policy::ProbeSearch::Why why, const std::string& policy_path, const std::string& user) {
  using Why = policy::ProbeSearch::Why;
  const std::string who = user.empty() ? "a user whom the API server does not name" : "user " + user;
  if (why == Why::records_nothing) return answer(Kind::not_recorded, policy_path + " records nothing at all");
  if (why == Why::other_users) {
    return answer(Kind::not_recorded,
                  fmt::format("{} records nothing harmless of {}: only requests of others", policy_path, who),
                  "name the kubeconfig of one of those with --kubeconfig");
  }
  return answer(Kind::not_recorded,
                fmt::format("{} records nothing harmless of {}: only requests that may change something, or show what "
                            "is there",
                            policy_path, who));
}

std::string rule_of(const Session& session, const policy::Policy& policy, const policy::Probe& probe,
                    const std::string& policy_path) {
  const std::size_t line = probe.decision.rule ? policy.rules[*probe.decision.rule].line : 0;
  return fmt::format("{}:{}", session.root.shown(policy_path), line);
}

void warn_of_unknown_user(Session& session, const node::AdminAccess& access, const node::Identity& identity) {
  session.warnings.push_back({"user-unknown",
                              one_line("who its user is, the API server does not say (" + identity.detail +
                                       "): rules of the policy that look at users are left out"),
                              {},
                              session.root.shown(access.file),
                              0,
                              0});
}

/// Who the user of `access` is. Where the usual kubeconfig's is not taken, the other one's, which `access` becomes.
node::Identity find_identity(const Session& session, const TrailQuestion& question, node::AdminAccess& access) {
  const node::ApiServer server = api_server_of(*question.manifest);
  node::Identity identity = node::who_is(session.root, server, access);
  const bool is_usual = !question.kubeconfig && access.file != node::k_super_admin_kubeconfig;
  if (identity.known != node::Identity::Known::refused || !is_usual) return identity;
  auto other = node::read_kubeconfig(session.root, node::k_super_admin_kubeconfig);
  if (!other) return identity;
  node::Identity second = node::who_is(session.root, server, *other);
  if (second.known == node::Identity::Known::refused) return identity;
  access = *std::move(other);
  return second;
}

/// The request for a user who is known as far as he can be.
TrailAnswer plan_request(Session& session, const TrailQuestion& question, const policy::Policy& policy,
                         const std::string& policy_path, node::AdminAccess access, node::TrailPlan plan) {
  const node::ApiServer server = api_server_of(*question.manifest);
  const node::Identity identity = find_identity(session, question, access);
  if (identity.known == node::Identity::Known::refused) {
    return answer(Kind::unproven, identity.detail, "name another kubeconfig with --kubeconfig");
  }
  policy::Subject subject;
  if (identity.known == node::Identity::Known::no) {
    warn_of_unknown_user(session, access, identity);
  } else {
    subject = {identity.user, identity.groups};
  }
  const kube::Version version = nearest_known_version(session, *question.manifest);
  policy::ProbeSearch search = policy::find_probe(policy, version, subject, impossible_name());
  if (!search.probe) return not_found(search.why, session.root.shown(policy_path), identity.user);
  policy::Probe& probe = *search.probe;
  if (probe.request.kind == policy::RequestKind::resource && !probe.request.api_group.empty()) {
    const std::string served = node::preferred_version(session.root, server, access, probe.request.api_group);
    if (!served.empty()) policy::serve_under(probe, served);
  }
  plan.method = probe.method;
  plan.target = probe.target;
  plan.body = probe.body;
  plan.content_type = probe.content_type;
  plan.kubeconfig = access.file;
  plan.rule = rule_of(session, policy, probe, policy_path);
  if (probe.certainty == policy::Probe::Certainty::depends_on_user) {
    plan.certainty = node::TrailPlan::Certainty::depends_on_user;
  }
  TrailAnswer planned;
  planned.kind = Kind::planned;
  planned.plan = std::move(plan);
  planned.user = identity.user;
  return planned;
}

TrailAnswer without_kubeconfig(const Session& session, const TrailQuestion& question) {
  if (!question.kubeconfig) {
    return answer(Kind::unproven, "this node has neither /etc/kubernetes/admin.conf nor super-admin.conf",
                  "name the kubeconfig of a user of this cluster with --kubeconfig");
  }
  const std::string where = session.root.is_host() ? "" : " below --root";
  return answer(Kind::unproven, *question.kubeconfig + ": there is no such file" + where,
                "name another with --kubeconfig");
}

/// The policy that the server has, or will have.
Result<policy::Policy> load_policy(const Session& session, const TrailQuestion& question,
                                   const std::string& policy_path, const std::string& bytes) {
  policy::Loading loading = policy::load(text::Source(session.root.shown(policy_path), bytes),
                                         nearest_known_version(session, *question.manifest));
  if (loading.verdict == policy::Loading::Verdict::accepted) return *std::move(loading.policy);
  Error error;
  error.message = fmt::format("{}: this API server would refuse it ({}), so it runs with another one",
                              session.root.shown(policy_path), loading.server_error);
  return error;
}

}  // namespace

std::string kubeconfig_path(const host::Root& root, const std::optional<std::string>& typed) {
  return typed ? root.node_path_of(*typed) : node::usual_kubeconfig(root);
}

TrailAnswer plan_trail(Session& session, const TrailQuestion& question) {
  const manifest::Manifest& manifest = *question.manifest;
  const std::string path = manifest.flag_value("audit-policy-file");
  if (path.empty()) {
    return answer(Kind::not_recorded, "auditing is off: the manifest has no --audit-policy-file",
                  "kaudit enable turns it on");
  }
  node::TrailPlan plan;
  plan_backends(session, question, nearest_known_version(session, manifest), plan);
  const bool has_webhook = !manifest.flag_value("audit-webhook-config-file").empty();
  if (plan.log_kind == node::TrailPlan::Log::none && !has_webhook) {
    return answer(Kind::not_recorded, "nothing is written: the manifest has a policy, but neither log nor webhook",
                  "kaudit enable --log PATH gives it a log");
  }
  const auto policy_path = patch::node_path_of(manifest, path);
  const auto bytes = question.policy ? question.policy : bytes_at(session, policy_path);
  if (!bytes) {
    return answer(Kind::unproven,
                  "the policy " + path + " cannot be read on this node, so what it records is not known");
  }
  const auto policy = load_policy(session, question, policy_path.value_or(path), *bytes);
  if (!policy) return answer(Kind::unproven, policy.error().message, "kaudit lint tells what is wrong with it");
  const std::string kubeconfig = kubeconfig_path(session.root, question.kubeconfig);
  if (kubeconfig.empty()) return without_kubeconfig(session, question);
  auto access = node::read_kubeconfig(session.root, kubeconfig);
  if (!access) {
    const Error& error = access.error();
    return answer(Kind::unproven, (error.file.empty() ? "" : error.file + ": ") + error.message,
                  error.hint.empty() ? "name another kubeconfig with --kubeconfig" : error.hint);
  }
  // A dry run asks the server for nothing: even that would be recorded.
  if (session.options.mode != Mode::real) return answer(Kind::planned, {});
  return plan_request(session, question, *policy, policy_path.value_or(path), *std::move(access), std::move(plan));
}

}  // namespace kaudit::cli
