#include "trail.hpp"

namespace kaudit::cli {

Warning unproven_trail(const std::string& reason) {
  return {"unproven", "the audit trail is not proven: " + reason, {}, {}, 0, 0};
}

Status tell_proof(Console& console, report::Report& report) {
  if (!report.proof) return Done{};
  if (report.proof->verdict == node::Proof::Verdict::unproven) {
    report.warnings.push_back(unproven_trail(report.proof->reason));
    console.warn(report.warnings.back());
    return Done{};
  }
  console.progress("proven: " + node::words_of(*report.proof) + " (audit ID " + report.proof->audit_id + ")");
  return Done{};
}

}  // namespace kaudit::cli
