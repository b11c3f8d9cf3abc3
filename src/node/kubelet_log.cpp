#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>

#include "kaudit/host/file_end.hpp"
#include "kaudit/host/run_program.hpp"
#include "kaudit/node/kubelet.hpp"
#include "text_lines.hpp"

namespace kaudit::node {
namespace {

constexpr int k_journal_timeout_ms = 5000;
/// journalctl(1) is asked for the end of the journal, too.
constexpr const char* k_most_lines = "--lines=5000";

/// "@1700000000.123456", as systemd.time(7) reads it.
std::string now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
  std::string fraction = std::to_string(microseconds % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  return "@" + std::to_string(microseconds / 1'000'000) + "." + fraction;
}

struct OpenFile {
  std::string path;
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
};

/// The regular file that a process has open under this number; nothing: it is a socket, a pipe, a terminal, or deleted.
std::optional<OpenFile> file_behind(int pid, int number) {
  const std::string link = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(number);
  std::error_code error;
  const std::string path = std::filesystem::read_symlink(link, error).string();
  struct stat opened {};
  struct stat named {};
  if (error || ::stat(link.c_str(), &opened) != 0 || !S_ISREG(opened.st_mode)) return std::nullopt;
  if (::stat(path.c_str(), &named) != 0 || named.st_dev != opened.st_dev || named.st_ino != opened.st_ino) {
    return std::nullopt;
  }
  return OpenFile{path, static_cast<std::uint64_t>(opened.st_size), opened.st_ino};
}

/// Without the rest of a line whose beginning is missing.
std::string whole_lines(std::string bytes) { return bytes.erase(0, std::min(bytes.find('\n'), bytes.size())); }

std::string read_file_since(const KubeletLogMark& mark, std::size_t limit) {
  const auto root = host::Root::open("/");
  if (!root) return {};
  const auto place = root->locate(mark.file);
  if (!place) return {};
  auto end = host::read_end(*place, mark.offset, limit);
  if (end && *end && (*end)->inode != mark.inode) end = host::read_end(*place, 0, limit);
  if (!end || !*end) return {};
  return (*end)->is_cut ? whole_lines(std::move((*end)->bytes)) : std::move((*end)->bytes);
}

std::string read_journal_since(const KubeletLogMark& mark, std::size_t limit) {
  const host::ProgramResult journal = host::run_program(
      {"journalctl", "--no-pager", "--quiet", "-o", "cat", k_most_lines, "--since=" + mark.since, "_COMM=kubelet"},
      limit, k_journal_timeout_ms);
  return journal.output.size() == limit ? whole_lines(journal.output) : journal.output;
}

}  // namespace

KubeletLogMark mark_kubelet_log(const Kubelet& kubelet) {
  KubeletLogMark mark;
  mark.since = now();
  if (!kubelet.process) return mark;
  mark.pid = kubelet.process->pid;
  constexpr std::array<int, 2> k_error_then_output = {2, 1};
  for (const int number : k_error_then_output) {
    const auto file = file_behind(mark.pid, number);
    if (!file) continue;
    mark.file = file->path;
    mark.offset = file->size;
    mark.inode = file->inode;
    break;
  }
  return mark;
}

std::vector<std::string> kubelet_lines_since(const KubeletLogMark& mark, std::size_t limit) {
  const std::string text = mark.file.empty() ? read_journal_since(mark, limit) : read_file_since(mark, limit);
  std::vector<std::string> lines;
  for (const std::string_view line : lines_of(text)) lines.push_back(harmless(line));
  return lines;
}

}  // namespace kaudit::node
