#include "journal.hpp"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/host/atomic_file.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/system_error.hpp"
#include "run_id.hpp"

namespace kaudit::rollout {
namespace {

constexpr const char* k_name = "journal";
/// A line for every change of a rollout that lasts minutes: more is not ours.
constexpr std::size_t k_largest = std::size_t{4} << 20U;

}  // namespace

Result<Journal> Journal::open(const Store& store, const std::string& id) {
  KAUDIT_TRY(place, store.place_of(id, k_name));
  const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  host::Descriptor file(host::uninterrupted(
      [&] { return ::openat(place.directory.get(), place.leaf.c_str(), flags, S_IRUSR | S_IWUSR); }));
  if (!file.is_open()) return host::system_error("cannot open the journal", place.path, errno);
  return Journal(std::move(file));
}

void Journal::write(std::string_view word, std::string_view message) const {
  std::string line = now().text + " " + std::string(word) + " " + one_line(message) + "\n";
  static_cast<void>(host::write_all(m_file.get(), line, k_name));
}

std::vector<std::string> read_journal(const Store& store, const std::string& id, std::uint64_t& offset) {
  std::vector<std::string> lines;
  const auto place = store.place_of(id, k_name);
  if (!place) return lines;
  const auto image = host::read_file(*place, k_largest);
  if (!image || !*image) return lines;
  const std::string& text = (*image)->bytes;
  while (offset < text.size()) {
    const std::size_t end = text.find('\n', offset);
    if (end == std::string::npos) break;
    lines.push_back(text.substr(offset, end - offset));
    offset = end + 1;
  }
  return lines;
}

}  // namespace kaudit::rollout
