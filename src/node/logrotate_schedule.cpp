#include "logrotate_schedule.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kaudit/host/file.hpp"
#include "kaudit/host/file_end.hpp"
#include "systemd_unit.hpp"
#include "text_lines.hpp"

namespace kaudit::node {
namespace {

using Frequency = LogrotateSchedule::Frequency;

void take(LogrotateSchedule& schedule, Frequency frequency, std::string words, const std::string& source) {
  if (frequency <= schedule.frequency) return;
  schedule = {frequency, std::move(words), source, {}, {}};
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

/// What elapses a timer; an empty assignment takes back all that went before.
void look_at_timer(const host::Root& root, LogrotateSchedule& schedule) {
  if (!is_enabled(root)) return;
  std::vector<UnitSetting> triggers;
  for (UnitSetting& setting : settings_of_unit(root, "logrotate.timer")) {
    const std::string& key = setting.key;
    if (!key.starts_with("On") || key == "OnClockChange" || key == "OnTimezoneChange") continue;
    if (setting.value.empty()) {
      triggers.clear();
    } else {
      triggers.push_back(std::move(setting));
    }
  }
  for (const auto& [key, value, file] : triggers) {
    const bool is_calendar = key == "OnCalendar";
    const Frequency frequency = is_calendar ? frequency_of_calendar(value) : Frequency::other;
    const bool is_word = is_calendar && value.find_first_of(" :*") == std::string::npos;
    take(schedule, frequency, harmless(is_word ? value : key + "=" + value), file);
  }
  if (schedule.frequency != Frequency::none_found) look_at_sandbox(root, schedule);
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
    for (const std::string& name : visible_names_in(root, folder.path)) {
      const std::string path = std::string(folder.path) + "/" + name;
      if (starts_logrotate(root, text_or_nothing(root, path))) take(schedule, folder.frequency, folder.words, path);
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
  const std::string text = text_or_nothing(root, path);
  for (const std::string_view line : lines_of(text)) {
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
  for (const std::string& name : visible_names_in(root, "/etc/cron.d"))
    look_at_crontab(root, "/etc/cron.d/" + name, schedule);
  for (const char* path : {"/var/spool/cron/crontabs/root", "/var/spool/cron/root"}) {
    look_at_crontab(root, path, schedule);
  }
  return schedule;
}

}  // namespace kaudit::node
