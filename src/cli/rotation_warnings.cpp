#include "rotation_warnings.hpp"

#include <fmt/format.h>

#include "kaudit/host/system_error.hpp"
#include "kaudit/patch/paths.hpp"

namespace kaudit::cli {
namespace {

using Frequency = node::LogrotateSchedule::Frequency;

void warn(Session& session, const char* code, std::string message, const std::string& node_path) {
  Warning warning;
  warning.code = code;
  warning.message = std::move(message);
  warning.file = session.root.shown(node_path);
  session.warnings.push_back(std::move(warning));
}

Error about(const Session& session, const node::LogrotateRule& rule, std::string message, std::string hint) {
  Error error = host::file_error(ExitStatus::refused, "logrotate-rule", session.root.shown(rule.file),
                                 std::move(message), std::move(hint));
  error.line = rule.line;
  error.column = 1;
  return error;
}

Error takes_it_too(const Session& session, const node::LogrotateRule& rule, const std::string& log) {
  return about(session, rule,
               fmt::format("logrotate's rule {} also takes {}: a log with two rules makes logrotate skip the second "
                           "file, with everything that is in it",
                           rule.pattern, log),
               "take the log out of that rule, or leave it to that rule with --rotate server");
}

Error takes_it_from_server(const Session& session, const node::LogrotateRule& rule, const std::string& log) {
  return about(
      session, rule,
      fmt::format("logrotate's rule {} takes {} without copytruncate: it renames the log, kube-apiserver goes on "
                  "writing to the renamed file, and its events go away with that; take the log out of that rule",
                  rule.pattern, log),
      {});
}

/// One line with which logrotate runs every hour.
std::string remedy_for(const node::LogrotateSchedule& schedule) {
  if (schedule.source.find("/systemd/") != std::string::npos) {
    return R"(mkdir -p /etc/systemd/system/logrotate.timer.d; printf '[Timer]\nOnCalendar=hourly\nAccuracySec=1m\n' )"
           "> /etc/systemd/system/logrotate.timer.d/hourly.conf; systemctl daemon-reload; systemctl restart "
           "logrotate.timer";
  }
  if (schedule.source.starts_with("/etc/cron.daily/") || schedule.source.starts_with("/etc/cron.weekly/") ||
      schedule.source.starts_with("/etc/cron.monthly/")) {
    return "ln -s " + schedule.source + " /etc/cron.hourly/";
  }
  return "echo '17 * * * * root logrotate /etc/logrotate.conf' > /etc/cron.d/logrotate-hourly";
}

}  // namespace

Status check_rules(Session& session, const patch::Plan& plan, Asked asked) {
  const bool is_ours_to_rotate = plan.rotator == patch::Rotator::logrotate;
  const std::string log =
      plan.log_mount == patch::Plan::LogMount::file ? plan.log_host_path : patch::normalise_path(plan.log_path);
  if (log.empty()) return Done{};
  for (const node::LogrotateRule& rule : node::logrotate_rules_for(session.root, log)) {
    if (rule.file == node::k_logrotate_drop_in) continue;
    if (!is_ours_to_rotate) {
      if (rule.truncates) continue;
      session.warn(takes_it_from_server(session, rule, log));
    } else if (asked == Asked::about_log) {
      KAUDIT_TRY_DO(session.refuse_surroundings(takes_it_too(session, rule, log)));
    } else {
      session.warn(takes_it_too(session, rule, log));
    }
  }
  return Done{};
}

void warn_of_schedule(Session& session, const node::Logrotate& logrotate, const std::string& log) {
  const node::LogrotateSchedule& schedule = logrotate.schedule;
  if (!schedule.reaches(log)) {
    warn(session, "logrotate-out-of-reach",
         fmt::format("where systemd starts logrotate ({}), it cannot write {}: nothing keeps the log from filling the "
                     "disk; put it below /var/log, or give --rotate server",
                     schedule.source, log),
         node::k_logrotate_drop_in);
  } else if (!logrotate.takes_drop_ins()) {
    warn(session, "logrotate-not-run",
         "no logrotate of this node reads this file any more: nothing keeps the log from filling the disk; install "
         "logrotate, or give --rotate server",
         node::k_logrotate_drop_in);
  } else if (schedule.frequency == Frequency::none_found) {
    warn(session, "logrotate-not-run",
         "no timer and no cron job was found that runs logrotate: unless something else does, nothing keeps the log "
         "from filling the disk; to have it run: systemctl enable --now logrotate.timer, or " +
             remedy_for(schedule),
         node::k_logrotate_drop_in);
  } else if (schedule.frequency != Frequency::hourly) {
    warn(session, "log-may-outgrow",
         fmt::format("logrotate runs {}: between two runs the log may grow past its size; to have it run hourly: {}",
                     schedule.words, remedy_for(schedule)),
         schedule.source);
  }
}

void warn_of_edits(Session& session) {
  warn(session, "drop-in-edited",
       "was edited so that it is no longer one block for one log with size, rotate and copytruncate: it is left as it "
       "is, and nothing is known of how the log is rotated",
       node::k_logrotate_drop_in);
}

}  // namespace kaudit::cli
