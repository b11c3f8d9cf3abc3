#include <cerrno>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigprocmask(2)
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "begin.hpp"
#include "boot_unit.hpp"
#include "kaudit/host/run_program.hpp"
#include "kaudit/host/signals.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/rollout/guardian.hpp"

namespace kaudit::rollout {
namespace {

std::vector<std::string> guard_words(const std::string& program, const host::Root& root, const StateOptions& state,
                                     const std::string& id) {
  return {program,         "guard",          id,
          "--root",        root.shown("/"),  "--state-dir",
          state.directory, "--keep-backups", std::to_string(state.keep_backups)};
}

/// A transient service of its own: outside the session's control group, restarted when it fails.
/// Source: systemd-run(1), systemd.service(5), systemd.exec(5).
bool start_service(const host::Root& root, const StateOptions& state, const std::string& id) {
  const std::string program = own_program();
  if (program.empty() || !is_systemd_there(root)) return false;
  std::vector<std::string> words = {"systemd-run",
                                    "--quiet",
                                    "--collect",
                                    "--unit=kaudit-guardian-" + id,
                                    "--description=kaudit: watch the API server come back",
                                    "--property=Restart=on-failure",
                                    "--property=RestartSec=1",
                                    "--property=StartLimitIntervalSec=0",
                                    "--property=OOMScoreAdjust=-1000",
                                    "--property=KillMode=process",
                                    "--"};
  for (std::string& word : guard_words(program, root, state, id)) words.push_back(std::move(word));
  const host::ProgramResult result = host::run_program(words, 4096, 20000);
  return result.started && result.exit_code == 0;
}

/// What the guardian says when something is wrong with itself goes to a file of the run.
void become_daemon(int log) {
  ::setsid();
  if (::chdir("/") != 0) ::_exit(126);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  ::dup2(null, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  // Works for those who may; who may not keeps what it has. Source: proc(5), /proc/PID/oom_score_adj.
  std::ofstream("/proc/self/oom_score_adj") << "-1000";
}

/// A session of its own, whose parent is init: two forks, then the same program anew.
Status start_session(const host::Root& root, const Store& store, const StateOptions& state, const std::string& id) {
  KAUDIT_TRY(place, store.place_of(id, "guardian.log"));
  const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
  const host::Descriptor log(::openat(place.directory.get(), place.leaf.c_str(), flags, S_IRUSR | S_IWUSR));
  if (!log.is_open()) return host::system_error("cannot open it", place.path, errno);
  std::vector<std::string> words = guard_words("kaudit", root, state, id);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) return host::system_error("cannot start the guardian", place.path, errno);
  if (child == 0) {
    if (::fork() != 0) ::_exit(0);
    become_daemon(log.get());
    ::execv("/proc/self/exe", argv.data());
    ::_exit(127);
  }
  static_cast<void>(host::uninterrupted([&] { return ::waitpid(child, nullptr, 0); }));
  return Done{};
}

GuardedRun guarded(const Store& store, const Record& record) {
  return {record.id, store.shown(record.id), backup_of(store, record), {}};
}

Status launch(const host::Root& root, const Store& store, const StateOptions& state, const std::string& id) {
  if (start_service(root, state, id)) return Done{};
  return start_session(root, store, state, id);
}

}  // namespace

Result<GuardedRun> start(const host::Root& root, const StateOptions& state, const Intent& intent) {
  const host::BlockedSignals blocked;
  const Store store(root, state);
  KAUDIT_TRY(begun, begin(root, store, state, intent));
  GuardedRun run = guarded(store, begun.record);
  for (std::string& line : begun.settled) run.warnings.push_back({"unfinished-run", std::move(line), {}, {}, 0, 0});
  if (const Status placed = place_boot_unit(root, state); !placed) {
    run.warnings.push_back(warning_of("no-boot-unit", placed.error()));
  }
  // The guardian waits for the lock, which goes with `begun` when this returns.
  if (Status launched = launch(root, store, state, run.id); !launched) {
    static_cast<void>(store.remove(run.id));
    Error error = std::move(launched).error();
    error.code = "guardian";
    return error;
  }
  return run;
}

Result<GuardedRun> resume(const host::Root& root, const StateOptions& state, const std::string& id) {
  const Store store(root, state);
  KAUDIT_TRY(record, store.read(id));
  KAUDIT_TRY_DO(launch(root, store, state, id));
  return guarded(store, record);
}

}  // namespace kaudit::rollout
