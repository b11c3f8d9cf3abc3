#include "kaudit/rollout/guardian.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "begin.hpp"
#include "boot_unit.hpp"
#include "hastener.hpp"
#include "journal.hpp"
#include "kaudit/host/signals.hpp"
#include "prove.hpp"
#include "prune.hpp"
#include "put_back.hpp"
#include "removals.hpp"
#include "settle.hpp"
#include "watch_loop.hpp"

namespace kaudit::rollout {
namespace {

/// Whoever starts a guardian holds the lock until it asks for it.
constexpr double k_lock_wait = 60;

/// One run, from whatever state it is found in to its end.
class Guardian {
 public:
  Guardian(const host::Root& root, const StateOptions& state, Store store, Record record, Journal journal)
      : m_root(&root),
        m_state(&state),
        m_store(std::move(store)),
        m_record(std::move(record)),
        m_journal(std::move(journal)),
        m_hastener(m_store, m_record, m_journal) {}
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;
  ~Guardian() = default;

  void run();

 private:
  [[nodiscard]] bool write();
  [[nodiscard]] Result<Intent> write_baseline();
  void give_up_writing(const CarriedOut& carried);
  [[nodiscard]] bool take_over();
  void watch_new();
  void remove_what_was_to_go();
  void way_back(const Verdict& verdict);
  void watch_old();
  void enter(RunState state, std::vector<host::ProcessId> processes, Current current);
  void finish(RunState state, double seconds);
  void note(const Status& status);

  const host::Root* m_root;
  const StateOptions* m_state;
  Store m_store;
  Record m_record;
  Journal m_journal;
  Hastener m_hastener;  ///< knows the three above
};

void Guardian::note(const Status& status) {
  if (status) return;
  const std::string text = (status.error().file.empty() ? "" : status.error().file + ": ") + status.error().message;
  m_journal.write("error", text);
  m_record.ending.errors.push_back(text);
}

/// A goal begins: what is there now must not be taken for what is waited for.
void Guardian::enter(RunState state, std::vector<host::ProcessId> processes, Current current) {
  m_record.state = state;
  m_record.baseline = take_baseline(*m_root, *m_record.watch, std::move(processes), current);
  note(m_store.update(m_record));
}

void Guardian::finish(RunState state, double seconds) {
  m_record.ending.seconds = seconds;
  m_journal.write(to_string(state), m_record.ending.reason.empty() ? "done" : m_record.ending.reason);
  note(m_store.close(m_record, state));
  note(m_store.sync_folder(m_record.id));
  note(remove_boot_unit(*m_root));
  const auto runs = m_store.scan();
  if (!runs) return;
  std::vector<FoundRun> earlier = *runs;
  std::erase_if(earlier, [&](const FoundRun& run) { return run.id == m_record.id; });
  for (const Error& error : prune(m_store, earlier, m_state->keep_backups)) note(error);
}

/// From here on the record says that a guardian has begun.
Result<Intent> Guardian::write_baseline() {
  KAUDIT_TRY_DO(m_store.update(m_record));
  KAUDIT_TRY(intent, stored_intent(m_store, m_record));
  KAUDIT_TRY_DO(compare_all(*m_root, intent));
  return std::move(intent);
}

void Guardian::give_up_writing(const CarriedOut& carried) {
  const Error& error = carried.error;
  m_record.ending.reason = (error.file.empty() ? "" : error.file + ": ") + error.message;
  m_record.ending.errors = error.also;
  if (!error.hint.empty()) m_record.ending.errors.push_back(error.hint);
  if (carried.end == CarriedOut::End::stuck) {
    m_journal.write("error", m_record.ending.reason);
    note(m_store.update(m_record));
    return;
  }
  finish(RunState::abandoned, 0);
}

/// The plan, carried out. False: the run is over, nothing of it is in force.
bool Guardian::write() {
  m_journal.write("writing", "the guardian has begun; comparing the files with the plan");
  m_record.baseline =
      take_baseline(*m_root, *m_record.watch, {},
                    m_record.watch->restart == WatchPlan::Restart::expected ? Current::must_go : Current::may_stay);
  m_hastener.take_hold();
  CarriedOut carried;
  if (auto begun = write_baseline(); !begun) {
    carried.end = CarriedOut::End::undone;
    carried.error = std::move(begun).error();
  } else {
    carried = carry_out(*m_root, m_store, m_record, *begun);
  }
  if (carried.end != CarriedOut::End::renamed) {
    give_up_writing(carried);
    return false;
  }
  m_record.baseline->began = seconds_since_boot();
  m_record.state = RunState::watching;
  note(m_store.update(m_record));
  m_journal.write("written", "the manifest is replaced; waiting for the kubelet");
  for (const Warning& warning : carried.warnings) m_journal.write("warning", warning.code + ": " + warning.message);
  return true;
}

/// A guardian was here before and was killed. False: it had not replaced the manifest, and everything is back.
bool Guardian::take_over() {
  if (m_record.state == RunState::prepared) {
    PutBack end = put_back(*m_root, m_store, m_record, Rename::unknown);
    if (!end.was_renamed) {
      m_record.ending.reason = "the guardian was killed before it had replaced the manifest";
      m_record.ending.errors = std::move(end.failures);
      finish(end.is_complete() ? RunState::abandoned : RunState::failed, 0);
      return false;
    }
    m_record.state = RunState::watching;
  }
  // After a reboot no process of before is left, and the kubelet needs its whole time again.
  if (m_record.baseline->boot_id != boot_id()) {
    m_journal.write("resumed", "after a reboot: the whole time again");
    m_record.baseline->processes.clear();
    m_record.baseline->boot_id = boot_id();
    m_record.baseline->boot = Baseline::Boot::later;
    m_record.baseline->began = seconds_since_boot();
    m_record.baseline->kubelet_log = node::mark_kubelet_log(node::find_kubelet(*m_root));
  } else {
    m_journal.write("resumed", "another guardian was here before");
    if (m_record.state == RunState::watching) m_hastener.take_hold();
  }
  note(m_store.update(m_record));
  return true;
}

void Guardian::watch_new() {
  Verdict verdict = watch(*m_root, m_record, Goal::new_server, m_journal, &m_hastener);
  if (verdict.action == Decision::Action::succeed) prove_trail(*m_root, m_record, m_journal, verdict);
  if (verdict.action == Decision::Action::succeed) {
    m_record.ending.reason = verdict.reason;
    remove_what_was_to_go();
    finish(RunState::healthy, verdict.seconds);
    return;
  }
  way_back(verdict);
}

void Guardian::remove_what_was_to_go() {
  std::vector<Warning> warnings;
  for (const std::string& path : remove_all(*m_root, m_record.removals, warnings)) m_journal.write("removed", path);
  for (const Warning& warning : warnings) m_journal.write("warning", warning.file + ": " + warning.message);
}

void Guardian::way_back(const Verdict& verdict) {
  m_record.ending.reason = verdict.reason;
  m_record.ending.log_tail = verdict.last_words;
  if (verdict.action == Decision::Action::yield) {
    m_journal.write("yielded", verdict.reason);
    finish(RunState::failed, verdict.seconds);
    return;
  }
  m_journal.write("restoring", verdict.reason);
  enter(RunState::restoring, verdict.own_processes, Current::may_stay);
  watch_old();
}

void Guardian::watch_old() {
  RolledBack end = roll_back(*m_root, m_store, m_record);
  for (std::string& remark : end.remarks) m_journal.write("remark", remark);
  for (std::string& failure : end.failures) {
    m_journal.write("error", failure);
    m_record.ending.errors.push_back("could not be put back: " + std::move(failure));
  }
  if (end.manifest != RolledBack::Manifest::back) {
    if (end.manifest == RolledBack::Manifest::foreign) {
      m_record.ending.errors.emplace_back("another program wrote the manifest meanwhile: it was left as it is");
    }
    finish(RunState::failed, seconds_since_boot() - m_record.baseline->began);
    return;
  }
  const Verdict verdict = watch(*m_root, m_record, Goal::old_server, m_journal, nullptr);
  if (verdict.action != Decision::Action::succeed) {
    m_record.ending.errors.push_back("with the old files: " + verdict.reason);
  }
  finish(verdict.action == Decision::Action::succeed ? RunState::restored : RunState::failed, verdict.seconds);
}

void Guardian::run() {
  const bool is_new = m_record.state == RunState::prepared && !m_record.baseline;
  if (is_new ? !write() : !take_over()) return;
  if (m_record.state == RunState::watching) {
    watch_new();
  } else {
    watch_old();
  }
}

Status guard_one(const host::Root& root, const StateOptions& state, const std::string& id) {
  Store store(root, state);
  KAUDIT_TRY(lock_taken, Lock::wait_for(root, state, id, k_lock_wait));
  const Lock lock = std::move(lock_taken);
  KAUDIT_TRY(record, store.read(id));
  if (!is_unfinished(record.state) || !record.watch) return Done{};  // whoever had the lock has finished it
  KAUDIT_TRY(journal, Journal::open(store, id));
  Guardian(root, state, std::move(store), std::move(record), std::move(journal)).run();
  return Done{};
}

}  // namespace

Result<std::vector<std::string>> orphaned_runs(const host::Root& root, const StateOptions& state) {
  KAUDIT_TRY(runs, Store(root, state).scan());
  std::vector<std::string> ids;
  for (const FoundRun& run : runs) {
    if (needs_guardian(run) && !Lock::is_held_for(root, state, run.id)) ids.push_back(run.id);
  }
  return ids;
}

Status check_no_guardian(const host::Root& root, const StateOptions& state) {
  KAUDIT_TRY(runs, Store(root, state).scan());
  const bool is_at_work = std::any_of(runs.begin(), runs.end(), [&](const FoundRun& run) {
    return needs_guardian(run) && Lock::is_held_for(root, state, run.id);
  });
  return is_at_work ? Status(Lock::refusal(root, state)) : Status(Done{});
}

Status guard(const host::Root& root, const StateOptions& state, const std::string& id) {
  const host::BlockedSignals blocked;
  if (!id.empty()) return guard_one(root, state, id);
  KAUDIT_TRY(ids, orphaned_runs(root, state));
  for (const std::string& orphan : ids) KAUDIT_TRY_DO(guard_one(root, state, orphan));
  return Done{};
}

}  // namespace kaudit::rollout
