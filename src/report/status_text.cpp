#include <fmt/format.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/base/utc.hpp"
#include "kaudit/report/lint_report.hpp"
#include "kaudit/report/status_report.hpp"
#include "kaudit/survey/words.hpp"
#include "paint.hpp"

namespace kaudit::report {
namespace {

using survey::age_words;
using survey::number_words;
using survey::size_words;
using survey::Survey;

constexpr double k_day = 86400;  // seconds

/// "1 day", "30 days"
std::string counted(std::int64_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string row(std::string_view label, const std::string& value) { return fmt::format("{:<12}{}\n", label, value); }

std::string auditing_words(const Survey& survey, Paint paint) {
  using survey::Auditing;
  switch (survey::auditing_of(survey.setup)) {
    case Auditing::on:
      return painted("on", k_green, paint);
    case Auditing::off:
      return painted("off", k_yellow, paint);
    case Auditing::no_backend:
      return painted("nothing is recorded: a policy without a backend", k_red, paint);
    case Auditing::no_policy:
      break;
  }
  return painted("nothing is recorded: a backend without a policy", k_red, paint);
}

std::string file_words(const survey::ServerFile& file) {
  if (file.node_path.empty()) return one_line(file.path) + ", which no volume shows to the server";
  std::string words = one_line(file.node_path);
  if (!file.problem.empty()) return words + ": " + file.problem;
  words += fmt::format(", sha256 {:.12}", file.sha256);
  if (file.annotated.empty()) return words;
  return words + (file.annotated == file.sha256 ? ", as annotated" : ", annotated otherwise");
}

std::string log_words(const survey::LogSetup& log) {
  using State = node::AuditLog::State;
  if (log.path == "-") return "the container's stdout";
  if (log.node_path.empty()) return one_line(log.path) + ", inside the container only";
  std::string words = one_line(log.node_path);
  words += log.mount == survey::LogSetup::Mount::file ? ", mounted as a file" : ", its directory mounted";
  if (log.is_read_only) words += ", read-only";
  if (log.found.state == State::missing) return words + ", not there";
  if (log.found.state == State::unreadable) return words + ", unreadable";
  words += ", " + size_words(log.found.size);
  if (log.found.rotated_files == 0) return words;
  return words + fmt::format(" and {} in {}", size_words(log.found.rotated_size),
                             counted(static_cast<std::int64_t>(log.found.rotated_files), "rotated file"));
}

std::string event_words(const Survey& survey, const node::AuditLog& log) {
  std::string words = log.recent ? "the last " + age_words(survey.now - log.recent->last) + " ago" : "none";
  const auto rate = log.events_per_second();
  if (rate) words += fmt::format(", {} a second", number_words(*rate));
  if (const auto bytes = log.bytes_per_day()) {
    words += fmt::format(", {} a day", size_words(static_cast<std::uint64_t>(*bytes)));
  }
  if (!log.oldest) return words;
  const bool is_exact = log.oldest_is == node::AuditLog::Oldest::exact;
  return words +
         fmt::format(", the oldest {}{} ago", is_exact ? "" : "more than ", age_words(survey.now - *log.oldest));
}

/// "rotated by kube-apiserver at 100 MB, 10 backups, 30 days"
std::string rotation_words(const survey::LogSetup& log) {
  using By = survey::Rotation::By;
  const survey::Rotation& rotation = log.rotation;
  if (rotation.by == By::nobody) {
    return rotation.max_size > 0 ? "rotated by nobody, max-size " + size_words(rotation.max_size) : "rotated by nobody";
  }
  if (rotation.by == By::logrotate && rotation.max_size == 0) {
    return fmt::format("rotated by logrotate, as {} says", one_line(log.rotation_file));
  }
  std::string words = rotation.by == By::server ? "rotated by kube-apiserver"
                                                : fmt::format("rotated by logrotate ({})", one_line(log.rotation_file));
  words += rotation.max_size > 0 ? " at " + size_words(rotation.max_size) : ", never for its size";
  words += ", " + (rotation.max_backups > 0 ? counted(rotation.max_backups, "backup") : "any number of backups");
  return words + ", " + (rotation.max_age_days > 0 ? counted(rotation.max_age_days, "day") : "of any age");
}

std::string history_words(const survey::LogSetup& log) {
  using Bound = survey::History::Bound;
  const survey::History history = survey::history_of(log.rotation, log.found.bytes_per_day());
  std::string words = rotation_words(log);
  if (!history.days) return words;
  const std::string days = age_words(*history.days * k_day);
  if (history.bound == Bound::stop) return words + fmt::format(": full within {} at that rate", days);
  return words + fmt::format(": {} of history{}", days, history.bound == Bound::size ? " at that rate" : "");
}

std::string_view health_words(const node::Health& health) {
  using Answer = node::Health::Answer;
  switch (health.answer) {
    case Answer::ok:
      return "healthy";
    case Answer::forbidden:
      return "answering (anonymous requests are not allowed)";
    case Answer::not_ready:
      return "not ready";
    case Answer::stranger:
      return "another program answers";
    case Answer::none:
      break;
  }
  return "not answering";
}

std::string process_words(const Survey& survey) {
  using Known = survey::Process::Known;
  const survey::Process& process = survey.process;
  switch (process.known) {
    case Known::not_looked:
      return "not looked for: this is another root than /";
    case Known::nobody:
      return "none: nobody listens on the server's port";
    case Known::unseen:
      return fmt::format("not to be seen from here, {}", health_words(process.health));
    case Known::running:
      break;
  }
  std::string words = std::to_string(process.pid);
  if (process.started) {
    words += fmt::format(", since {} ({})", to_utc_text(*process.started), age_words(survey.now - *process.started));
  }
  words += fmt::format(", {}", health_words(process.health));
  return words +
         (process.differences.empty() ? ", its flags are the manifest's" : ", its flags are not the manifest's");
}

std::string metrics_words(const survey::Metrics& metrics) {
  if (!metrics.problem.empty()) return "not read: " + one_line(metrics.problem);
  double lost = 0;
  for (const auto& [plugin, events] : metrics.lost) lost += events;
  return fmt::format("{} since then, {:.0f} lost, {} refused",
                     counted(static_cast<std::int64_t>(metrics.events.value_or(0)), "event"), lost,
                     counted(static_cast<std::int64_t>(metrics.rejected), "request"));
}

std::string run_words(const survey::Runs& runs) {
  if (!runs.last) return "none is stored";
  using Manifest = survey::Runs::Manifest;
  std::string words = fmt::format("{}, {}, {}", runs.last->id, runs.last->verb, runs.last->state);
  if (!runs.last->reason.empty()) words += ": " + one_line(runs.last->reason);
  return words + (runs.manifest == Manifest::as_left ? "" : "; the manifest was written by somebody else since");
}

std::string flag_rows(const survey::Setup& setup) {
  std::string rows;
  for (const kube::FlagSetting& flag : setup.flags) {
    rows += row(rows.empty() ? "flags" : "", one_line("--" + flag.name + (flag.value ? "=" + *flag.value : "")));
  }
  bool is_first = true;
  for (const auto& [key, value] : setup.annotations) {
    rows += row(is_first ? "annotations" : "", one_line(key + ": " + value));
    is_first = false;
  }
  return rows;
}

std::string overview(const Survey& survey, Detail detail, Paint paint) {
  const survey::Setup& setup = survey.setup;
  std::string rows = row("auditing", auditing_words(survey, paint));
  rows += row("manifest", fmt::format("{} ({})", one_line(setup.manifest), one_line(setup.image)));
  if (detail == Detail::flags) rows += flag_rows(setup);
  if (setup.policy) rows += row("policy", file_words(*setup.policy));
  if (setup.webhook_config) rows += row("webhook", file_words(*setup.webhook_config));
  if (setup.log) {
    rows += row("log", log_words(*setup.log));
    if (setup.log->found.state == node::AuditLog::State::file) {
      rows += row("  events", event_words(survey, setup.log->found));
    }
    if (!setup.log->node_path.empty()) rows += row("  kept", history_words(*setup.log));
  }
  rows += row("process", process_words(survey));
  if (survey::auditing_of(setup) != survey::Auditing::off) rows += row("metrics", metrics_words(survey.metrics));
  return rows + row("last run", run_words(survey.runs));
}

std::string hazard_text(const survey::Hazard& hazard, Paint paint) {
  const std::string_view color = hazard.severity == text::Severity::error     ? k_red
                                 : hazard.severity == text::Severity::warning ? k_yellow
                                                                              : k_cyan;
  const std::string word = std::string(to_string(hazard.severity)) + ":";
  return fmt::format("{} {} [{}]\n  hint: {}\n", painted(word, color, paint), one_line(hazard.message), hazard.code,
                     one_line(hazard.hint));
}

}  // namespace

std::string status_text(const Survey& survey, const std::vector<survey::Hazard>& hazards, Detail detail, Paint paint) {
  std::string text = detail == Detail::hazards ? "" : overview(survey, detail, paint);
  if (!text.empty() && !hazards.empty()) text += "\n";
  for (const survey::Hazard& hazard : hazards) text += hazard_text(hazard, paint);
  return text;
}

}  // namespace kaudit::report
