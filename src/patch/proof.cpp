#include <fmt/format.h>

#include "draft.hpp"
#include "kaudit/decode/decode.hpp"
#include "kaudit/kube/pod_rules.hpp"

namespace kaudit::patch {

Error refused(std::string code, std::string message, std::string hint) {
  Error error;
  error.status = ExitStatus::refused;
  error.code = std::move(code);
  error.message = std::move(message);
  error.hint = std::move(hint);
  return error;
}

namespace {

/// What the kubelet would refuse about the result. The manifest as it was has passed, so it is what was asked for.
Status still_a_pod(const Draft& draft, const text::Source& source, const decode::Value& result) {
  for (const text::Diagnostic& problem : manifest::pod_problems(result, draft.manifest.container_index)) {
    // These two are about the pod as it is, and may have been accepted (--ignore).
    const bool accepted = problem.code == "fixed-uid" || problem.code == "api-reference";
    if (problem.severity != text::Severity::error || accepted) continue;
    const text::Position at = source.position(problem.offset);
    return refused("invalid-result",
                   fmt::format("the kubelet would refuse the pod with these changes (line {} of the result): {}: {}",
                               at.line, problem.field, problem.message),
                   "what was asked for does not go together with what is there; choose other paths");
  }
  return Done{};
}

Status prove(const Draft& draft, decode::Value old_value, const std::string& new_text) {
  KAUDIT_TRY(expected, intended(*draft.manifest.document, std::move(old_value), draft.operations));
  const text::Source source(draft.source().name(), new_text);
  auto actual = decode::as_kubernetes_reads_it(source);
  if (!actual) return internal_error("the new manifest does not decode: " + actual.error().message);
  if (const auto difference = decode::first_difference(expected, *actual)) {
    return internal_error("the new manifest is not the old one plus the plan: " + *difference);
  }
  return still_a_pod(draft, source, *actual);
}

}  // namespace

Status finish(Draft& draft, decode::Value value, Plan& plan) {
  const yaml::Document& document = *draft.manifest.document;
  KAUDIT_TRY(edits, to_edits(document, draft.operations));
  KAUDIT_TRY(new_text, text::apply_edits(document.source().bytes(), edits));
  if (new_text.size() >= kube::k_manifest_size_limit) {
    return refused("too-large", "the new manifest would have 10 MiB or more, and the kubelet would not read it",
                   "make the manifest smaller first");
  }
  KAUDIT_TRY_DO(prove(draft, std::move(value), new_text));
  plan.changes = std::move(draft.changes);
  plan.edits = std::move(edits);
  plan.new_text = std::move(new_text);
  plan.warnings = std::move(draft.warnings);
  return Done{};
}

}  // namespace kaudit::patch
