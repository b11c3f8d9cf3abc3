#include "kaudit/node/trail.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

#include <sys/random.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/node/kubeconfig.hpp"
#include "kaudit/node/pod_logs.hpp"
#include "log_tail.hpp"
#include "receiver_count.hpp"

namespace kaudit::node {
namespace {

using Clock = std::chrono::steady_clock;
using Verdict = Proof::Verdict;

constexpr int k_request_timeout_ms = 10000;
/// Between two looks at the log, and between two at the metrics, which are megabytes.
constexpr std::chrono::milliseconds k_log_pause(20);
constexpr std::chrono::milliseconds k_metrics_pause(1000);
/// A log that is rotated under the reader's hands may take the event with it: then the request is made again.
constexpr int k_most_tries = 3;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string seconds_text(double seconds) {
  const auto tenths = static_cast<long long>(seconds * 10 + 0.5);
  return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " s";
}

/// A random UUID (RFC 9562, version 4), as the server itself makes them.
std::string make_audit_id() {
  std::array<unsigned char, 16> bytes{};
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::getrandom(bytes.data() + filled, bytes.size() - filled, 0);
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string id;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
    id += k_digits[bytes.at(i) >> 4U];
    id += k_digits[bytes.at(i) & 15U];
  }
  return id;
}

std::string echoed_id(const host::HttpAnswer& answer) {
  for (const auto& [name, value] : answer.headers) {
    if (lower_case(name) == "audit-id") return value;
  }
  return {};
}

/// One request and what came of it.
class Attempt {
 public:
  Attempt(const host::Root& root, const ApiServer& server, const TrailPlan& plan, const AdminAccess& access)
      : m_root(&root), m_server(&server), m_plan(&plan), m_access(&access), m_id(make_audit_id()) {}

  /// Nothing: a part of the log was lost to a rotation, so it has to be tried again.
  [[nodiscard]] std::optional<Proof> run(bool is_last);

 private:
  [[nodiscard]] bool make_request();
  [[nodiscard]] LogTail::Seen await_event(LogTail& tail);
  void await_delivery(const BackendCounts& before);
  void judge_log(const LogTail& tail, LogTail::Seen seen, const std::optional<BackendCounts>& before);
  void miss(std::string reason);
  void remark(const std::string& words) { m_proof.reason += (m_proof.reason.empty() ? "" : "; ") + words; }
  [[nodiscard]] std::string log_path() const;
  [[nodiscard]] std::string complaint() const;

  const host::Root* m_root;
  const ApiServer* m_server;
  const TrailPlan* m_plan;
  const AdminAccess* m_access;
  std::string m_id;
  Proof m_proof;
  Clock::time_point m_sent;
  Clock::time_point m_answered;
};

bool Attempt::make_request() {
  host::HttpRequest request;
  request.method = m_plan->method;
  request.target = m_plan->target;
  request.body = m_plan->body;
  request.content_type = m_plan->content_type;
  request.headers = {{"Audit-ID", m_id}, {"Accept", "application/json"}, {"User-Agent", "kaudit"}};
  request.timeout_ms = k_request_timeout_ms;
  m_sent = Clock::now();
  const host::HttpAnswer answer = ask_as(*m_root, *m_server, *m_access, std::move(request));
  m_answered = Clock::now();
  m_proof.audit_id = m_id;
  m_proof.status = answer.status;
  if (answer.outcome != host::HttpAnswer::Outcome::answered) {
    m_proof.reason = "the API server of this node did not answer the request: " + answer.detail;
    return false;
  }
  if (answer.status == 401) {
    m_proof.reason = "the API server answers 401: it does not take what " + m_access->file + " shows for a user";
    return false;
  }
  // Old servers answer with the id only where they record; whoever holds the pinned certificate is the server all the
  // same.
  const std::string echoed = echoed_id(answer);
  if (echoed == m_id || (echoed.empty() && !m_server->certificate_files.empty())) return true;
  m_proof.reason = "the answer does not carry the request's Audit-ID: it may not be this API server's own";
  return false;
}

std::string Attempt::log_path() const {
  if (m_plan->log_kind == TrailPlan::Log::file) return m_plan->log;
  if (m_plan->log_kind != TrailPlan::Log::container) return {};
  const auto newest = newest_pod_log(*m_root, m_plan->pod_log_directory, *m_server);
  return newest ? path_of(*newest, newest->attempts.back()) : std::string();
}

LogTail::Seen Attempt::await_event(LogTail& tail) {
  while (true) {
    const bool is_over = seconds_since(m_answered) > m_plan->log_wait;
    const LogTail::Seen seen = tail.look(m_id);
    if (seen == LogTail::Seen::yes || is_over) return seen;
    std::this_thread::sleep_for(k_log_pause);
  }
}

void Attempt::miss(std::string reason) {
  m_proof.verdict = Verdict::missing;
  if (m_plan->certainty == TrailPlan::Certainty::depends_on_user) {
    m_proof.verdict = Verdict::unproven;
    reason += "; but whether the policy records it depends on the user, whom the API server did not name";
  }
  remark(reason);
}

/// What the server's container last said of a backend that failed (k8s.io/apiserver pkg/audit/metrics.go
/// HandlePluginError, v1.20 to v1.37), as words behind a reason.
std::string Attempt::complaint() const {
  constexpr std::size_t k_bytes = std::size_t{256} << 10U;
  constexpr std::size_t k_longest = 300;
  constexpr std::string_view k_words = "Error in audit plugin";
  std::string found;
  for (const PodLog& log : pod_logs_of(*m_root, m_plan->pod_log_directory, *m_server)) {
    if (log.attempts.empty()) continue;
    for (const std::string& line : last_words(*m_root, log, log.attempts.back(), k_bytes)) {
      const std::size_t at = line.find(k_words);
      if (at != std::string::npos) found = line.substr(at, k_longest);
    }
  }
  return found.empty() ? "" : "; its container says: " + found;
}

void Attempt::judge_log(const LogTail& tail, LogTail::Seen seen, const std::optional<BackendCounts>& before) {
  const std::string shown = m_root->shown(log_path());
  if (seen == LogTail::Seen::yes) {
    m_proof.seconds = seconds_since(m_sent);
    m_proof.file = shown;
    m_proof.verdict = Verdict::proven;
    return;
  }
  if (seen == LogTail::Seen::lost) {
    remark("the log " + shown + " was rotated or emptied while it was read, and the event may have gone with it");
    return;
  }
  std::string reason = "the API server answered the request (" + std::to_string(m_proof.status) +
                       "), but no event of it (audit ID " + m_id + ") stood in " + shown + " within " +
                       seconds_text(m_plan->log_wait);
  if (!tail.trouble().empty()) reason += "; " + tail.trouble();
  const auto after = count_backends(*m_root, *m_server, *m_access, m_plan->receiver);
  if (before && after && after->log_errors > before->log_errors) {
    reason += "; the server counted events that it could not write to its log (apiserver_audit_error_total)";
  }
  miss(reason + complaint());
}

void Attempt::await_delivery(const BackendCounts& before) {
  const std::string& receiver = m_plan->receiver;
  std::optional<BackendCounts> now;
  while (true) {
    const bool is_over = seconds_since(m_answered) > m_plan->receiver_wait;
    now = count_backends(*m_root, *m_server, *m_access, receiver);
    if (now && now->delivered > before.delivered) {
      m_proof.delivered_seconds = seconds_since(m_sent);
      m_proof.receiver = receiver;
      if (m_proof.verdict == Verdict::unproven) m_proof.verdict = Verdict::proven;
      return;
    }
    if (is_over) break;
    std::this_thread::sleep_for(k_metrics_pause);
  }
  const bool was_refused = now && now->refused > before.refused;
  miss("the webhook receiver " + receiver + " got no delivery within " + seconds_text(m_plan->receiver_wait) +
       (was_refused ? ": it refuses them or cannot be reached (rest_client_requests_total)" : ""));
}

std::optional<Proof> Attempt::run(bool is_last) {
  m_proof.request = m_plan->method + " " + m_plan->target;
  m_proof.rule = m_plan->rule;
  const bool has_receiver = !m_plan->receiver.empty();
  const auto before = count_backends(*m_root, *m_server, *m_access, m_plan->receiver);
  const std::string path = log_path();
  std::optional<LogTail> tail;
  if (!path.empty()) {
    const bool is_plain = m_plan->log_kind == TrailPlan::Log::file;
    tail.emplace(*m_root, path, is_plain ? LogTail::Kind::plain : LogTail::Kind::container);
  }
  if (!make_request()) return m_proof;
  if (tail) {
    const LogTail::Seen seen = await_event(*tail);
    if (seen == LogTail::Seen::lost && !is_last) return std::nullopt;
    judge_log(*tail, seen, before);
  } else if (m_plan->log_kind == TrailPlan::Log::hidden) {
    remark("the log " + m_plan->log + " lies inside the container and cannot be seen from the node");
  } else if (m_plan->log_kind == TrailPlan::Log::container) {
    remark("the log of the server's container cannot be found below " + m_plan->pod_log_directory);
  }
  if (has_receiver && before) await_delivery(*before);
  if (has_receiver && !before) {
    remark("whether the webhook receiver " + m_plan->receiver + " gets events cannot be seen: the user of " +
           m_access->file + " cannot read /metrics");
  }
  return m_proof;
}

}  // namespace

Proof prove(const host::Root& root, const ApiServer& server, const TrailPlan& plan) {
  const auto access = read_kubeconfig(root, plan.kubeconfig);
  if (!access) {
    Proof proof;
    proof.request = plan.method + " " + plan.target;
    proof.rule = plan.rule;
    const Error& error = access.error();
    proof.reason = one_line((error.file.empty() ? "" : error.file + ": ") + error.message);
    return proof;
  }
  for (int tries = 1;; ++tries) {
    const bool is_last = tries == k_most_tries;
    if (auto proof = Attempt(root, server, plan, *access).run(is_last)) {
      proof->reason = one_line(proof->reason);
      return *std::move(proof);
    }
  }
}

}  // namespace kaudit::node
