#include "kaudit/host/atomic_file.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

/// renameat2(2) where the file system knows RENAME_NOREPLACE, else a link: both fail when the name is taken.
int rename_to_new(int directory, const char* from, const char* to) {
  if (::renameat2(directory, from, directory, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  if (::linkat(directory, from, directory, to, 0) != 0) return -1;
  ::unlinkat(directory, from, 0);
  return 0;
}

}  // namespace

std::string temporary_name(std::string_view run_id, std::string_view leaf) {
  std::string name = ".kaudit-" + std::string(run_id) + "-" + std::string(leaf);
  name.resize(std::min<std::size_t>(name.size(), NAME_MAX));
  return name;
}

Result<AtomicFile> AtomicFile::create(const Place& place, std::string_view run_id, const Metadata& metadata,
                                      Ownership ownership) {
  std::string temporary = temporary_name(run_id, place.leaf);
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Descriptor file(
      uninterrupted([&] { return ::openat(place.directory.get(), temporary.c_str(), flags, S_IRUSR | S_IWUSR); }));
  if (!file.is_open()) return system_error("cannot create a temporary file beside it", place.path, errno);
  AtomicFile made(place, std::move(temporary), std::move(file));
  KAUDIT_TRY_DO(apply_metadata(made.m_file.get(), metadata, ownership, place.path));
  return made;
}

AtomicFile::~AtomicFile() {
  if (m_file.is_open()) ::unlinkat(m_place->directory.get(), m_temporary.c_str(), 0);
}

Status AtomicFile::write(std::string_view bytes) { return write_all(m_file.get(), bytes, m_place->path); }

Status AtomicFile::sync() {
  if (uninterrupted([&] { return ::fsync(m_file.get()); }) == 0) return Done{};
  return system_error("cannot write it to the disk", m_place->path, errno);
}

Status AtomicFile::commit(Existing existing) {
  const int directory = m_place->directory.get();
  const char* from = m_temporary.c_str();
  const char* to = m_place->leaf.c_str();
  const int done =
      existing == Existing::replaced ? ::renameat(directory, from, directory, to) : rename_to_new(directory, from, to);
  if (done != 0) {
    if (errno != EEXIST) return system_error("cannot rename its new version into place", m_place->path, errno);
    return file_error(ExitStatus::host_refused, "changed-underneath", m_place->path,
                      "was made by another program meanwhile", "look at it, then run again");
  }
  m_file = Descriptor();
  return Done{};
}

Status write_all(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = uninterrupted([&] { return ::write(file, bytes.data(), bytes.size()); });
    if (written < 0) return system_error("cannot write its new version", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return Done{};
}

}  // namespace kaudit::host
