#include "kaudit/host/lines.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kaudit/host/file_kind.hpp"
#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

constexpr std::size_t k_block = std::size_t{64} << 10U;

}  // namespace

LineReader::LineReader(Descriptor file, int number, std::string path)
    : m_file(std::move(file)), m_number(number), m_path(std::move(path)) {}

Result<LineReader> LineReader::open(const std::string& path) {
  if (path == "-") return LineReader(Descriptor(), STDIN_FILENO, "standard input");
  struct stat seen {};
  if (::stat(path.c_str(), &seen) != 0) {
    if (errno == ENOENT) return file_error(ExitStatus::host_refused, "missing", path, "no such file");
    return system_error("cannot look at it", path, errno);
  }
  KAUDIT_TRY_DO(must_be_regular(seen.st_mode, path));
  Descriptor file(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY); }));
  if (!file.is_open()) return system_error("cannot open it", path, errno);
  const int number = file.get();
  return LineReader(std::move(file), number, path);
}

bool LineReader::reads_next() const noexcept {
  return !m_is_at_end && std::memchr(m_buffer.data() + m_begin, '\n', m_end - m_begin) == nullptr;
}

Result<std::optional<std::string_view>> LineReader::next() {
  std::size_t searched = m_begin;
  while (true) {
    const void* found = std::memchr(m_buffer.data() + searched, '\n', m_end - searched);
    if (found != nullptr) {
      const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - m_buffer.data());
      const std::string_view line(m_buffer.data() + m_begin, at - m_begin);
      m_begin = at + 1;
      return std::optional(line);
    }
    if (m_is_at_end) {
      const std::string_view line(m_buffer.data() + m_begin, m_end - m_begin);
      m_begin = m_end;
      return line.empty() ? std::optional<std::string_view>() : std::optional(line);
    }
    if (m_end - m_begin > k_longest_line) {
      return file_error(ExitStatus::refused, "too-large", m_path, "holds a line of more than 64 MiB",
                        "look whether this is the file you mean");
    }
    std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
    m_end -= m_begin;
    m_begin = 0;
    searched = m_end;
    if (m_buffer.size() - m_end < k_block) m_buffer.resize(std::max(m_buffer.size() * 2, m_end + k_block));
    const ssize_t got =
        uninterrupted([&] { return ::read(m_number, m_buffer.data() + m_end, m_buffer.size() - m_end); });
    if (got < 0) return system_error("cannot read it", m_path, errno);
    m_end += static_cast<std::size_t>(got);
    m_is_at_end = got == 0;
  }
}

}  // namespace kaudit::host
