#include "kaudit/host/processes.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <system_error>

namespace kaudit::host {
namespace {

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
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

std::vector<std::string> command_line(const std::filesystem::path& process) {
  std::ifstream file(process / "cmdline", std::ios::binary);
  return split_at_nul(std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
}

}  // namespace

std::vector<std::string> command_line_of(const std::string& name) {
  std::error_code error;
  std::vector<std::pair<unsigned long, std::filesystem::path>> processes;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const std::string id = entry->path().filename().string();
    if (is_number(id)) processes.emplace_back(std::stoul(id), entry->path());
  }
  std::sort(processes.begin(), processes.end());
  for (const auto& [id, path] : processes) {
    std::vector<std::string> arguments = command_line(path);
    if (!arguments.empty() && std::filesystem::path(arguments.front()).filename() == name) return arguments;
  }
  return {};
}

}  // namespace kaudit::host
