#include "kaudit/host/sockets.hpp"

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>

#include <system_error>

#include "proc_folders.hpp"

namespace kaudit::host {
namespace {

using Inodes = std::set<std::string>;

/// The port of "0100007F:192B": hexadecimal, behind the last colon.
std::optional<unsigned> port_of(std::string_view local_address) {
  const std::string_view digits = local_address.substr(local_address.rfind(':') + 1);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return port;
}

/// Adds the inodes of the sockets in one table that listen on `port`. Whether the table could be read.
bool add_listening(const char* table, std::uint16_t port, Inodes& inodes) {
  constexpr std::string_view k_listening = "0A";  // TCP_LISTEN, include/net/tcp_states.h
  std::ifstream file(table);
  std::string line;
  if (!std::getline(file, line)) return false;  // the headings
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::array<std::string, 10> field;  // sl local remote st queues timer retransmits uid timeout inode
    for (std::string& text : field) fields >> text;
    if (fields && field[3] == k_listening && port_of(field[1]) == port) inodes.insert(field[9]);
  }
  return true;
}

/// Nothing: neither table can be read. A kernel without IPv6 has only the first.
std::optional<Inodes> listening_on(std::uint16_t port) {
  Inodes inodes;
  const bool is_read4 = add_listening("/proc/net/tcp", port, inodes);
  const bool is_read6 = add_listening("/proc/net/tcp6", port, inodes);
  if (!is_read4 && !is_read6) return std::nullopt;
  return inodes;
}

/// Whether a descriptor of the process is one of these sockets; nothing: its descriptors cannot be read.
std::optional<bool> has_one_of(int pid, const Inodes& inodes) {
  constexpr std::string_view k_prefix = "socket:[";
  std::error_code error;
  for (std::filesystem::directory_iterator entry(proc_path(pid, "fd"), error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code closed_meanwhile;
    const std::string target = std::filesystem::read_symlink(entry->path(), closed_meanwhile).string();
    if (target.compare(0, k_prefix.size(), k_prefix) != 0) continue;
    if (inodes.count(target.substr(k_prefix.size(), target.size() - k_prefix.size() - 1)) != 0) return true;
  }
  if (error) return std::nullopt;
  return false;
}

bool is_older(const ProcessId& one, const ProcessId& other) {
  return std::tie(one.start_time, one.pid) < std::tie(other.start_time, other.pid);
}

}  // namespace

Listener listener_on(std::uint16_t port) {
  const auto inodes = listening_on(port);
  if (!inodes) return {Listener::Known::unknown, std::nullopt};
  if (inodes->empty()) return {Listener::Known::nobody, std::nullopt};
  std::optional<ProcessId> oldest;
  for (const int pid : all_processes()) {
    if (!has_one_of(pid, *inodes).value_or(false)) continue;
    const auto process = identify(pid);
    if (process && (!oldest || is_older(*process, *oldest))) oldest = process;
  }
  if (oldest) return {Listener::Known::process, oldest};
  const auto still = listening_on(port);  // its process may have ended while the others were looked at
  return {still && still->empty() ? Listener::Known::nobody : Listener::Known::unseen, std::nullopt};
}

std::optional<bool> listens(const ProcessId& process, std::uint16_t port) {
  const auto inodes = listening_on(port);
  if (!inodes) return std::nullopt;
  const std::optional<bool> has = has_one_of(process.pid, *inodes);
  // Only now: what was read must have been that process's, not a later one's with its pid.
  return is_running(process) ? has : false;
}

}  // namespace kaudit::host
