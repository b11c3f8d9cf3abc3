#include "store.hpp"

#include <cerrno>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kaudit/host/atomic_file.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/system_error.hpp"
#include "run_id.hpp"

namespace kaudit::rollout {
namespace {

/// A record holds a few lines per file, never contents.
constexpr std::size_t k_largest_record = std::size_t{16} << 20U;

Error unsafe_record(const std::string& path, const std::string& message) {
  return host::file_error(ExitStatus::host_refused, "record", path, message);
}

Status make_folder(const host::Place& place) {
  if (::mkdirat(place.directory.get(), place.leaf.c_str(), 0700) == 0) return Done{};
  return host::system_error("cannot make the run's folder", place.path, errno);
}

/// Files and directories that are written but not yet synced. Synced in the order of the list: on a journaling file
/// system the first one then carries the others along.
using Unsynced = std::vector<std::pair<host::Descriptor, std::string>>;

Status write_copy(const host::Place& place, std::string_view bytes, Unsynced& unsynced) {
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  host::Descriptor file(host::uninterrupted(
      [&] { return ::openat(place.directory.get(), place.leaf.c_str(), flags, S_IRUSR | S_IWUSR); }));
  if (!file.is_open()) return host::system_error("cannot create it", place.path, errno);
  KAUDIT_TRY_DO(host::write_all(file.get(), bytes, place.path));
  unsynced.emplace_back(std::move(file), place.path);
  return Done{};
}

Status write_copies(const host::Place& folder, const Record& record, const Intent& intent, Unsynced& unsynced) {
  KAUDIT_TRY(before, host::descend(folder, "before"));
  KAUDIT_TRY(after, host::descend(folder, "after"));
  KAUDIT_TRY_DO(make_folder(before));
  KAUDIT_TRY_DO(make_folder(after));
  const auto leaf = [](const std::string& copy) { return copy.substr(copy.find('/') + 1); };
  for (std::size_t i = 0; i < record.files.size(); ++i) {
    const FileIntent& file = i == 0 ? intent.manifest : intent.files[i - 1];
    const RecordedFile& recorded = record.files[i];
    if (recorded.before) {
      KAUDIT_TRY(place, host::descend(before, leaf(recorded.before->copy)));
      KAUDIT_TRY_DO(write_copy(place, file.before->bytes, unsynced));
    }
    KAUDIT_TRY(place, host::descend(after, leaf(recorded.after.copy)));
    KAUDIT_TRY_DO(write_copy(place, file.after, unsynced));
  }
  return Done{};
}

Status add_directory(const host::Place& place, Unsynced& unsynced) {
  KAUDIT_TRY(opened, host::open_directory(place));
  unsynced.emplace_back(std::move(opened), place.path);
  return Done{};
}

Status add_parent(const host::Place& place, Unsynced& unsynced) {
  KAUDIT_TRY(opened, host::open_parent(place));
  unsynced.emplace_back(std::move(opened), place.path);
  return Done{};
}

ParsedRecord parsed(const Result<std::optional<host::FileImage>>& image) {
  if (!image) return {{}, {Unreadable::Kind::damaged, image.error().message}};
  if (!*image) return {{}, {Unreadable::Kind::cut_off, "it is missing"}};
  return from_json((*image)->bytes);
}

}  // namespace

std::string Store::shown(const std::string& id) const { return m_root->shown(node_path(id)); }

std::string backup_of(const Store& store, const Record& record) {
  const RecordedFile& manifest = record.files.front();
  return store.shown(record.id) + "/" + (manifest.before ? manifest.before->copy : manifest.after.copy);
}

Result<std::vector<FoundRun>> Store::scan() const {
  std::vector<FoundRun> found;
  auto runs = m_root->locate(m_runs);
  if (!runs) {
    if (runs.error().code == "missing-directory") return found;
    return std::move(runs).error();
  }
  KAUDIT_TRY(names, host::list_directory(*runs, host::Hidden::skipped));
  for (std::string& name : names) {
    if (!is_run_id(name)) continue;
    KAUDIT_TRY(folder, host::descend(*runs, name));
    const auto record = host::descend(folder, k_record_name);
    if (!record) continue;  // no directory, so none of ours
    const auto image = host::read_file(*record, k_largest_record);
    found.push_back({std::move(name), parsed(image)});
  }
  return found;
}

Status Store::create(const Record& record, const Intent& intent, std::vector<std::string> made) const {
  KAUDIT_TRY(folder, m_root->locate_or_make(node_path(record.id), made));
  KAUDIT_TRY_DO(make_folder(folder));
  Status written = write_all(folder, record, intent, made);
  if (written) return written;
  if (const Status removed = remove(record.id); !removed) written.error().also.push_back(to_text(removed.error()));
  return written;
}

Status Store::write_all(const host::Place& folder, const Record& record, const Intent& intent,
                        const std::vector<std::string>& made) const {
  KAUDIT_TRY(text, to_json(record));
  Unsynced unsynced;
  KAUDIT_TRY_DO(write_copies(folder, record, intent, unsynced));
  KAUDIT_TRY(record_place, host::descend(folder, k_record_name));
  KAUDIT_TRY_DO(write_copy(record_place, text, unsynced));
  for (const char* name : {"before", "after"}) {
    KAUDIT_TRY(place, host::descend(folder, name));
    KAUDIT_TRY_DO(add_directory(place, unsynced));
  }
  KAUDIT_TRY_DO(add_directory(folder, unsynced));
  KAUDIT_TRY_DO(add_parent(folder, unsynced));
  for (const std::string& directory : made) {
    KAUDIT_TRY(place, m_root->locate(directory));
    KAUDIT_TRY_DO(add_parent(place, unsynced));
  }
  for (const auto& [descriptor, path] : unsynced) KAUDIT_TRY_DO(host::sync(descriptor, path));
  return Done{};
}

Status Store::close(const Record& record, RunState state) const {
  Record closed = record;
  closed.state = state;
  closed.finished = now().text;
  return update(closed);
}

Result<Record> Store::read(const std::string& id) const {
  KAUDIT_TRY(place, place_of(id, k_record_name));
  ParsedRecord found = parsed(host::read_file(place, k_largest_record));
  if (!found.record) return unsafe_record(place.path, "the record cannot be read: " + found.unreadable.reason);
  return *std::move(found.record);
}

Result<host::Place> Store::place_of(const std::string& id, const std::string& name) const {
  return m_root->locate(node_path(id) + "/" + name);
}

Status Store::update(const Record& record) const {
  KAUDIT_TRY(text, to_json(record));
  KAUDIT_TRY(place, place_of(record.id, k_record_name));
  // Of an earlier call that was killed.
  KAUDIT_TRY(leftover, host::sibling(place, host::temporary_name(record.id, k_record_name)));
  KAUDIT_TRY_DO(host::remove_file(leftover));
  KAUDIT_TRY(file, host::AtomicFile::create(place, record.id, host::Metadata{0600, ::geteuid(), ::getegid(), {}},
                                            host::ownership_in(*m_root)));
  KAUDIT_TRY_DO(file.write(text));
  // Synced before the rename, so that a power cut leaves one of the two records whole.
  KAUDIT_TRY_DO(file.sync());
  return file.commit(host::Existing::replaced);
}

Status Store::sync_folder(const std::string& id) const {
  KAUDIT_TRY(folder, m_root->locate(node_path(id)));
  KAUDIT_TRY(directory, host::open_directory(folder));
  return host::sync(directory, folder.path);
}

Status Store::remove(const std::string& id) const {
  KAUDIT_TRY(folder, m_root->locate(node_path(id)));
  KAUDIT_TRY(record, host::descend(folder, k_record_name));
  KAUDIT_TRY_DO(host::remove_file(record));
  return host::remove_tree(folder);
}

Result<std::string> Store::read_copy(const std::string& id, const StoredImage& image) const {
  KAUDIT_TRY(place, m_root->locate(node_path(id) + "/" + image.copy));
  auto read = host::read_file(place, image.size);
  const bool is_longer = !read && read.error().code == "too-large";
  if (!read && !is_longer) return std::move(read).error();
  if (!is_longer && !*read) return unsafe_record(place.path, "the stored bytes are missing");
  if (is_longer || host::sha256((*read)->bytes) != image.sha256) {
    return unsafe_record(place.path, "the stored bytes are not those that the record names");
  }
  return std::move((*read)->bytes);
}

}  // namespace kaudit::rollout
