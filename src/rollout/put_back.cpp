#include "put_back.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kaudit/host/atomic_file.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/file.hpp"

namespace kaudit::rollout {
namespace {

/// What stands under a recorded file's name now.
enum class Seen : std::uint8_t {
  before,  ///< what was there before the run (perhaps nothing)
  after,   ///< what the run wrote
  other,   ///< neither: somebody else's
};

/// The place of a recorded path; nothing when a directory above it does not exist.
Result<std::optional<host::Place>> find(const host::Root& root, const std::string& node_path) {
  auto place = root.locate(node_path);
  if (place) return std::optional(std::move(place).value());
  if (place.error().code == "missing-directory") return std::optional<host::Place>();
  return std::move(place).error();
}

bool holds(const host::FileImage& image, const StoredImage& stored, const std::string& digest) {
  return image.bytes.size() == stored.size && digest == stored.sha256;
}

Seen judge(const RecordedFile& file, const host::FileImage& image) {
  const std::string digest = host::sha256(image.bytes);
  const bool is_after = holds(image, file.after, digest);
  if (!file.before || !holds(image, *file.before, digest)) return is_after ? Seen::after : Seen::other;
  // The same bytes before and after (only owner or mode change): the inode tells.
  if (!is_after) return Seen::before;
  return image.inode == file.before->inode && image.device == file.before->device ? Seen::before : Seen::after;
}

Result<Seen> look(const host::Place& place, const RecordedFile& file) {
  const std::uint64_t largest = std::max(file.after.size, file.before ? file.before->size : 0);
  const auto image = host::read_file(place, largest);
  if (!image) {
    // Too large, or no regular file any more.
    if (image.error().status == ExitStatus::refused) return Seen::other;
    return image.error();
  }
  if (!*image) return file.before ? Seen::other : Seen::before;
  return judge(file, **image);
}

/// One call of put_back.
class Restoration {
 public:
  Restoration(const host::Root& root, const Store& store, const Record& record)
      : m_root(&root), m_store(&store), m_record(&record) {}

  PutBack run(Rename rename);
  RolledBack roll_back();

 private:
  [[nodiscard]] bool bring_manifest_back();
  [[nodiscard]] bool was_renamed(Rename rename);
  [[nodiscard]] Result<Seen> look_at(const RecordedFile& file) const;
  [[nodiscard]] Result<std::optional<host::Place>> temporary_of(const RecordedFile& file) const;
  [[nodiscard]] Status remove_temporary(const RecordedFile& file) const;
  [[nodiscard]] Status try_restore(const RecordedFile& file);
  [[nodiscard]] Status write_before(const host::Place& place, const StoredImage& before) const;
  [[nodiscard]] Status try_remove_made(const RecordedProvision& recorded);
  void note(const Status& status) {
    if (!status) m_end.failures.push_back(status.error().file + ": " + status.error().message);
  }

  const host::Root* m_root;
  const Store* m_store;
  const Record* m_record;
  bool m_manifest_is_unclear = false;
  PutBack m_end;
};

PutBack Restoration::run(Rename rename) {
  const std::vector<RecordedFile>& files = m_record->files;
  for (std::size_t i = 1; i < files.size(); ++i) note(remove_temporary(files[i]));
  m_end.was_renamed = was_renamed(rename);
  if (!m_end.was_renamed && !m_manifest_is_unclear && m_end.is_complete()) {
    for (std::size_t i = files.size(); i-- > 1;) note(try_restore(files[i]));
    const auto& provisions = m_record->provisions;
    for (std::size_t i = provisions.size(); i-- > 0;) note(try_remove_made(provisions[i]));
  }
  // Last, for it proves to whoever has to try again that the rename did not happen.
  if (m_end.is_complete()) note(remove_temporary(files.front()));
  return std::move(m_end);
}

RolledBack Restoration::roll_back() {
  const std::vector<RecordedFile>& files = m_record->files;
  RolledBack end;
  const auto seen = look_at(files.front());
  if (seen && *seen == Seen::other) {
    end.manifest = RolledBack::Manifest::foreign;
    return end;
  }
  for (const RecordedFile& file : files) note(remove_temporary(file));
  for (std::size_t i = files.size(); i-- > 1;) {
    if (files[i].before) note(try_restore(files[i]));
  }
  if (bring_manifest_back()) {
    end.manifest = RolledBack::Manifest::back;
    for (std::size_t i = files.size(); i-- > 1;) {
      if (!files[i].before) note(try_restore(files[i]));
    }
    const auto& provisions = m_record->provisions;
    for (std::size_t i = provisions.size(); i-- > 0;) note(try_remove_made(provisions[i]));
  }
  end.remarks = std::move(m_end.remarks);
  end.failures = std::move(m_end.failures);
  return end;
}

/// Whether it is what it was before the run when this returns.
bool Restoration::bring_manifest_back() {
  const RecordedFile& manifest = m_record->files.front();
  note(try_restore(manifest));
  const auto seen = look_at(manifest);
  return seen && *seen == Seen::before;
}

Result<std::optional<host::Place>> Restoration::temporary_of(const RecordedFile& file) const {
  KAUDIT_TRY(place, find(*m_root, file.node_path));
  if (!place) return std::optional<host::Place>();
  KAUDIT_TRY(temporary, host::sibling(*place, host::temporary_name(m_record->id, place->leaf)));
  return std::optional(std::move(temporary));
}

Status Restoration::remove_temporary(const RecordedFile& file) const {
  KAUDIT_TRY(temporary, temporary_of(file));
  return temporary ? host::remove_file(*temporary) : Status(Done{});
}

bool Restoration::was_renamed(Rename rename) {
  if (rename == Rename::not_tried) return false;
  const auto temporary = temporary_of(m_record->files.front());
  const auto seen = look_at(m_record->files.front());
  if (!temporary || !seen) {
    note(temporary ? Status(seen.error()) : Status(temporary.error()));
    return false;
  }
  struct stat status {};
  const bool is_there = *temporary && ::fstatat((*temporary)->directory.get(), (*temporary)->leaf.c_str(), &status,
                                                AT_SYMLINK_NOFOLLOW) == 0;
  if (*seen == Seen::before || is_there) return false;
  if (*seen == Seen::after) {
    note(host::sync_parent(**temporary));
    return true;
  }
  // Ours and changed since, or never ours: nobody can tell, and the other files may belong to either.
  m_manifest_is_unclear = true;
  m_end.remarks.push_back(m_root->shown(m_record->files.front().node_path) +
                          ": was changed by another program since; it and the files it names were left as they are, "
                          "the old ones are in " +
                          m_store->shown(m_record->id) + "/before");
  return false;
}

Result<Seen> Restoration::look_at(const RecordedFile& file) const {
  KAUDIT_TRY(place, find(*m_root, file.node_path));
  if (!place) return file.before ? Seen::other : Seen::before;
  return look(*place, file);
}

Status Restoration::try_restore(const RecordedFile& file) {
  KAUDIT_TRY(place, find(*m_root, file.node_path));
  if (!place) return Done{};
  KAUDIT_TRY(seen, look(*place, file));
  if (seen == Seen::before) return Done{};
  if (seen == Seen::other) {
    std::string remark = place->path + ": was changed by another program since and was left as it is";
    if (file.before) remark += "; the old one is " + m_store->shown(m_record->id) + "/" + file.before->copy;
    m_end.remarks.push_back(std::move(remark));
    return Done{};
  }
  if (file.before) {
    KAUDIT_TRY_DO(write_before(*place, *file.before));
  } else {
    KAUDIT_TRY_DO(host::remove_file(*place));
  }
  return host::sync_parent(*place);
}

Status Restoration::write_before(const host::Place& place, const StoredImage& before) const {
  KAUDIT_TRY(bytes, m_store->read_copy(m_record->id, before));
  KAUDIT_TRY(file, host::AtomicFile::create(place, m_record->id, before.metadata, host::ownership_in(*m_root)));
  KAUDIT_TRY_DO(file.write(bytes));
  KAUDIT_TRY_DO(file.sync());
  return file.commit(host::Existing::replaced);
}

/// As the run makes it: with its owner and mode, or, killed in between, not yet.
bool is_ours(const struct stat& status, const host::Metadata& metadata) {
  const bool is_owner = status.st_uid == metadata.uid && status.st_gid == metadata.gid;
  const bool is_final = is_owner && (status.st_mode & 07777U) == metadata.mode;
  return is_final || status.st_uid == ::geteuid();
}

Status Restoration::try_remove_made(const RecordedProvision& recorded) {
  if (recorded.existed) return Done{};
  const Provision& provision = recorded.provision;
  KAUDIT_TRY(place, find(*m_root, provision.node_path));
  if (!place) return Done{};
  struct stat status {};
  if (::fstatat(place->directory.get(), place->leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return Done{};
  const bool is_directory = provision.kind == Provision::Kind::directory;
  const bool is_kind = is_directory ? S_ISDIR(status.st_mode) : S_ISREG(status.st_mode);
  if (!is_kind || !is_ours(status, provision.metadata)) return Done{};
  if (!is_directory && (status.st_size != 0 || status.st_nlink != 1)) {
    m_end.remarks.push_back(place->path + ": is not empty any more and was left there");
    return Done{};
  }
  Status removed = is_directory ? host::remove_directory(*place) : host::remove_file(*place);
  if (!removed && removed.error().code == "not-empty") {
    m_end.remarks.push_back(place->path + ": is not empty any more and was left there");
    return Done{};
  }
  if (!removed) return removed;
  return host::sync_parent(*place);
}

}  // namespace

PutBack put_back(const host::Root& root, const Store& store, const Record& record, Rename rename) {
  return Restoration(root, store, record).run(rename);
}

RolledBack roll_back(const host::Root& root, const Store& store, const Record& record) {
  return Restoration(root, store, record).roll_back();
}

}  // namespace kaudit::rollout
