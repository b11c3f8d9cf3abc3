#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/host/root.hpp"

namespace kaudit::node {

/// The node's logrotate(8), known from files alone: nothing is run, and what logrotate passes over, or cannot read, is
/// passed over. Source of its rules: logrotate(8) of 3.21.0 (Debian 12); the parser is held against `logrotate --debug`
/// in the tests.

/// Where logrotate begins to read, as Debian's, Ubuntu's, Fedora's and Alpine's jobs start it.
inline constexpr const char* k_logrotate_config = "/etc/logrotate.conf";
/// The file with which this program has a log rotated. Its name has no extension: none can be among logrotate's taboos.
inline constexpr const char* k_logrotate_drop_in = "/etc/logrotate.d/kaudit";

/// A rule of logrotate's configuration that takes a certain log.
struct LogrotateRule {
  std::string file;        ///< as the node knows it: "/etc/logrotate.d/rsyslog"
  std::size_t line = 0;    ///< on which its pattern stands, 1-based
  std::string pattern;     ///< unquoted: "/var/log/*.log"
  bool truncates = false;  ///< the log in place (`copytruncate`), which the server does not notice; else it is renamed
};

/// Every rule whose patterns take `log_path` (absolute, normalised), whether or not there is such a file, in the order
/// in which logrotate reads them; our own drop-in's among them. A pattern that reaches the log's directory by another
/// name (a symbolic link on the way) takes it, too. At most 4,096 files of 16 MiB are read, includes nested 16 deep.
[[nodiscard]] std::vector<LogrotateRule> logrotate_rules_for(const host::Root& root, const std::string& log_path);

/// How often something runs logrotate.
struct LogrotateSchedule {
  enum class Frequency : std::uint8_t {
    none_found,
    other,   ///< something runs it; how often is said in `words` only
    weekly,  ///< or more rarely
    daily,
    hourly,  ///< or more often
  } frequency = Frequency::none_found;
  std::string words;   ///< "daily", "OnCalendar=*-*-* 0/6:00"; "" when nothing was found
  std::string source;  ///< the file that says so, as the node knows it
  /// Directories in which a logrotate that is started so can rotate nothing: systemd shows them read-only, or others in
  /// their place (ProtectSystem, ProtectHome, PrivateTmp, ReadOnlyPaths, InaccessiblePaths of logrotate.service;
  /// source: systemd.exec(5), 252). In `opened` (ReadWritePaths), deeper down, it can.
  std::vector<std::string> closed;
  std::vector<std::string> opened;

  /// Whether a log at `path` (absolute, normalised) lies where it can be rotated.
  [[nodiscard]] bool reaches(std::string_view path) const;
};

struct Logrotate {
  std::string program;          ///< an executable file, as the node knows it; "": the node has no logrotate
  bool reads_drop_ins = false;  ///< its configuration would read k_logrotate_drop_in
  LogrotateSchedule schedule;

  [[nodiscard]] bool takes_drop_ins() const noexcept { return !program.empty() && reads_drop_ins; }
};

/// The schedule is the most frequent of: a systemd timer that is enabled, with its drop-ins; `cron.hourly`, `.daily`,
/// `.weekly`, `.monthly` and Alpine's `periodic`; crontabs of the system and of root.
[[nodiscard]] Logrotate find_logrotate(const host::Root& root);

}  // namespace kaudit::node
