#include "lock.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kaudit/host/file_kind.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/rollout/run.hpp"

namespace kaudit::rollout {
namespace {

/// One line of always the same length, so that the file never needs to be cut: "pid 1234 run <id>" and blanks.
constexpr std::size_t k_line = 64;

std::string lock_path(const StateOptions& state) { return state.directory + "/lock"; }

std::optional<Holder> read_holder(int file) {
  std::array<char, k_line> text{};
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  if (size <= 0) return std::nullopt;
  std::string_view line(text.data(), static_cast<std::size_t>(size));
  constexpr std::string_view k_pid = "pid ";
  constexpr std::string_view k_run = " run ";
  if (line.substr(0, k_pid.size()) != k_pid) return std::nullopt;
  line.remove_prefix(k_pid.size());
  Holder holder;
  const auto number = std::from_chars(line.data(), line.data() + line.size(), holder.pid);
  line.remove_prefix(static_cast<std::size_t>(number.ptr - line.data()));
  if (number.ec != std::errc() || line.substr(0, k_run.size()) != k_run) return std::nullopt;
  line.remove_prefix(k_run.size());
  holder.run_id = line.substr(0, line.find_first_of(" \n"));
  return holder;
}

Status write_holder(int file, const std::string& run_id, const std::string& path) {
  std::string line = "pid " + std::to_string(::getpid()) + " run " + run_id;
  line.resize(k_line - 1, ' ');
  line += '\n';
  const ssize_t written = host::uninterrupted([&] { return ::pwrite(file, line.data(), line.size(), 0); });
  if (written == static_cast<ssize_t>(line.size())) return Done{};
  return host::system_error("cannot write the lock", path, written < 0 ? errno : ENOSPC);
}

Error locked(int file, const std::string& path) {
  std::string who = "another kaudit is at work";
  if (const std::optional<Holder> holder = read_holder(file)) {
    who += ": process " + std::to_string(holder->pid);
    if (holder->run_id != "-") who += ", run " + holder->run_id;
  }
  return host::file_error(ExitStatus::host_refused, "locked", path, who, "wait until it has ended, then run again");
}

/// Nobody but root may plant anything beside the lock.
Status check_directory(const host::Root& root, const host::Place& place) {
  struct stat status {};
  const std::string directory = place.path.substr(0, place.path.rfind('/'));
  if (::fstat(place.directory.get(), &status) != 0) return host::system_error("cannot look at it", directory, errno);
  if (root.is_trusted_alone(status.st_mode, status.st_uid, status.st_gid)) return Done{};
  return host::file_error(ExitStatus::refused, "foreign-owner", directory,
                          "the state directory may be written by others than root",
                          "chown root " + directory + " && chmod 0700 " + directory);
}

/// What is there is looked at first: a FIFO or device in the lock's place is never opened.
Result<host::Descriptor> open_lock(const host::Place& place, int flags) {
  struct stat status {};
  if (::fstatat(place.directory.get(), place.leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
    KAUDIT_TRY_DO(host::must_be_regular(status.st_mode, place.path));
    if (status.st_nlink != 1) {
      return host::file_error(ExitStatus::refused, "hard-linked", place.path,
                              "the lock is another file, too: writing it would change that one", "remove this name");
    }
  }
  host::Descriptor file(host::uninterrupted([&] {
    return ::openat(place.directory.get(), place.leaf.c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  }));
  if (!file.is_open()) return host::system_error("cannot open the lock", place.path, errno);
  return file;
}

/// Whoever only asks whether the lock is held has it for a moment: that is waited for.
Status lock_alone(int file, const std::string& path) {
  constexpr int k_tries = 10;
  constexpr std::chrono::milliseconds k_pause(5);
  for (int i = 0; i < k_tries; ++i) {
    if (i > 0) std::this_thread::sleep_for(k_pause);
    if (host::uninterrupted([&] { return ::flock(file, LOCK_EX | LOCK_NB); }) == 0) return Done{};
    if (errno != EWOULDBLOCK) return host::system_error("cannot lock it", path, errno);
  }
  return locked(file, path);
}

}  // namespace

Result<Lock> Lock::take(const host::Root& root, const StateOptions& state, const std::string& run_id,
                        std::vector<std::string>& made) {
  KAUDIT_TRY(place, root.locate_or_make(lock_path(state), made));
  KAUDIT_TRY_DO(check_directory(root, place));
  KAUDIT_TRY(file, open_lock(place, O_RDWR | O_CREAT));
  KAUDIT_TRY_DO(lock_alone(file.get(), place.path));
  KAUDIT_TRY_DO(write_holder(file.get(), run_id, place.path));
  return Lock(std::move(file));
}

Result<Lock> Lock::wait_for(const host::Root& root, const StateOptions& state, const std::string& run_id,
                            double seconds) {
  constexpr std::chrono::milliseconds k_pause(20);
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (true) {
    std::vector<std::string> made;
    auto lock = take(root, state, run_id, made);
    if (lock || lock.error().code != "locked" || std::chrono::steady_clock::now() >= until) return lock;
    std::this_thread::sleep_for(k_pause);
  }
}

bool Lock::is_held_for(const host::Root& root, const StateOptions& state, const std::string& run_id) {
  const auto place = root.locate(lock_path(state));
  if (!place) return false;
  const auto file = open_lock(*place, O_RDONLY);
  if (!file) return false;
  const auto found = read_holder(file->get());
  if (!found || found->run_id != run_id) return false;
  // The process id in the file proves nothing: after a reboot another process may have it. A shared lock is refused
  // while the holder lives, and ends with `file`.
  return host::uninterrupted([&] { return ::flock(file->get(), LOCK_SH | LOCK_NB); }) != 0 && errno == EWOULDBLOCK;
}

Error Lock::refusal(const host::Root& root, const StateOptions& state) {
  const auto place = root.locate(lock_path(state));
  if (!place) return place.error();
  const auto file = open_lock(*place, O_RDONLY);
  return file ? locked(file->get(), place->path) : file.error();
}

Status check_state(const host::Root& root, const StateOptions& state) {
  const auto place = root.locate(lock_path(state));
  if (place) return check_directory(root, *place);
  if (place.error().code == "missing-directory") return Done{};  // it will be made
  return place.error();
}

std::optional<Holder> Lock::holder(const host::Root& root, const StateOptions& state) {
  const auto place = root.locate(lock_path(state));
  if (!place) return std::nullopt;
  const auto file = open_lock(*place, O_RDONLY);
  if (!file) return std::nullopt;
  return read_holder(file->get());
}

}  // namespace kaudit::rollout
