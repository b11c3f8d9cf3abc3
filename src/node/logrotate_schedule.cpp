#include "logrotate_schedule.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kaudit/host/directory.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/file_end.hpp"
#include "text_lines.hpp"

namespace kaudit::node {
namespace {

using Frequency = LogrotateSchedule::Frequency;

constexpr std::size_t k_limit = std::size_t{1} << 20U;

std::optional<std::string> text_of(const host::Root& root, const std::string& path) {
  const auto place = host::locate_through_links(root, path);
  if (!place) return std::nullopt;
  auto image = host::read_file(*place, k_limit);
  if (!image || !*image) return std::nullopt;
  return std::move((*image)->bytes);
}

std::vector<std::string> names_in(const host::Root& root, const std::string& directory) {
  const auto place = host::locate_through_links(root, directory);
  if (!place) return {};
  auto names = host::list_directory(*place, host::Hidden::skipped);
  return names ? std::move(names).value() : std::vector<std::string>();
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

void take(LogrotateSchedule& schedule, Frequency frequency, std::string words, const std::string& source) {
  if (frequency <= schedule.frequency) return;
  schedule = {frequency, std::move(words), source};
}

/// systemd.time(7): one of its words, or an expression whose hour is a `*`; all others are shown, not judged.
Frequency frequency_of_calendar(std::string_view calendar) {
  if (calendar == "minutely" || calendar == "hourly") return Frequency::hourly;
  if (calendar == "daily") return Frequency::daily;
  for (const char* word : {"weekly", "monthly", "quarterly", "semiannually", "annually", "yearly"}) {
    if (calendar == word) return Frequency::weekly;
  }
  const std::size_t blank = calendar.rfind(' ');
  const std::string_view date = blank == std::string_view::npos ? "*-*-*" : trimmed(calendar.substr(0, blank));
  const std::string_view time = blank == std::string_view::npos ? calendar : calendar.substr(blank + 1);
  if (date != "*-*-*" || time.find(':') == std::string_view::npos) return Frequency::other;
  if (time.starts_with("*:")) return Frequency::hourly;
  const std::string_view hour = time.substr(0, time.find(':'));
  const bool is_number = std::all_of(hour.begin(), hour.end(), [](char c) { return c >= '0' && c <= '9'; });
  return is_number ? Frequency::daily : Frequency::other;
}

/// Whether systemd starts the timer by itself.
bool is_enabled(const host::Root& root) {
  for (const char* link : {"/etc/systemd/system/timers.target.wants/logrotate.timer",
                           "/usr/lib/systemd/system/timers.target.wants/logrotate.timer"}) {
    const auto place = root.locate(link);
    if (place && host::read_link(*place)) return true;
  }
  return false;
}

/// The unit file and the drop-ins that systemd would read for the timer, in that order (systemd.unit(5)); empty when
/// there is none, or it is masked.
std::vector<std::string> timer_files(const host::Root& root) {
  constexpr std::array<const char*, 5> k_folders = {"/etc/systemd/system", "/run/systemd/system",
                                                    "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
                                                    "/lib/systemd/system"};
  std::vector<std::string> files;
  for (const char* folder : k_folders) {
    const std::string unit = std::string(folder) + "/logrotate.timer";
    const auto place = root.locate(unit);
    const auto target = place ? host::read_link(*place) : Result<std::string>(std::string());
    if (target && *target == "/dev/null") return {};
    if (!text_of(root, unit)) continue;
    files.push_back(unit);
    break;
  }
  if (files.empty()) return files;
  std::vector<std::pair<std::string, std::string>> drop_ins;  // by name: one in a folder of higher rank hides another
  for (const char* folder : k_folders) {
    const std::string directory = std::string(folder) + "/logrotate.timer.d";
    for (const std::string& name : names_in(root, directory)) {
      const bool is_hidden =
          std::any_of(drop_ins.begin(), drop_ins.end(), [&](const auto& one) { return one.first == name; });
      if (name.ends_with(".conf") && !is_hidden) drop_ins.emplace_back(name, directory + "/" + name);
    }
  }
  std::sort(drop_ins.begin(), drop_ins.end());
  for (auto& [name, path] : drop_ins) files.push_back(std::move(path));
  return files;
}

/// What elapses a timer; an empty assignment takes back all that went before.
void look_at_timer(const host::Root& root, LogrotateSchedule& schedule) {
  if (!is_enabled(root)) return;
  std::vector<std::pair<std::string, std::string>> triggers;  // text, file
  for (const std::string& file : timer_files(root)) {
    const auto text = text_of(root, file);
    if (!text) continue;
    for (const std::string_view line : lines_of(*text)) {
      const std::string_view setting = trimmed(line);
      const std::size_t equals = setting.find('=');
      if (equals == std::string_view::npos || setting.front() == '#' || setting.front() == ';') continue;
      const std::string_view key = trimmed(setting.substr(0, equals));
      const std::string_view value = trimmed(setting.substr(equals + 1));
      if (!key.starts_with("On") || key == "OnClockChange" || key == "OnTimezoneChange") continue;
      if (value.empty()) triggers.clear();
      if (!value.empty()) triggers.emplace_back(std::string(key) + "=" + std::string(value), file);
    }
  }
  for (const auto& [trigger, file] : triggers) {
    const std::string_view value = std::string_view(trigger).substr(trigger.find('=') + 1);
    const bool is_calendar = trigger.starts_with("OnCalendar=");
    const Frequency frequency = is_calendar ? frequency_of_calendar(value) : Frequency::other;
    const bool is_word = is_calendar && value.find_first_of(" :*") == std::string_view::npos;
    take(schedule, frequency, harmless(is_word ? value : std::string_view(trigger)), file);
  }
}

/// Whether a script starts logrotate. Debian's leaves it to the timer where systemd is at work.
bool starts_logrotate(const host::Root& root, const std::string& text) {
  bool starts = false;
  bool yields = false;
  for (const std::string_view line : lines_of(text)) {
    if (trimmed(line).starts_with('#')) continue;
    starts = starts || has(line, "logrotate");
    yields = yields || has(line, "/run/systemd/system");
  }
  return starts && !(yields && root.locate("/run/systemd/system/x"));
}

/// Scripts in cron's and Alpine's folders.
void look_at_folders(const host::Root& root, LogrotateSchedule& schedule) {
  struct Folder {
    const char* path;
    Frequency frequency;
    const char* words;
  };
  constexpr std::array<Folder, 9> k_folders = {{{"/etc/cron.hourly", Frequency::hourly, "hourly"},
                                                {"/etc/periodic/15min", Frequency::hourly, "every 15 minutes"},
                                                {"/etc/periodic/hourly", Frequency::hourly, "hourly"},
                                                {"/etc/cron.daily", Frequency::daily, "daily"},
                                                {"/etc/periodic/daily", Frequency::daily, "daily"},
                                                {"/etc/cron.weekly", Frequency::weekly, "weekly"},
                                                {"/etc/periodic/weekly", Frequency::weekly, "weekly"},
                                                {"/etc/cron.monthly", Frequency::weekly, "monthly"},
                                                {"/etc/periodic/monthly", Frequency::weekly, "monthly"}}};
  for (const Folder& folder : k_folders) {
    for (const std::string& name : names_in(root, folder.path)) {
      const std::string path = std::string(folder.path) + "/" + name;
      const auto text = text_of(root, path);
      if (text && starts_logrotate(root, *text)) take(schedule, folder.frequency, folder.words, path);
    }
  }
}

/// crontab(5): by the word, or by minute, hour, day of month, month and day of week.
Frequency frequency_of_cron(const std::vector<std::string>& times) {
  if (times.size() == 1) {
    if (times[0] == "@hourly") return Frequency::hourly;
    if (times[0] == "@daily" || times[0] == "@midnight") return Frequency::daily;
    return Frequency::other;
  }
  if (times[2] != "*" || times[3] != "*" || times[4] != "*") return Frequency::other;
  if (times[1] == "*") return Frequency::hourly;
  const bool is_number = times[1].find_first_not_of("0123456789") == std::string::npos;
  return is_number ? Frequency::daily : Frequency::other;
}

void look_at_crontab(const host::Root& root, const std::string& path, LogrotateSchedule& schedule) {
  const auto text = text_of(root, path);
  if (!text) return;
  for (const std::string_view line : lines_of(*text)) {
    if (!has(line, "logrotate") || trimmed(line).starts_with('#')) continue;
    std::istringstream words{std::string(line)};
    std::vector<std::string> times;
    std::string word;
    const std::size_t fields = trimmed(line).starts_with('@') ? 1 : 5;
    while (times.size() < fields && words >> word) times.push_back(word);
    if (times.size() < fields || !(words >> word)) continue;
    std::string shown = "cron:";
    for (const std::string& time : times) shown += " " + time;
    take(schedule, frequency_of_cron(times), harmless(shown), path);
  }
}

}  // namespace

LogrotateSchedule find_logrotate_schedule(const host::Root& root) {
  LogrotateSchedule schedule;
  look_at_timer(root, schedule);
  look_at_folders(root, schedule);
  look_at_crontab(root, "/etc/crontab", schedule);
  for (const std::string& name : names_in(root, "/etc/cron.d")) look_at_crontab(root, "/etc/cron.d/" + name, schedule);
  for (const char* path : {"/var/spool/cron/crontabs/root", "/var/spool/cron/root"}) {
    look_at_crontab(root, path, schedule);
  }
  return schedule;
}

}  // namespace kaudit::node
