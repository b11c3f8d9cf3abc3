#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigprocmask(2)
#include <sys/signalfd.h>
#include <unistd.h>

#include "journal.hpp"
#include "kaudit/host/descriptor.hpp"
#include "kaudit/rollout/guardian.hpp"
#include "lock.hpp"
#include "store.hpp"
#include "stored_run.hpp"

namespace kaudit::rollout {
namespace {

using Clock = std::chrono::steady_clock;

/// Between two looks at the journal.
constexpr int k_pause_ms = 100;
/// A guardian that was killed is started again by systemd after a second; a new one takes a moment for its first step.
constexpr std::chrono::seconds k_patience(5);
/// Guardians that this process starts itself, before it says that none lives.
constexpr int k_most_starts = 5;

/// The signals that end the watching, as something to poll. While it lives they end nothing else.
class Interrupts {
 public:
  Interrupts() {
    sigset_t set{};
    ::sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::sigaddset(&set, signal);
    ::pthread_sigmask(SIG_BLOCK, &set, &m_before);
    m_file = host::Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts() {
    drain();  // or it would end the program now
    ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
  }

  /// Waits; true when a signal came.
  [[nodiscard]] bool wait(int milliseconds) {
    pollfd entry{m_file.get(), POLLIN, 0};
    return ::poll(&entry, 1, milliseconds) > 0 && drain();
  }

 private:
  bool drain() {
    std::array<signalfd_siginfo, 8> read{};
    return ::read(m_file.get(), read.data(), sizeof read) > 0;
  }

  sigset_t m_before{};
  host::Descriptor m_file;
};

JournalLine split(const std::string& line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string::npos ? first : line.find(' ', first + 1);
  if (second == std::string::npos) return {"", "", line};
  return {line.substr(0, first), line.substr(first + 1, second - first - 1), line.substr(second + 1)};
}

/// Whether somebody works on the run; starts another guardian when nobody has for a while.
class Attendance {
 public:
  Attendance(const host::Root& root, const StateOptions& state, std::string id, Succession succession)
      : m_root(&root), m_state(&state), m_id(std::move(id)), m_succession(succession) {}

  /// False: nobody does, and nobody will.
  [[nodiscard]] bool check() {
    if (Lock::is_held_for(*m_root, *m_state, m_id)) {
      m_last = Clock::now();
      return true;
    }
    if (Clock::now() - m_last < k_patience) return true;
    if (m_succession == Succession::only_watch || m_starts++ == k_most_starts) return false;
    m_last = Clock::now();
    static_cast<void>(resume(*m_root, *m_state, m_id));  // the next look tells whether it came
    return true;
  }

 private:
  const host::Root* m_root;
  const StateOptions* m_state;
  std::string m_id;
  Succession m_succession;
  Clock::time_point m_last = Clock::now();
  int m_starts = 0;
};

}  // namespace

Result<Followed> follow(const host::Root& root, const StateOptions& state, const std::string& id, Until until,
                        Succession succession, const std::function<void(const JournalLine&)>& line,
                        const std::function<void()>& idle) {
  const Store store(root, state);
  Interrupts interrupts;
  Attendance attendance(root, state, id, succession);
  std::uint64_t offset = 0;
  const auto ended = [&](Followed::End end, const Record& record) {
    return Followed{end, stored_run(record, store.shown(id))};
  };
  while (true) {
    // The record before the journal: what is final has all its lines.
    KAUDIT_TRY(record, store.read(id));
    for (const std::string& text : read_journal(store, id, offset)) line(split(text));
    if (!is_unfinished(record.state)) return ended(Followed::End::finished, record);
    if (until == Until::written && record.state != RunState::prepared) return ended(Followed::End::written, record);
    if (!attendance.check()) return ended(Followed::End::orphaned, record);
    idle();
    if (interrupts.wait(k_pause_ms)) {
      KAUDIT_TRY(last, store.read(id));  // what is told is where the run is now
      return ended(Followed::End::interrupted, last);
    }
  }
}

}  // namespace kaudit::rollout
