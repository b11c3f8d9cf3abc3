#include "begin.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

#include "execution.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/obstacles.hpp"
#include "kaudit/host/system_error.hpp"
#include "run_id.hpp"
#include "settle.hpp"

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

/// A run that a guardian has to finish first: what it wrote is in force, and may still have to go back.
Status refuse_watched(const Store& store, const std::vector<FoundRun>& runs) {
  for (const FoundRun& run : runs) {
    if (!needs_guardian(run)) continue;
    return host::file_error(ExitStatus::host_refused, "unfinished-run", store.shown(run.id),
                            "run " + run.id + " is still being watched, or nobody finished it",
                            "kaudit status --follow shows it; the next verb that may write finishes it");
  }
  return Done{};
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
  for (const Removal& removal : intent.removals) {
    KAUDIT_TRY(place, root.locate(removal.node_path));
    KAUDIT_TRY_DO(host::check_replaceable(place));
  }
  return Done{};
}

Status compare_all(const host::Root& root, const Intent& intent) {
  const auto compare = [&](const FileIntent& file) -> Status {
    KAUDIT_TRY(place, locate_or_later(root, intent, file.node_path));
    return place ? check_unchanged(*place, file) : Status(Done{});
  };
  KAUDIT_TRY_DO(compare(intent.manifest));
  for (const FileIntent& file : intent.files) KAUDIT_TRY_DO(compare(file));
  return Done{};
}

Result<Begun> begin(const host::Root& root, const Store& store, const StateOptions& state, const Intent& intent) {
  const Moment started = now();
  Record record = make_record(intent, make_run_id(started), started.text);
  KAUDIT_TRY_DO(check_host(root, intent));
  std::vector<std::string> made;
  KAUDIT_TRY(lock, Lock::take(root, state, record.id, made));
  KAUDIT_TRY(runs, store.scan());
  KAUDIT_TRY_DO(refuse_watched(store, runs));
  KAUDIT_TRY(settled, settle_all(root, store, runs));
  KAUDIT_TRY_DO(compare_all(root, intent));
  KAUDIT_TRY_DO(note_existing(root, intent, record));
  KAUDIT_TRY_DO(store.create(record, intent, std::move(made)));
  return Begun{std::move(lock), std::move(record), std::move(runs), std::move(settled)};
}

Result<Intent> stored_intent(const Store& store, const Record& record) {
  Intent intent;
  intent.verb = record.verb;
  intent.summary = record.summary;
  intent.program_version = record.program_version;
  intent.watch = record.watch;
  for (const RecordedFile& recorded : record.files) {
    FileIntent file;
    file.role = recorded.role;
    file.node_path = recorded.node_path;
    file.metadata = recorded.after.metadata;
    KAUDIT_TRY(after, store.read_copy(record.id, recorded.after));
    file.after = std::move(after);
    if (recorded.before) {
      KAUDIT_TRY(before, store.read_copy(record.id, *recorded.before));
      file.before = host::FileImage{std::move(before), recorded.before->metadata, recorded.before->device,
                                    recorded.before->inode, 1};
    }
    if (&recorded == &record.files.front()) {
      intent.manifest = std::move(file);
    } else {
      intent.files.push_back(std::move(file));
    }
  }
  for (const RecordedProvision& recorded : record.provisions) intent.provisions.push_back(recorded.provision);
  intent.removals = record.removals;
  return intent;
}

}  // namespace kaudit::rollout
