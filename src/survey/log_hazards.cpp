#include <algorithm>

#include <fmt/format.h>

#include "hazard_list.hpp"
#include "kaudit/survey/words.hpp"

namespace kaudit::survey {
namespace {

using Found = node::AuditLog;

constexpr double k_hour = 3600;
/// kube-apiserver's max-size, in MB, from which on it is there to be never reached: somebody else rotates.
constexpr std::uint64_t k_out_of_reach = std::uint64_t{1} << 40U;

bool is_rotated_by_logrotate(const LogSetup& log) { return log.rotation.by == Rotation::By::logrotate; }

/// A file that kube-apiserver would have to rename, and cannot.
bool stops_when_full(const LogSetup& log) {
  return log.mount == LogSetup::Mount::file && log.server_max_size > 0 && log.server_max_size < k_out_of_reach;
}

/// The next event or the one after it will not fit: kube-apiserver leaves a full file a little below its max-size.
bool is_full(const LogSetup& log) {
  constexpr std::uint64_t k_usual_event = 2048;
  const auto& recent = log.found.recent;
  const std::uint64_t event = recent && recent->events > 0 ? recent->bytes / recent->events : k_usual_event;
  return log.found.size + 2 * event >= log.server_max_size;
}

/// What of the hint about a single file is about the server's max-size.
std::string cure_for(const LogSetup& log) {
  if (!is_rotated_by_logrotate(log)) {
    return "kaudit enable --log-volume file --rotate logrotate has it rotated, --log PATH with a directory of its own "
           "lets kube-apiserver do it";
  }
  return std::string(log.is_rotated_by_own ? "kaudit enable" : "kaudit enable --max-size 2147483647") +
         " puts the server's max-size out of its reach again";
}

void judge_single_file(const LogSetup& log, HazardList& hazards) {
  if (!stops_when_full(log)) return;
  const std::string how = fmt::format("{} is mounted as a single file, which kube-apiserver cannot rename", log.path);
  const std::string max_size = size_words(log.server_max_size);
  const std::string state = fmt::format("{} of its max-size of {}", size_words(log.found.size), max_size);
  const std::string cure = cure_for(log);
  const std::string empty_it = fmt::format("copy it away, then empty it with truncate -s 0 {}; ", log.node_path);
  const auto rate = log.found.bytes_per_day();
  const double left = static_cast<double>(log.server_max_size) - static_cast<double>(log.found.size);
  const std::string when =
      rate ? fmt::format(", in {} at the present rate", age_words(left / *rate * 24 * k_hour)) : std::string();
  if (is_full(log)) {
    hazards.error("log-full", fmt::format("{}, and has {}: recording has stopped", how, state), empty_it + cure);
  } else if (log.found.size * 5 >= log.server_max_size * 4) {
    hazards.warning("log-nearly-full", fmt::format("{}, and has {}: recording stops there{}", how, state, when),
                    empty_it + cure);
  } else if (is_rotated_by_logrotate(log)) {
    // lumberjack counts what it writes, and does not look at the file again before it has closed it.
    hazards.warning("log-cannot-rotate",
                    fmt::format("{}: although logrotate truncates it, an event is lost whenever the server has written "
                                "its max-size of {}, and all of them while the file itself is as large",
                                how, max_size),
                    cure);
  } else {
    hazards.info("log-cannot-rotate", fmt::format("{}: recording stops at its max-size of {}{}", how, max_size, when),
                 cure);
  }
}

void judge_growth(const LogSetup& log, HazardList& hazards) {
  if (log.is_own_broken) {
    hazards.error("drop-in-broken",
                  fmt::format("{} was edited, and logrotate does not truncate {} at a size and keep what was in it any "
                              "more: the log grows, or what it held is lost",
                              log.rotation_file, log.path),
                  "kaudit enable writes it anew; logrotate -d " + log.rotation_file + " says how it is read");
  }
  if (log.mount == LogSetup::Mount::none || is_rotated_by_logrotate(log)) return;
  const std::uint64_t max_size = log.server_max_size;
  if (max_size != 0 && max_size < k_out_of_reach) return;
  const bool is_file = log.mount == LogSetup::Mount::file;
  if (is_file && max_size != 0 && log.logrotate.empty()) {
    hazards.error("drop-in-missing",
                  fmt::format("kube-apiserver's max-size is set so that it never rotates {}, and no rule of logrotate "
                              "takes it: it grows until the disk is full",
                              log.path),
                  "kaudit enable --log-volume file --rotate logrotate puts the rule back");
  } else if (!is_file || max_size == 0) {
    hazards.warning("log-unbounded",
                    fmt::format("nothing rotates {} for its size: it grows until the disk is full", log.path),
                    "kaudit enable --max-size MB sets the size");
  }
}

void judge_mount(const LogSetup& log, HazardList& hazards) {
  if (log.path == "-") {
    hazards.warning("log-stdout",
                    "the audit log goes to the container's stdout: the kubelet rotates it away, and the max options "
                    "have no effect",
                    "kaudit enable --log PATH writes it to a file of the node");
  } else if (log.node_path.empty()) {
    hazards.error("log-not-mounted",
                  fmt::format("no volume shows the node's {} to the server: the log is inside the container and lost "
                              "when it restarts",
                              log.path),
                  fmt::format("kaudit enable --log {} mounts it", log.path));
  } else if (log.is_read_only) {
    hazards.error("log-read-only",
                  fmt::format("the mount of the audit log {} is read-only: kube-apiserver cannot write it and will not "
                              "start again",
                              log.path),
                  fmt::format("kaudit enable --log {} makes it writable", log.path));
  }
}

/// Whether the server works, and long enough for something to have been recorded.
bool has_worked_for(const Survey& survey, double seconds) {
  const Process& process = survey.process;
  return process.health.answer == node::Health::Answer::ok && process.started &&
         survey.now - *process.started >= seconds;
}

void judge_content(const Survey& survey, const LogSetup& log, HazardList& hazards) {
  const Found& found = log.found;
  if (found.state == Found::State::missing) {
    // Before its first start, the server has made none yet.
    if (survey.process.known != Process::Known::running || !survey.process.differences.empty()) return;
    hazards.error(
        "log-missing",
        fmt::format("there is no file {}: somebody removed or renamed it, and what the server records now has "
                    "no name on the disk",
                    log.node_path),
        "the server must open it anew: let the kubelet start its container again, or give another path with "
        "kaudit enable --log");
    return;
  }
  if (found.state == Found::State::unreadable) {
    hazards.error("log-unreadable", fmt::format("the audit log {} {}", log.node_path, found.detail),
                  "put a regular file in its place that the server can write");
    return;
  }
  if (found.size > 0 && !found.recent) {
    hazards.warning("log-broken",
                    fmt::format("nothing in the last {} of {} is an audit event",
                                size_words(std::min<std::uint64_t>(found.size, Found::k_part)), log.node_path),
                    "look at it: something else writes it, or the disk has lost what was in it");
    return;
  }
  if (!has_worked_for(survey, k_hour) || auditing_of(survey.setup) != Auditing::on) return;
  const double idle = found.recent ? survey.now - found.recent->last : survey.now - *survey.process.started;
  if (idle < k_hour) return;
  hazards.info("log-idle",
               found.recent ? fmt::format("the last event in {} is {} old, although the API server answers",
                                          log.node_path, age_words(idle))
                            : fmt::format("nothing has been recorded in {} for the {} since the server started",
                                          log.node_path, age_words(idle)),
               "right if the policy records little; kaudit verify proves that it records");
}

void judge_disk(const LogSetup& log, HazardList& hazards) {
  if (!log.space || log.space->total == 0) return;
  const bool evicts = log.space->available < log.reserve;
  if (!evicts && log.space->available >= log.space->total / 20) return;
  hazards.warning("disk-nearly-full",
                  fmt::format("{} of {} are free where {} lies{}", size_words(log.space->available),
                              size_words(log.space->total), log.node_path,
                              evicts ? fmt::format(": below {} the kubelet evicts pods", size_words(log.reserve)) : ""),
                  "make room; what cannot be written is not recorded");
}

/// Whether the logrotate that is to rotate it does so.
void judge_rotation(const LogSetup& log, HazardList& hazards) {
  if (!is_rotated_by_logrotate(log)) return;
  if (log.logrotate_runs.empty()) {
    hazards.warning(
        "logrotate-not-run",
        fmt::format("logrotate is to rotate {}, but nothing was found that runs it: the log grows until the "
                    "disk is full",
                    log.node_path),
        "enable logrotate.timer, or have cron run logrotate");
  } else if (log.is_out_of_reach) {
    hazards.error("logrotate-out-of-reach",
                  fmt::format("logrotate is to rotate {}, but systemd starts it so that it cannot write there: the log "
                              "grows until the disk is full",
                              log.node_path),
                  "put the log below /var/log, or add its directory to ReadWritePaths of logrotate.service");
  }
  if (log.rotation.max_size > 0 && log.found.size > 2 * log.rotation.max_size) {
    hazards.warning("log-outgrown",
                    fmt::format("{} has {}, although logrotate is to rotate it at {}: it does not get to it, or not "
                                "often enough",
                                log.node_path, size_words(log.found.size), size_words(log.rotation.max_size)),
                    "logrotate --verbose /etc/logrotate.conf rotates now, and says what stops it; let it run hourly");
  }
}

void judge_other_rules(const LogSetup& log, HazardList& hazards) {
  for (const node::LogrotateRule& rule : log.logrotate) {
    if (rule.file == log.rotation_file) continue;
    const char* harm = rule.truncates
                           ? "both rotate in turn, and events can be lost between its copy and its truncation"
                           : "kube-apiserver goes on writing the file that was renamed";
    hazards.warning("other-logrotate",
                    fmt::format("logrotate, too, rotates {}, by {}:{} ({}): {}", log.node_path, rule.file, rule.line,
                                rule.pattern, harm),
                    "take the log out of that rule, or put it where its pattern does not reach");
  }
}

}  // namespace

void judge_log(const Survey& survey, HazardList& hazards) {
  if (!survey.setup.log) return;
  const LogSetup& log = *survey.setup.log;
  judge_mount(log, hazards);
  if (log.node_path.empty()) return;
  judge_single_file(log, hazards);
  judge_growth(log, hazards);
  judge_content(survey, log, hazards);
  judge_disk(log, hazards);
  judge_rotation(log, hazards);
  judge_other_rules(log, hazards);
}

}  // namespace kaudit::survey
