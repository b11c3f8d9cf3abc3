#include "execution.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>

#include "kaudit/host/atomic_file.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/system_error.hpp"

namespace kaudit::rollout {
namespace {

Error changed(const host::Place& place, const std::string& what) {
  return host::file_error(ExitStatus::host_refused, "changed-underneath", place.path,
                          what + " by another program since the plan was made", "look at it, then run again");
}

bool is_same(const host::FileImage& now, const host::FileImage& before) {
  const host::Metadata& left = now.metadata;
  const host::Metadata& right = before.metadata;
  return now.inode == before.inode && now.device == before.device && left.mode == right.mode && left.uid == right.uid &&
         left.gid == right.gid && left.attributes == right.attributes && now.bytes == before.bytes;
}

}  // namespace

bool is_kept(const FileIntent& intent) {
  if (!intent.before || intent.before->bytes != intent.after) return false;
  const host::Metadata& before = intent.before->metadata;
  return before.mode == intent.metadata.mode && before.uid == intent.metadata.uid &&
         before.gid == intent.metadata.gid && before.attributes == intent.metadata.attributes;
}

Status check_unchanged(const host::Place& place, const FileIntent& intent) {
  const std::size_t limit = intent.before ? intent.before->bytes.size() : 0;
  const auto now = host::read_file(place, limit);
  if (!now) return now.error().code == "too-large" ? changed(place, "was changed") : now.error();
  if (!*now) return intent.before ? Status(changed(place, "was removed")) : Status(Done{});
  if (!intent.before) return changed(place, "was made");
  return is_same(**now, *intent.before) ? Status(Done{}) : Status(changed(place, "was changed"));
}

Status Execution::run() {
  KAUDIT_TRY_DO(provide(Provision::Kind::directory));
  for (const FileIntent& file : m_intent->files) KAUDIT_TRY_DO(replace(file));
  KAUDIT_TRY_DO(provide(Provision::Kind::empty_file));
  return replace_manifest();
}

Status Execution::provide(Provision::Kind kind) {
  for (const Provision& provision : m_intent->provisions) {
    if (provision.kind != kind) continue;
    KAUDIT_TRY(place, m_root->locate(provision.node_path));
    KAUDIT_TRY(made, kind == Provision::Kind::directory
                         ? host::make_directory(place, provision.metadata, m_ownership)
                         : host::make_empty_file(place, provision.metadata, m_ownership));
    if (!made.is_open()) continue;
    m_unsynced.emplace_back(std::move(made), place.path);
    KAUDIT_TRY_DO(sync_later(place));
  }
  return Done{};
}

Status Execution::replace(const FileIntent& intent) {
  if (is_kept(intent)) return Done{};
  KAUDIT_TRY(place, m_root->locate(intent.node_path));
  KAUDIT_TRY(file, host::AtomicFile::create(place, *m_run_id, intent.metadata, m_ownership));
  KAUDIT_TRY_DO(file.write(intent.after));
  KAUDIT_TRY_DO(file.sync());
  KAUDIT_TRY_DO(check_unchanged(place, intent));
  KAUDIT_TRY_DO(file.commit(intent.before ? host::Existing::replaced : host::Existing::refused));
  return sync_later(place);
}

Status Execution::replace_manifest() {
  const FileIntent& intent = m_intent->manifest;
  if (is_kept(intent)) return sync_now();
  KAUDIT_TRY(place, m_root->locate(intent.node_path));
  KAUDIT_TRY(file, host::AtomicFile::create(place, *m_run_id, intent.metadata, m_ownership));
  KAUDIT_TRY_DO(file.write(intent.after));
  KAUDIT_TRY_DO(file.sync());
  KAUDIT_TRY_DO(sync_now());
  KAUDIT_TRY_DO(check_unchanged(place, intent));
  m_rename = Rename::unknown;
  return file.commit(intent.before ? host::Existing::replaced : host::Existing::refused);
}

Status Execution::sync_later(const host::Place& place) {
  KAUDIT_TRY(directory, host::open_parent(place));
  struct stat status {};
  if (::fstat(directory.get(), &status) != 0) return host::system_error("cannot look at it", place.path, errno);
  const auto is_same_file = [&](const auto& entry) {
    struct stat other {};
    return ::fstat(entry.first.get(), &other) == 0 && other.st_ino == status.st_ino && other.st_dev == status.st_dev;
  };
  if (std::any_of(m_unsynced.begin(), m_unsynced.end(), is_same_file)) return Done{};
  m_unsynced.emplace_back(std::move(directory), place.path);
  return Done{};
}

Status Execution::sync_now() {
  for (const auto& [descriptor, path] : m_unsynced) KAUDIT_TRY_DO(host::sync(descriptor, path));
  m_unsynced.clear();
  return Done{};
}

}  // namespace kaudit::rollout
