#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "check_node_parts.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/patch/paths.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

using Answer = node::Health::Answer;

/// One look may fall into a garbage collection or a renewal of certificates.
constexpr int k_looks = 3;
constexpr std::chrono::milliseconds k_between_looks(700);
constexpr int k_timeout_ms = 3000;
/// A server whose etcd does not answer says so, but only after its own 2 s for each check of it (measured on v1.37.2).
constexpr int k_last_timeout_ms = 10000;

Error surroundings(const char* code, std::string message, std::string hint) {
  Error error;
  error.status = ExitStatus::refused;
  error.code = code;
  error.message = std::move(message);
  error.hint = std::move(hint);
  return error;
}

node::Health look(const Session& session, const node::ApiServer& server) {
  node::Health health;
  for (int i = 0; i < k_looks; ++i) {
    if (i > 0) std::this_thread::sleep_for(k_between_looks);
    health = node::ask_health(session.root, server, i + 1 < k_looks ? k_timeout_ms : k_last_timeout_ms);
    if (health.answer == Answer::ok || health.answer == Answer::forbidden) break;
  }
  return health;
}

/// For a way back a bad server is the very reason for it.
Status judge_server(Session& session, Purpose purpose, Error error) {
  if (purpose == Purpose::change) return session.refuse_surroundings(std::move(error));
  session.warn(std::move(error));
  return Done{};
}

Status check_server(Session& session, const node::ApiServer& server, Purpose purpose) {
  const node::Health health = look(session, server);
  const std::string where = fmt::format("port {} of this node", server.secure_port);
  const char* hint =
      "bring it back first (kaudit rollback puts the last backup back); what changes now cannot be watched";
  switch (health.answer) {
    case Answer::ok:
    case Answer::forbidden:
      return Done{};
    case Answer::not_ready:
      return judge_server(
          session, purpose,
          surroundings("api-server-unhealthy",
                       "the API server is not ready before anything is changed: " + health.detail, hint));
    case Answer::stranger:
      return judge_server(
          session, purpose,
          surroundings("api-server-down", "another program than the API server of this manifest answers on " + where,
                       hint));
    case Answer::none:
      break;
  }
  return judge_server(
      session, purpose,
      surroundings("api-server-down",
                   fmt::format("no API server answers on {} before anything is changed: {}", where, health.detail),
                   hint));
}

Status check_kubelet(Session& session, const ManifestInput& input, const node::Kubelet& kubelet) {
  if (!kubelet.process) {
    return session.refuse_surroundings(
        surroundings("kubelet-down", "no kubelet runs on this node: nothing would act on the manifest",
                     "start it (systemctl start kubelet), wait until the API server is healthy, then run this again"));
  }
  const std::string directory = patch::directory_of(input.node_path);
  if (is_same_directory(session.root, kubelet.static_pod_path, directory)) return Done{};
  return session.refuse_surroundings(
      surroundings("kubelet-elsewhere",
                   fmt::format("the kubelet reads static pods from {}, not from {}",
                               kubelet.static_pod_path.empty() ? "nowhere" : kubelet.static_pod_path, directory),
                   "name the manifest that it runs with --manifest"));
}

Status check_all(Session& session, const ManifestInput& input, const patch::Plan& plan, Purpose purpose) {
  const node::Kubelet kubelet = node::find_kubelet(session.root);
  const node::ApiServer server = api_server_of(input.manifest);
  KAUDIT_TRY_DO(check_kubelet(session, input, kubelet));
  KAUDIT_TRY_DO(check_server(session, server, purpose));
  if (purpose == Purpose::way_back) return Done{};
  KAUDIT_TRY_DO(check_log_space(session, plan, kubelet));
  KAUDIT_TRY_DO(check_log_label(session, plan));
  return check_other_servers(session, input, server);
}

}  // namespace

Status check_node(Session& session, const ManifestInput& input, const patch::Plan& plan, Purpose purpose) {
  if (!session.root.is_host()) return Done{};
  Status checked = check_all(session, input, plan, purpose);
  if (checked || session.options.mode == Mode::real) return checked;
  session.warn(std::move(checked).error());
  return Done{};
}

}  // namespace kaudit::cli
