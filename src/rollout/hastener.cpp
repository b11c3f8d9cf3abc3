#include "hastener.hpp"

#include <string>
#include <utility>

#include "kaudit/host/sockets.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/node/server_arguments.hpp"
#include "kaudit/rollout/hasten.hpp"

namespace kaudit::rollout {
namespace {

constexpr const char* k_hint = "leave --hasten out: the kubelet then ends the old API server after its grace period";

Error refused(const char* code, std::string message, const char* hint = k_hint) {
  return host::file_error(ExitStatus::refused, code, "", "--hasten: " + std::move(message), hint);
}

std::string called(const host::ProcessId& process) { return "process " + std::to_string(process.pid); }

/// "2.1 s"
std::string tenths(double seconds) {
  const auto rounded = static_cast<long>(seconds * 10 + 0.5);
  return std::to_string(rounded / 10) + "." + std::to_string(rounded % 10) + " s";
}

}  // namespace

Result<host::ProcessHandle> hold_for_hastening(const host::ProcessId& process) {
  auto handle = host::ProcessHandle::open(process);
  if (!handle && handle.error().code == "no-pidfd") {
    return refused("hasten-no-pidfd", "without one a signal could meet another process: " + handle.error().message);
  }
  if (!handle) return refused("hasten-gone", "the API server ended just now", "run this again when it is back");
  const std::vector<std::string> arguments = host::command_line_of(process.pid);
  if (!node::is_api_server(arguments)) {
    return refused("hasten-unseen",
                   called(process) + ", which has the API server's port, is not called kube-apiserver");
  }
  if (const std::string flag = node::batching_flag(arguments); !flag.empty()) {
    return refused("hasten-batching",
                   "the API server that runs now has " + flag + ": events that it has not passed on yet would be lost");
  }
  return handle;
}

Status check_hasten(const node::ApiServer& server) {
  const host::Listener listener = node::listener_of(server);
  if (listener.known == host::Listener::Known::nobody) return Done{};
  if (!listener.process) {
    return refused("hasten-unseen", "/proc does not show which process listens on port " +
                                        std::to_string(server.secure_port) + " of this node");
  }
  KAUDIT_TRY_DO(hold_for_hastening(*listener.process));
  return Done{};
}

void Hastener::take_hold() {
  const Baseline& baseline = *m_record->baseline;
  if (m_record->watch->hasten == WatchPlan::Hasten::no || baseline.signal == Baseline::Signal::sent) return;
  if (baseline.processes.size() != 1) return;  // none was there, or the machine was started again
  auto handle = hold_for_hastening(process());
  if (handle) {
    m_handle = std::move(handle).value();
  } else if (handle.error().code != "hasten-gone") {
    m_journal->write("warning", handle.error().message + "; the kubelet ends it after its grace period");
  }
}

Lingerer Hastener::look_at_process() const {
  if (!host::is_running(process())) return Lingerer::ended;
  const auto listens = host::listens(process(), m_record->watch->server.secure_port);
  if (!listens) return Lingerer::unseen;
  return *listens ? Lingerer::listens : Lingerer::lingers;
}

void Hastener::look(const Sight& sight, double now) {
  if (!m_handle) return;
  const LingeringStep next = step(m_lingering, sight, look_at_process(), now);
  m_lingering = next.state;
  if (next.action == LingeringStep::Action::wait) return;
  if (next.action == LingeringStep::Action::end_it) end_it(now - *m_lingering.since);
  m_handle.reset();
}

void Hastener::end_it(double lingered) {
  m_record->baseline->signal = Baseline::Signal::sent;
  if (const Status noted = m_store->update(*m_record); !noted) {
    m_journal->write("warning", "the old API server is left to linger: " + noted.error().message);
    return;
  }
  const Status sent = m_handle->terminate();
  if (sent) {
    m_journal->write("hastened", "ended the old API server (" + called(process()) +
                                     "), which had closed its listener " + tenths(lingered) + " ago");
  } else if (sent.error().code != "gone") {
    m_journal->write("warning", "the old API server is left to linger: " + sent.error().message);
  }
}

}  // namespace kaudit::rollout
