#include <charconv>

#include "kaudit/node/trail.hpp"

namespace kaudit::node {
namespace {

/// Milliseconds are enough for what is waited for, and whole numbers come back as they were.
std::string milliseconds(double seconds) { return std::to_string(static_cast<long long>(seconds * 1000 + 0.5)); }

std::optional<long long> number_in(const std::string& text) {
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string text_in(const Fields& fields, const char* name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

void take_seconds(const Fields& fields, const char* name, double& seconds) {
  if (const auto number = number_in(text_in(fields, name))) seconds = static_cast<double>(*number) / 1000;
}

void take_seconds(const Fields& fields, const char* name, std::optional<double>& seconds) {
  if (const auto number = number_in(text_in(fields, name))) seconds = static_cast<double>(*number) / 1000;
}

std::string name_of(TrailPlan::Log kind) {
  switch (kind) {
    case TrailPlan::Log::file:
      return "file";
    case TrailPlan::Log::container:
      return "container";
    case TrailPlan::Log::hidden:
      return "hidden";
    case TrailPlan::Log::none:
      break;
  }
  return "none";
}

std::string time_text(double seconds) { return milliseconds(seconds) + " ms"; }

}  // namespace

std::string to_string(Proof::Verdict verdict) {
  switch (verdict) {
    case Proof::Verdict::proven:
      return "proven";
    case Proof::Verdict::missing:
      return "missing";
    case Proof::Verdict::unproven:
      break;
  }
  return "unproven";
}

std::string words_of(const Proof& proof) {
  std::string words;
  const auto add = [&](const std::string& more) { words += (words.empty() ? "" : "; ") + more; };
  if (proof.seconds) add("its event stood in " + proof.file + " after " + time_text(*proof.seconds));
  if (proof.delivered_seconds) {
    add("a delivery to " + proof.receiver + " was counted after " + time_text(*proof.delivered_seconds));
  }
  if (!proof.reason.empty()) add(proof.reason);
  return words;
}

Fields fields_of(const TrailPlan& plan) {
  const bool is_certain = plan.certainty == TrailPlan::Certainty::certain;
  return {{"method", plan.method},
          {"target", plan.target},
          {"body", plan.body},
          {"content_type", plan.content_type},
          {"kubeconfig", plan.kubeconfig},
          {"rule", plan.rule},
          {"certainty", is_certain ? "certain" : "depends-on-user"},
          {"log_kind", name_of(plan.log_kind)},
          {"log", plan.log},
          {"log_wait_ms", milliseconds(plan.log_wait)},
          {"pod_logs", plan.pod_log_directory},
          {"receiver", plan.receiver},
          {"receiver_wait_ms", milliseconds(plan.receiver_wait)}};
}

TrailPlan trail_plan_in(const Fields& fields) {
  TrailPlan plan;
  plan.method = text_in(fields, "method");
  plan.target = text_in(fields, "target");
  plan.body = text_in(fields, "body");
  plan.content_type = text_in(fields, "content_type");
  plan.kubeconfig = text_in(fields, "kubeconfig");
  plan.rule = text_in(fields, "rule");
  if (text_in(fields, "certainty") == "depends-on-user") plan.certainty = TrailPlan::Certainty::depends_on_user;
  for (const auto kind : {TrailPlan::Log::file, TrailPlan::Log::container, TrailPlan::Log::hidden}) {
    if (text_in(fields, "log_kind") == name_of(kind)) plan.log_kind = kind;
  }
  plan.log = text_in(fields, "log");
  take_seconds(fields, "log_wait_ms", plan.log_wait);
  plan.pod_log_directory = text_in(fields, "pod_logs");
  plan.receiver = text_in(fields, "receiver");
  take_seconds(fields, "receiver_wait_ms", plan.receiver_wait);
  return plan;
}

Fields fields_of(const Proof& proof) {
  Fields fields = {{"verdict", to_string(proof.verdict)},
                   {"request", proof.request},
                   {"audit_id", proof.audit_id},
                   {"status", std::to_string(proof.status)},
                   {"rule", proof.rule},
                   {"reason", proof.reason},
                   {"file", proof.file},
                   {"receiver", proof.receiver}};
  if (proof.seconds) fields["seconds_ms"] = milliseconds(*proof.seconds);
  if (proof.delivered_seconds) fields["delivered_ms"] = milliseconds(*proof.delivered_seconds);
  return fields;
}

Proof proof_in(const Fields& fields) {
  Proof proof;
  for (const auto verdict : {Proof::Verdict::proven, Proof::Verdict::missing}) {
    if (text_in(fields, "verdict") == to_string(verdict)) proof.verdict = verdict;
  }
  proof.request = text_in(fields, "request");
  proof.audit_id = text_in(fields, "audit_id");
  proof.status = static_cast<int>(number_in(text_in(fields, "status")).value_or(0));
  proof.rule = text_in(fields, "rule");
  proof.reason = text_in(fields, "reason");
  proof.file = text_in(fields, "file");
  proof.receiver = text_in(fields, "receiver");
  take_seconds(fields, "seconds_ms", proof.seconds);
  take_seconds(fields, "delivered_ms", proof.delivered_seconds);
  return proof;
}

}  // namespace kaudit::node
