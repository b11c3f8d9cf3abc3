#include "json_value.hpp"
#include "kaudit/base/utc.hpp"
#include "kaudit/report/lint_report.hpp"
#include "kaudit/report/status_report.hpp"

namespace kaudit::report {
namespace {

using survey::Survey;

JsonValue moment(std::optional<double> seconds) { return seconds ? string_value(to_utc_text(*seconds)) : JsonValue{}; }

JsonValue flags_of(const std::vector<kube::FlagSetting>& flags) {
  JsonList list;
  for (const kube::FlagSetting& flag : flags) {
    list.push_back({JsonMembers{{"name", string_value(flag.name)},
                                {"value", flag.value ? string_value(*flag.value) : JsonValue{}}}});
  }
  return {std::move(list)};
}

JsonValue file_of(const std::optional<survey::ServerFile>& file) {
  if (!file) return {};
  return {JsonMembers{{"path", string_value(file->path)},
                      {"node_path", string_or_null(file->node_path)},
                      {"problem", string_or_null(file->problem)},
                      {"sha256", string_or_null(file->sha256)},
                      {"annotated_sha256", string_or_null(file->annotated)},
                      {"modified", file->modified > 0 ? moment(file->modified) : JsonValue{}}}};
}

const char* word_of(survey::LogSetup::Mount mount) {
  using Mount = survey::LogSetup::Mount;
  return mount == Mount::none ? "none" : mount == Mount::file ? "file" : "directory";
}

const char* word_of(survey::Rotation::By by) {
  using By = survey::Rotation::By;
  return by == By::nobody ? "nobody" : by == By::server ? "server" : "logrotate";
}

const char* word_of(survey::History::Bound bound) {
  using Bound = survey::History::Bound;
  switch (bound) {
    case Bound::size:
      return "size";
    case Bound::age:
      return "age";
    case Bound::stop:
      return "stop";
    case Bound::none:
      break;
  }
  return "none";
}

const char* word_of(node::AuditLog::State state) {
  using State = node::AuditLog::State;
  return state == State::file ? "file" : state == State::missing ? "missing" : "unreadable";
}

const char* word_of(survey::Auditing auditing) {
  using survey::Auditing;
  switch (auditing) {
    case Auditing::off:
      return "off";
    case Auditing::no_backend:
      return "no-backend";
    case Auditing::no_policy:
      return "no-policy";
    case Auditing::on:
      break;
  }
  return "on";
}

const char* word_of(node::Health::Answer answer) {
  using Answer = node::Health::Answer;
  switch (answer) {
    case Answer::ok:
      return "ok";
    case Answer::not_ready:
      return "not-ready";
    case Answer::forbidden:
      return "forbidden";
    case Answer::stranger:
      return "stranger";
    case Answer::none:
      break;
  }
  return "none";
}

JsonValue rules_of(const survey::LogSetup& log) {
  JsonList list;
  for (const node::LogrotateRule& rule : log.logrotate) {
    const bool is_own = log.is_rotated_by_own && rule.file == log.rotation_file;
    list.push_back({JsonMembers{{"file", string_value(rule.file)},
                                {"line", whole_value(rule.line)},
                                {"pattern", string_value(rule.pattern)},
                                {"truncates", bool_value(rule.truncates)},
                                {"own", bool_value(is_own)}}});
  }
  return {std::move(list)};
}

JsonValue rotation_of(const survey::LogSetup& log) {
  const survey::History history = survey::history_of(log.rotation, log.found.bytes_per_day());
  return {JsonMembers{{"by", string_value(word_of(log.rotation.by))},
                      {"max_size", whole_value(log.rotation.max_size)},
                      {"max_backups", whole_value(static_cast<std::uint64_t>(log.rotation.max_backups))},
                      {"max_age_days", whole_value(static_cast<std::uint64_t>(log.rotation.max_age_days))},
                      {"server_max_size", whole_value(log.server_max_size)},
                      {"history_days", number_or_null(history.days)},
                      {"history_ends_by", string_value(word_of(history.bound))},
                      {"logrotate", rules_of(log)},
                      {"logrotate_runs", string_or_null(log.logrotate_runs)}}};
}

JsonValue log_of(const Survey& survey) {
  if (!survey.setup.log) return {};
  const survey::LogSetup& log = *survey.setup.log;
  const node::AuditLog& found = log.found;
  const auto last = found.recent ? std::optional(found.recent->last) : std::nullopt;
  return {JsonMembers{{"path", string_value(log.path)},
                      {"node_path", string_or_null(log.node_path)},
                      {"mount", string_value(word_of(log.mount))},
                      {"read_only", bool_value(log.is_read_only)},
                      {"state", log.node_path.empty() ? JsonValue{} : string_value(word_of(found.state))},
                      {"size", whole_value(found.size)},
                      {"rotated_files", whole_value(found.rotated_files)},
                      {"rotated_size", whole_value(found.rotated_size)},
                      {"last_event", moment(last)},
                      {"last_event_age", number_or_null(last ? std::optional(survey.now - *last) : std::nullopt)},
                      {"oldest_event", moment(found.oldest)},
                      {"oldest_event_exact", bool_value(found.oldest_is == node::AuditLog::Oldest::exact)},
                      {"events_per_second", number_or_null(found.events_per_second())},
                      {"bytes_per_day", number_or_null(found.bytes_per_day())},
                      {"rotation", rotation_of(log)},
                      {"disk_free", log.space ? whole_value(log.space->available) : JsonValue{}}}};
}

JsonValue differences_of(const std::vector<survey::FlagDifference>& differences) {
  JsonList list;
  for (const survey::FlagDifference& one : differences) {
    list.push_back({JsonMembers{{"flag", string_value(one.name)},
                                {"manifest", one.in_manifest ? string_value(*one.in_manifest) : JsonValue{}},
                                {"process", one.in_process ? string_value(*one.in_process) : JsonValue{}}}});
  }
  return {std::move(list)};
}

JsonValue process_of(const Survey& survey) {
  const survey::Process& process = survey.process;
  if (process.known == survey::Process::Known::not_looked) return {};
  const bool is_known = process.known == survey::Process::Known::running;
  const auto age = process.started ? std::optional(survey.now - *process.started) : std::nullopt;
  const auto agrees = survey::agrees(process);
  std::vector<kube::FlagSetting> audit_flags;
  for (const kube::FlagSetting& flag : process.flags) {
    if (flag.name.starts_with("audit-")) audit_flags.push_back(flag);
  }
  return {JsonMembers{{"pid", is_known ? whole_value(static_cast<std::uint64_t>(process.pid)) : JsonValue{}},
                      {"started", moment(process.started)},
                      {"age", number_or_null(age)},
                      {"flags", flags_of(audit_flags)},
                      {"agrees", agrees ? bool_value(*agrees) : JsonValue{}},
                      {"differences", differences_of(process.differences)},
                      {"health", string_value(word_of(process.health.answer))},
                      {"health_detail", string_or_null(process.health.detail)}}};
}

JsonValue metrics_of(const survey::Metrics& metrics) {
  JsonMembers lost;
  for (const auto& [plugin, events] : metrics.lost) lost.emplace_back(plugin, number_or_null(events));
  const bool is_read = metrics.problem.empty();
  return {JsonMembers{{"problem", string_or_null(metrics.problem)},
                      {"kubeconfig", string_or_null(metrics.kubeconfig)},
                      {"events", number_or_null(metrics.events)},
                      {"lost", is_read ? JsonValue{std::move(lost)} : JsonValue{}},
                      {"rejected", number_or_null(is_read ? std::optional(metrics.rejected) : std::nullopt)}}};
}

JsonValue runs_of(const survey::Runs& runs) {
  const auto word = [](survey::Runs::Manifest manifest) {
    using Manifest = survey::Runs::Manifest;
    if (manifest == Manifest::as_left) return "as-left";
    return manifest == Manifest::rewritten ? "rewritten" : "audit-rewritten";
  };
  JsonList unfinished;
  for (const std::string& id : runs.unfinished) unfinished.push_back(string_value(id));
  JsonValue last;
  if (runs.last) {
    last = {JsonMembers{{"id", string_value(runs.last->id)},
                        {"started", string_value(runs.last->started)},
                        {"verb", string_value(runs.last->verb)},
                        {"state", string_value(runs.last->state)},
                        {"reason", string_or_null(runs.last->reason)},
                        {"manifest", string_value(word(runs.manifest))}}};
  }
  return {JsonMembers{{"problem", string_or_null(runs.problem)},
                      {"last", std::move(last)},
                      {"at_work", string_or_null(runs.at_work)},
                      {"unfinished", {std::move(unfinished)}}}};
}

JsonValue manifest_of(const survey::Setup& setup) {
  JsonMembers annotations;
  for (const auto& [key, value] : setup.annotations) annotations.emplace_back(key, string_value(value));
  return {JsonMembers{{"path", string_value(setup.manifest)},
                      {"image", string_or_null(setup.image)},
                      {"kubernetes_version", string_value(setup.kubernetes_version)},
                      {"flags", flags_of(setup.flags)},
                      {"annotations", {std::move(annotations)}}}};
}

}  // namespace

std::string status_json(const Survey& survey, const std::vector<survey::Hazard>& hazards) {
  JsonList list;
  for (const survey::Hazard& hazard : hazards) {
    list.push_back({JsonMembers{{"code", string_value(hazard.code)},
                                {"severity", string_value(to_string(hazard.severity))},
                                {"message", string_value(hazard.message)},
                                {"hint", string_value(hazard.hint)}}});
  }
  JsonList strays;
  for (const std::string& stray : survey.strays) strays.push_back(string_value(stray));
  const auto exit_status = static_cast<std::uint64_t>(survey::exit_status_of(hazards));
  return document_of({{"time", moment(survey.now)},
                      {"auditing", string_value(word_of(survey::auditing_of(survey.setup)))},
                      {"manifest", manifest_of(survey.setup)},
                      {"policy", file_of(survey.setup.policy)},
                      {"webhook_config", file_of(survey.setup.webhook_config)},
                      {"log", log_of(survey)},
                      {"process", process_of(survey)},
                      {"metrics", metrics_of(survey.metrics)},
                      {"rename_failures", whole_value(survey.rename_failures)},
                      {"runs", runs_of(survey.runs)},
                      {"stray_pods", {std::move(strays)}},
                      {"hazards", {std::move(list)}},
                      {"exit_status", whole_value(exit_status)}});
}

}  // namespace kaudit::report
