#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include <unistd.h>

#include "trail.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

using rollout::Followed;
using rollout::RunState;

/// The one line that moves while nothing happens; only where a person looks at it.
class Spinner {
 public:
  explicit Spinner(Verbosity verbosity) : m_is_shown(verbosity != Verbosity::quiet && isatty(STDERR_FILENO) == 1) {}
  Spinner(const Spinner&) = delete;
  Spinner& operator=(const Spinner&) = delete;
  ~Spinner() { clear(); }

  void set_phase(const std::string& phase) { m_phase = phase; }
  void turn() {
    if (!m_is_shown) return;
    const auto now = std::chrono::steady_clock::now();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - m_began).count();
    fmt::print(stderr, "\r\x1b[K{} {} {} s", "|/-\\"[m_turns++ % 4], m_phase, seconds);
    static_cast<void>(std::fflush(stderr));
  }
  void clear() const {
    if (m_is_shown) fmt::print(stderr, "\r\x1b[K");
  }

 private:
  bool m_is_shown;
  std::string m_phase = "starting the guardian";
  std::size_t m_turns = 0;
  std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
};

Result<Followed> follow_shown(const Session& session, Console& console, const std::string& id, rollout::Until until) {
  Spinner spinner(session.options.verbosity);
  const auto show = [&](const rollout::JournalLine& line) {
    spinner.clear();
    spinner.set_phase(line.word);
    console.progress(journal_text(line));
  };
  return rollout::follow(session.root, session.state(), id, until, rollout::Succession::start_another, show,
                         [&] { spinner.turn(); });
}

Error unhealthy(ExitStatus status, const char* code, std::string message, const Followed& followed) {
  Error error;
  error.status = status;
  error.code = code;
  error.message = std::move(message);
  error.also = followed.run.ending.errors;
  for (const std::string& line : followed.run.ending.log_tail) error.also.push_back("| " + line);
  return error;
}

/// Exit status 6: everything a person needs who has to go on from here.
Error needs_person(const Followed& followed, const std::string& manifest, const std::string& backup) {
  const rollout::Ending& ending = followed.run.ending;
  // Without a word about the way back there was none: what somebody else wrote was left to them.
  const std::string what = ending.errors.empty()
                               ? "a person is needed"
                               : "the API server is not healthy, and the old files could not bring it back";
  Error error = unhealthy(ExitStatus::needs_person, "needs-person",
                          what + (ending.reason.empty() ? "" : ": " + ending.reason), followed);
  const std::string directory = manifest.substr(0, manifest.rfind('/'));
  error.hint = fmt::format(
      "the manifest as it was is {}; to put it back: kaudit rollback {}; or by hand: cp -p {} {}/.back && mv {}/.back "
      "{}",
      backup, followed.run.id, backup, directory, directory, manifest);
  return error;
}

/// The run is not over, and nobody works on it: only where not even another guardian can be started.
Error without_guardian(const Followed& followed) {
  Error error = unhealthy(ExitStatus::needs_person, "no-guardian",
                          "the guardian is gone, and another could not be started: run " + followed.run.id +
                              " is not finished, and nobody watches",
                          followed);
  error.hint = followed.run.folder +
               " has its journal, guardian.log and the old files; the next verb that may write finishes it";
  return error;
}

std::string follow_hint(const Session& session) {
  const std::string& directory = session.options.state_dir;
  return "kaudit status --follow" + (directory == RunOptions().state_dir ? "" : " --state-dir " + directory);
}

/// The API server, or, where that came and was asked for it, its trail.
std::string what_failed(const Followed& followed) {
  const auto& proof = followed.run.ending.proof;
  const bool is_trail = proof && proof->verdict == node::Proof::Verdict::missing;
  return is_trail ? "the API server came back, but its audit trail is not there: "
                  : "the API server did not come back: ";
}

/// What became of the run, as an error unless all is well.
Status conclude(const Session& session, const Followed& followed, const report::Report& report) {
  const std::string& reason = followed.run.ending.reason;
  if (followed.end == Followed::End::interrupted) {
    return unhealthy(ExitStatus::interrupted, "interrupted",
                     "interrupted; the guardian goes on by itself: " + follow_hint(session), followed);
  }
  if (followed.end == Followed::End::orphaned) return without_guardian(followed);
  if (followed.end == Followed::End::written) return Done{};
  switch (followed.run.state) {
    case RunState::healthy:
    case RunState::written:
      return Done{};
    case RunState::restored:
      return unhealthy(
          ExitStatus::rolled_back, "rolled-back",
          what_failed(followed) + reason + "; the old files are in place again, and it is healthy with them", followed);
    case RunState::abandoned:
      return unhealthy(ExitStatus::host_refused, "abandoned", reason + "; nothing was changed", followed);
    case RunState::prepared:
    case RunState::watching:
    case RunState::restoring:
    case RunState::failed:
      break;
  }
  return needs_person(followed, report.manifest, report.run ? report.run->backup : "");
}

/// "healthy", "watching", …: the run's own word.
report::Rollout rollout_of(const Followed& followed) {
  const rollout::Ending& ending = followed.run.ending;
  return {std::string(to_string(followed.run.state)), ending.seconds, ending.reason, ending.log_tail};
}

}  // namespace

std::string journal_text(const rollout::JournalLine& line) {
  return fmt::format("{}  {:<10} {}", line.time, line.word, line.message);
}

Status write_guarded(Session& session, Console& console, const rollout::Intent& intent, report::Report& report) {
  KAUDIT_TRY(run, rollout::start(session.root, session.state(), intent));
  for (const Warning& warning : run.warnings) {
    console.warn(warning);
    report.warnings.push_back(warning);
  }
  report.run = report::RunReference{run.id, run.folder, run.backup};
  const bool waits = session.options.watch == WatchMode::wait;
  KAUDIT_TRY(followed,
             follow_shown(session, console, run.id, waits ? rollout::Until::finished : rollout::Until::written));
  report.rollout = rollout_of(followed);
  report.proof = followed.run.ending.proof;
  KAUDIT_TRY_DO(conclude(session, followed, report));
  console.progress(fmt::format("backup:  {}", run.backup));
  if (followed.end == Followed::End::written) {
    console.progress("the guardian watches, and puts the old files back if the API server does not come: " +
                     follow_hint(session));
  } else {
    console.progress(fmt::format("the API server is healthy after {:.1f} s", followed.run.ending.seconds));
  }
  return tell_proof(console, report);
}

Status finish_orphans(Session& session, Console& console) {
  KAUDIT_TRY(orphans, rollout::orphaned_runs(session.root, session.state()));
  for (const std::string& id : orphans) {
    console.progress("run " + id + " was not finished: finishing it first");
    KAUDIT_TRY(run, rollout::resume(session.root, session.state(), id));
    KAUDIT_TRY(followed, follow_shown(session, console, id, rollout::Until::finished));
    if (followed.end == Followed::End::interrupted || followed.end == Followed::End::orphaned) {
      report::Report about;
      about.run = report::RunReference{run.id, run.folder, run.backup};
      return conclude(session, followed, about);
    }
    const std::string& reason = followed.run.ending.reason;
    session.warnings.push_back({"unfinished-run",
                                fmt::format("run {} was not finished; now it is {}{}", id,
                                            to_string(followed.run.state), reason.empty() ? "" : ": " + reason),
                                {},
                                {},
                                0,
                                0});
  }
  return Done{};
}

}  // namespace kaudit::cli
