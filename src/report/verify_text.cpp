#include <fmt/format.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/report/verify_report.hpp"
#include "paint.hpp"

namespace kaudit::report {
namespace {

using Verdict = Verification::Verdict;

std::string row_unless_empty(std::string_view name, const std::string& value) {
  return value.empty() ? std::string() : fmt::format("  {:<9} {}\n", name, one_line(value));
}

std::string milliseconds(double seconds) { return fmt::format("{:.0f} ms", seconds * 1000); }

std::string proof_text(const node::Proof& proof) {
  std::string text;
  const std::string status = proof.status == 0 ? "" : fmt::format(" (answered {})", proof.status);
  text += row_unless_empty("request", proof.request + status);
  text += row_unless_empty("audit ID", proof.audit_id);
  text += row_unless_empty("rule", proof.rule);
  if (proof.seconds)
    text += row_unless_empty("log", fmt::format("{}, after {}", proof.file, milliseconds(*proof.seconds)));
  if (proof.delivered_seconds) {
    text += row_unless_empty("receiver", fmt::format("{}, a delivery counted after {}", proof.receiver,
                                                     milliseconds(*proof.delivered_seconds)));
  }
  return text;
}

std::string first_line(const Verification& verification) {
  const std::string& reason = verification.reason;
  if (verification.verdict != Verdict::proven) return reason;
  return "the API server of this node records what its policy says" + (reason.empty() ? "" : "; but " + reason);
}

}  // namespace

std::string_view to_string(Verification::Verdict verdict) {
  switch (verdict) {
    case Verdict::proven:
      return "proven";
    case Verdict::missing:
      return "missing";
    case Verdict::not_recorded:
      return "not-recorded";
    case Verdict::unproven:
      break;
  }
  return "unproven";
}

std::string verify_text(const Verification& verification, Paint paint) {
  const bool is_proven = verification.verdict == Verdict::proven;
  const std::string word = painted(to_string(verification.verdict), is_proven ? k_green : k_red, paint);
  std::string text = word + ": " + one_line(first_line(verification)) + "\n";
  if (verification.proof) text += proof_text(*verification.proof);
  text += row_unless_empty("user", verification.user);
  return text;
}

}  // namespace kaudit::report
