#include "kaudit/host/processes.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include <system_error>

#include "proc_folders.hpp"

namespace kaudit::host {
namespace {

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> split_at_nul(const std::string& bytes) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t end = std::min(bytes.find('\0', at), bytes.size());
    parts.push_back(bytes.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

/// The fields of /proc/PID/stat from the third (state) on. The second is the program's name in parentheses, which may
/// itself hold blanks and parentheses: it ends at the last one.
std::vector<std::string_view> fields_behind_name(std::string_view stat) {
  std::vector<std::string_view> fields;
  std::size_t at = stat.rfind(')');
  while (at != std::string_view::npos && (at = stat.find_first_not_of(" \n", at + 1)) != std::string_view::npos) {
    const std::size_t end = std::min(stat.find_first_of(" \n", at), stat.size());
    fields.push_back(stat.substr(at, end - at));
    at = end;
  }
  return fields;
}

bool is_called(const std::vector<std::string>& arguments, const std::string& name) {
  return !arguments.empty() && std::filesystem::path(arguments.front()).filename() == name;
}

}  // namespace

std::string proc_path(int pid, const char* name) { return "/proc/" + std::to_string(pid) + "/" + name; }

std::vector<int> all_processes() {
  std::error_code error;
  std::vector<int> ids;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    if (const auto id = number_in<int>(entry->path().filename().string())) ids.push_back(*id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::optional<ProcessId> identify(int pid) {
  constexpr std::size_t k_state = 3 - 3;
  constexpr std::size_t k_start_time = 22 - 3;
  const std::string stat = read_all(proc_path(pid, "stat"));
  const std::vector<std::string_view> fields = fields_behind_name(stat);
  if (fields.size() <= k_start_time) return std::nullopt;
  const std::string_view state = fields[k_state];
  if (state == "Z" || state == "X" || state == "x") return std::nullopt;
  const auto start_time = number_in<std::uint64_t>(fields[k_start_time]);
  if (!start_time) return std::nullopt;
  return ProcessId{pid, *start_time};
}

bool is_running(const ProcessId& process) { return identify(process.pid) == process; }

std::vector<ProcessId> processes_called(const std::string& name) {
  std::vector<ProcessId> found;
  for (const int pid : all_processes()) {
    if (!is_called(command_line_of(pid), name)) continue;
    if (const auto process = identify(pid)) found.push_back(*process);
  }
  return found;
}

std::vector<std::string> command_line_of(int pid) { return split_at_nul(read_all(proc_path(pid, "cmdline"))); }

std::vector<std::string> command_line_of(const std::string& name) {
  for (const int pid : all_processes()) {
    std::vector<std::string> arguments = command_line_of(pid);
    if (is_called(arguments, name)) return arguments;
  }
  return {};
}

}  // namespace kaudit::host
