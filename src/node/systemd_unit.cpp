#include "systemd_unit.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "kaudit/host/directory.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/file_end.hpp"
#include "text_lines.hpp"

namespace kaudit::node {
namespace {

constexpr std::size_t k_most_program_bytes = std::size_t{1} << 20U;

constexpr std::array<const char*, 5> k_folders = {"/etc/systemd/system", "/run/systemd/system",
                                                  "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
                                                  "/lib/systemd/system"};

/// The file of highest rank; "" when there is none, or it is masked.
std::string unit_file(const host::Root& root, const std::string& unit) {
  for (const char* folder : k_folders) {
    std::string path = std::string(folder) + "/" + unit;
    const auto place = root.locate(path);
    const auto target = place ? host::read_link(*place) : Result<std::string>(std::string());
    if (target && *target == "/dev/null") return {};
    if (!text_or_nothing(root, path).empty()) return path;
  }
  return {};
}

/// By name: one in a folder of higher rank hides another.
std::vector<std::string> drop_ins_of(const host::Root& root, const std::string& unit) {
  std::vector<std::pair<std::string, std::string>> drop_ins;
  for (const char* folder : k_folders) {
    const std::string directory = std::string(folder) + "/" + unit + ".d";
    for (const std::string& name : visible_names_in(root, directory)) {
      const bool is_hidden =
          std::any_of(drop_ins.begin(), drop_ins.end(), [&](const auto& one) { return one.first == name; });
      if (name.ends_with(".conf") && !is_hidden) drop_ins.emplace_back(name, directory + "/" + name);
    }
  }
  std::sort(drop_ins.begin(), drop_ins.end());
  std::vector<std::string> files;
  for (auto& [name, path] : drop_ins) files.push_back(std::move(path));
  return files;
}

void read_settings(const host::Root& root, const std::string& file, std::vector<UnitSetting>& settings) {
  const std::string text = text_or_nothing(root, file);
  for (const std::string_view line : lines_of(text)) {
    const std::string_view setting = trimmed(line);
    const std::size_t equals = setting.find('=');
    if (equals == std::string_view::npos || setting.front() == '#' || setting.front() == ';') continue;
    settings.push_back(
        {std::string(trimmed(setting.substr(0, equals))), std::string(trimmed(setting.substr(equals + 1))), file});
  }
}

}  // namespace

std::vector<UnitSetting> settings_of_unit(const host::Root& root, const std::string& unit) {
  std::vector<UnitSetting> settings;
  const std::string file = unit_file(root, unit);
  if (file.empty()) return settings;
  read_settings(root, file, settings);
  for (const std::string& drop_in : drop_ins_of(root, unit)) read_settings(root, drop_in, settings);
  return settings;
}

std::string text_or_nothing(const host::Root& root, const std::string& path) {
  const auto place = host::locate_through_links(root, path);
  if (!place) return {};
  auto image = host::read_file(*place, k_most_program_bytes);
  return image && *image ? std::move((*image)->bytes) : std::string();
}

std::vector<std::string> visible_names_in(const host::Root& root, const std::string& directory) {
  const auto place = host::locate_through_links(root, directory);
  if (!place) return {};
  auto names = host::list_directory(*place, host::Hidden::skipped);
  return names ? std::move(names).value() : std::vector<std::string>();
}

}  // namespace kaudit::node
