#include "kaudit/rollout/run.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

#include "execution.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/obstacles.hpp"
#include "kaudit/host/signals.hpp"
#include "kaudit/host/system_error.hpp"
#include "lock.hpp"
#include "prune.hpp"
#include "put_back.hpp"
#include "run_id.hpp"
#include "settle.hpp"
#include "store.hpp"

namespace kaudit::rollout {
namespace {

/// A place, unless a directory above it is one that the run is going to make.
Result<std::optional<host::Place>> locate_or_later(const host::Root& root, const Intent& intent,
                                                   const std::string& node_path) {
  auto place = root.locate(node_path);
  if (place) return std::optional(std::move(place).value());
  const auto is_made = [&](const Provision& provision) {
    return provision.kind == Provision::Kind::directory && root.shown(provision.node_path) == place.error().file;
  };
  if (place.error().code != "missing-directory") return std::move(place).error();
  if (std::none_of(intent.provisions.begin(), intent.provisions.end(), is_made)) return std::move(place).error();
  return std::optional<host::Place>();
}

/// Every file against the plan; those below directories still to be made cannot be there.
Status compare_all(const host::Root& root, const Intent& intent) {
  const auto compare = [&](const FileIntent& file) -> Status {
    KAUDIT_TRY(place, locate_or_later(root, intent, file.node_path));
    return place ? check_unchanged(*place, file) : Status(Done{});
  };
  KAUDIT_TRY_DO(compare(intent.manifest));
  for (const FileIntent& file : intent.files) KAUDIT_TRY_DO(compare(file));
  return Done{};
}

/// Notes which of the things to be provided are there already, so that nobody's own is ever removed.
Status note_existing(const host::Root& root, const Intent& intent, Record& record) {
  for (RecordedProvision& recorded : record.provisions) {
    KAUDIT_TRY(place, locate_or_later(root, intent, recorded.provision.node_path));
    struct stat status {};
    recorded.existed =
        place && ::fstatat(place->directory.get(), place->leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  }
  return Done{};
}

Warning warning(std::string code, const Error& error) {
  Warning made;
  made.code = std::move(code);
  made.message = error.message;
  made.file = error.file;
  return made;
}

Status sync_parent(const host::Root& root, const std::string& node_path) {
  KAUDIT_TRY(place, root.locate(node_path));
  KAUDIT_TRY(directory, host::open_parent(place));
  return host::sync(directory, place.path);
}

/// The rename has happened: whatever fails now is a warning.
void conclude(const host::Root& root, const Store& store, const Record& record, const Intent& intent,
              std::vector<Warning>& warnings) {
  const bool is_manifest_kept = is_kept(intent.manifest);
  if (!is_manifest_kept) {
    const Status synced = sync_parent(root, intent.manifest.node_path);
    if (!synced) warnings.push_back(warning("durability", synced.error()));
  }
  Status closed = store.close(record, RunState::written);
  if (closed && is_manifest_kept) closed = store.sync_folder(record.id);
  if (!closed) warnings.push_back(warning("record", closed.error()));
}

/// After a failure: everything back, or named. Nothing: the manifest turned out to have been replaced after all.
std::optional<Error> take_back(const host::Root& root, const Store& store, const Record& record, Rename rename,
                               Error error) {
  PutBack end = put_back(root, store, record, rename);
  if (end.was_renamed) return std::nullopt;
  if (end.is_complete() && end.remarks.empty()) {
    // Everything is as it was: the run never was.
    if (const Status removed = store.remove(record.id); !removed) error.also.push_back(to_text(removed.error()));
    return error;
  }
  for (std::string& remark : end.remarks) error.also.push_back(std::move(remark));
  if (end.is_complete()) {
    if (const Status closed = store.close(record, RunState::abandoned); !closed) {
      error.also.push_back(to_text(closed.error()));
    }
    return error;
  }
  for (std::string& failure : end.failures) error.also.push_back("could not be put back: " + std::move(failure));
  error.also.push_back("the old files are in " + store.shown(record.id) + "/before; the next run tries again");
  return error;
}

}  // namespace

Status check_host(const host::Root& root, const Intent& intent) {
  const auto check_file = [&](const FileIntent& file) -> Status {
    if (is_kept(file)) return Done{};
    KAUDIT_TRY(place, locate_or_later(root, intent, file.node_path));
    return place ? host::check_replaceable(*place) : Status(Done{});
  };
  KAUDIT_TRY_DO(check_file(intent.manifest));
  for (const FileIntent& file : intent.files) KAUDIT_TRY_DO(check_file(file));
  for (const Provision& provision : intent.provisions) {
    KAUDIT_TRY(place, locate_or_later(root, intent, provision.node_path));
    if (place && provision.kind == Provision::Kind::empty_file) KAUDIT_TRY_DO(host::check_log(*place));
  }
  return Done{};
}

Result<Outcome> execute(const host::Root& root, const StateOptions& state, const Intent& intent) {
  const host::BlockedSignals blocked;
  const Moment started = now();
  Record record = make_record(intent, make_run_id(started), started.text);
  const Store store(root, state);
  KAUDIT_TRY_DO(check_host(root, intent));

  std::vector<std::string> made;
  KAUDIT_TRY(taken, Lock::take(root, state, record.id, made));
  const Lock lock = std::move(taken);
  KAUDIT_TRY(runs, store.scan());
  KAUDIT_TRY(settled, settle_all(root, store, runs));
  KAUDIT_TRY_DO(compare_all(root, intent));
  KAUDIT_TRY_DO(note_existing(root, intent, record));
  KAUDIT_TRY_DO(store.create(record, intent, std::move(made)));

  Outcome outcome;
  Execution execution(root, intent, record.id);
  if (const Status done = execution.run(); !done) {
    auto error = take_back(root, store, record, execution.rename(), done.error());
    if (error) return *std::move(error);
    outcome.warnings.push_back(warning("durability", done.error()));
  }
  for (std::string& line : settled) outcome.warnings.push_back({"unfinished-run", std::move(line), {}, {}, 0, 0});
  conclude(root, store, record, intent, outcome.warnings);
  for (const Error& error : prune(store, runs, state.keep_backups)) {
    outcome.warnings.push_back(warning("prune", error));
  }
  outcome.run_id = record.id;
  outcome.run_folder = store.shown(record.id);
  const RecordedFile& manifest = record.files.front();
  outcome.backup_path = outcome.run_folder + "/" + (manifest.before ? manifest.before->copy : manifest.after.copy);
  return outcome;
}

}  // namespace kaudit::rollout
