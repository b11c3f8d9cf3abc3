#include <type_traits>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "json_value.hpp"
#include "kaudit/report/lint_report.hpp"
#include "kaudit/report/report.hpp"
#include "kaudit/report/runs_report.hpp"
#include "kaudit/report/verify_report.hpp"

namespace kaudit::report {
namespace {

using Json = nlohmann::ordered_json;

/// Grows when a key changes its meaning or goes away (CHANGELOG.md says what the version covers).
constexpr int k_format_version = 1;

Json position(std::size_t number) { return number == 0 ? Json(nullptr) : Json(number); }

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

const char* word_of(patch::Action action) {
  switch (action) {
    case patch::Action::add:
      return "add";
    case patch::Action::remove:
      return "remove";
    case patch::Action::replace:
      break;
  }
  return "replace";
}

Json to_json(const Warning& warning) {
  const std::string& path = warning.field.empty() ? warning.file : warning.field;
  return {{"code", warning.code},
          {"message", warning.message},
          {"path", text_or_null(path)},
          {"line", position(warning.line)},
          {"column", position(warning.column)}};
}

Json to_json(const Error& error) {
  return {{"code", error.code},
          {"message", error.message},
          {"hint", text_or_null(error.hint)},
          {"file", text_or_null(error.file)},
          {"path", text_or_null(error.field)},
          {"line", position(error.line)},
          {"column", position(error.column)},
          {"also", error.also}};
}

Json changes(const Report& report) {
  Json list = Json::array();
  for (const SideEffect& effect : report.side_effects) {
    const bool goes = effect.action == patch::Action::remove;
    list.push_back({{"path", effect.path},
                    {"action", word_of(effect.action)},
                    {"before", goes ? Json(effect.what) : Json(nullptr)},
                    {"after", goes ? Json(nullptr) : Json(effect.what)}});
  }
  for (const patch::Change& change : report.changes) {
    list.push_back({{"path", change.path},
                    {"action", word_of(change.action)},
                    {"before", text_or_null(change.before)},
                    {"after", text_or_null(change.after)}});
  }
  return list;
}

Json to_json(const LintFinding& finding) {
  const Error& what = finding.what;
  return {{"code", what.code},
          {"severity", to_string(finding.severity)},
          {"message", what.hint.empty() ? what.message : what.message + "; " + what.hint},
          {"path", what.field.empty() ? text_or_null(what.file) : Json(what.field)},
          {"line", position(what.line)},
          {"column", position(what.column)}};
}

Json to_json(const std::optional<node::Proof>& proof) {
  if (!proof) return nullptr;
  const auto number_or_null = [](const auto& number) { return number ? Json(*number) : Json(nullptr); };
  return {{"verdict", node::to_string(proof->verdict)},
          {"request", proof->request},
          {"audit_id", text_or_null(proof->audit_id)},
          {"status", proof->status == 0 ? Json(nullptr) : Json(proof->status)},
          {"rule", proof->rule},
          {"reason", text_or_null(proof->reason)},
          {"file", text_or_null(proof->file)},
          {"seconds", number_or_null(proof->seconds)},
          {"receiver", text_or_null(proof->receiver)},
          {"delivered_seconds", number_or_null(proof->delivered_seconds)}};
}

Json to_json(const std::vector<Warning>& warnings) {
  Json list = Json::array();
  for (const Warning& warning : warnings) list.push_back(to_json(warning));
  return list;
}

/// Bytes that are no UTF-8 (a policy in another encoding) become U+FFFD instead of an exception.
std::string document_text(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json to_json(JsonValue&& value);

Json list_of(JsonList&& list) {
  Json json = Json::array();
  for (JsonValue& item : list) json.push_back(to_json(std::move(item)));
  return json;
}

Json object_of(JsonMembers&& members) {
  Json json = Json::object();
  for (auto& [key, value] : members) json[key] = to_json(std::move(value));
  return json;
}

// Two kinds of values hold values themselves: as deep as our own documents are.
Json to_json(JsonValue&& value) {  // NOLINT(misc-no-recursion)
  return std::visit(
      [](auto& one) -> Json {
        using T = std::remove_reference_t<decltype(one)>;
        if constexpr (std::is_same_v<T, JsonList>) return list_of(std::move(one));
        if constexpr (std::is_same_v<T, JsonMembers>) return object_of(std::move(one));
        if constexpr (!std::is_same_v<T, JsonList> && !std::is_same_v<T, JsonMembers>) return Json(one);
      },
      value.value);
}

}  // namespace

std::string document_of(JsonMembers members) {
  members.insert(members.begin(), {"format_version", whole_value(k_format_version)});
  return document_text(object_of(std::move(members)));
}

std::string lint_json(const std::vector<LintResult>& results, const std::optional<Error>& error,
                      ExitStatus exit_status) {
  Json list = Json::array();
  for (const LintResult& result : results) {
    Json findings = Json::array();
    for (const LintFinding& finding : result.findings) findings.push_back(to_json(finding));
    list.push_back({{"file", result.file},
                    {"kubernetes_version", result.kubernetes_version},
                    {"verdict", result.is_accepted ? "accepted" : "refused"},
                    {"server_error", text_or_null(result.server_error)},
                    {"server_warnings", result.server_warnings},
                    {"findings", std::move(findings)}});
  }
  Json document = {{"format_version", k_format_version}, {"results", std::move(list)}};
  if (error) document["error"] = to_json(*error);
  document["exit_status"] = static_cast<int>(exit_status);
  return document_text(document);
}

std::string explanation_json(const Explanation& explanation) {
  Json passed = Json::array();
  for (const PassedRule& rule : explanation.passed) {
    passed.push_back({{"rule", rule.number - 1}, {"line", rule.line}, {"reason", rule.reason}});
  }
  return document_text({{"format_version", k_format_version},
                        {"file", explanation.file},
                        {"kubernetes_version", explanation.kubernetes_version},
                        {"request", explanation.request},
                        {"notes", explanation.notes},
                        {"rule", explanation.rule ? Json(*explanation.rule) : Json(nullptr)},
                        {"line", position(explanation.line)},
                        {"rule_text", text_or_null(explanation.rule_text)},
                        {"level", explanation.level},
                        {"stages", explanation.stages},
                        {"omitStages", explanation.omit_stages},
                        {"omitManagedFields", explanation.omits_managed_fields},
                        {"passed", std::move(passed)}});
}

std::string to_json(const Report& report) {
  Json diffs = Json::array();
  for (const FileDiff& diff : report.diffs) {
    diffs.push_back({{"before", diff.before},
                     {"after", diff.after},
                     {"before_header", diff.before_header},
                     {"after_header", diff.after_header}});
  }
  Json document = {{"format_version", k_format_version},
                   {"manifest", text_or_null(report.manifest)},
                   {"kubernetes_version", text_or_null(report.kubernetes_version)},
                   {"changed", report.changed},
                   {"diff", std::move(diffs)},
                   {"changes", changes(report)},
                   {"warnings", to_json(report.warnings)},
                   {"run", nullptr},
                   {"rollout", nullptr},
                   {"proof", to_json(report.proof)},
                   {"error", nullptr},
                   {"exit_status", static_cast<int>(report.exit_status)}};
  if (report.run) {
    document["run"] = {{"id", report.run->id}, {"folder", report.run->folder}, {"backup", report.run->backup}};
  }
  if (report.rollout) {
    document["rollout"] = {{"state", report.rollout->state},
                           {"seconds", report.rollout->seconds},
                           {"reason", text_or_null(report.rollout->reason)},
                           {"log_tail", report.rollout->log_tail}};
  }
  if (report.error) document["error"] = to_json(*report.error);
  return document_text(document);
}

std::string verify_json(const Verification& verification) {
  return document_text({{"format_version", k_format_version},
                        {"manifest", text_or_null(verification.manifest)},
                        {"kubernetes_version", text_or_null(verification.kubernetes_version)},
                        {"verdict", to_string(verification.verdict)},
                        {"user", text_or_null(verification.user)},
                        {"reason", text_or_null(verification.reason)},
                        {"proof", to_json(verification.proof)},
                        {"warnings", to_json(verification.warnings)},
                        {"error", verification.error ? to_json(*verification.error) : Json(nullptr)},
                        {"exit_status", static_cast<int>(verification.exit_status)}});
}

std::string runs_json(const std::vector<RunLine>& runs) {
  const auto word = [](RunLine::Manifest manifest) {
    if (manifest == RunLine::Manifest::written) return "written";
    return manifest == RunLine::Manifest::before ? "before" : "other";
  };
  Json list = Json::array();
  for (const RunLine& run : runs) {
    list.push_back({{"id", run.id},
                    {"started", run.started},
                    {"verb", run.verb},
                    {"state", run.state},
                    {"reason", text_or_null(run.reason)},
                    {"folder", run.folder},
                    {"summary", run.summary},
                    {"manifest", word(run.manifest)}});
  }
  return document_text({{"format_version", k_format_version}, {"runs", std::move(list)}});
}

std::string failure_json(std::string_view verb, const Error& error) {
  if (verb == "lint") return lint_json({}, error, error.status);
  if (verb == "explain" || verb == "status") {
    return document_text({{"format_version", k_format_version},
                          {"error", to_json(error)},
                          {"exit_status", static_cast<int>(error.status)}});
  }
  if (verb == "verify") {
    Verification verification;
    verification.error = error;
    verification.exit_status = error.status;
    return verify_json(verification);
  }
  Report report;
  report.error = error;
  report.exit_status = error.status;
  return to_json(report);
}

}  // namespace kaudit::report
