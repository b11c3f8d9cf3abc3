#include "explain_requests.hpp"

#include <algorithm>

#include "console.hpp"
#include "kaudit/host/lines.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/policy/request.hpp"
#include "kaudit/report/lint_report.hpp"

namespace kaudit::cli {
namespace {

constexpr std::size_t k_output_block = std::size_t{64} << 10U;

Status write_out(std::string& out) {
  const bool written = print(out);
  out.clear();
  if (written) return Done{};
  return host::file_error(ExitStatus::host_refused, "stdout", "standard output", "the decisions cannot be written");
}

/// The line's own position becomes that in the file.
Error in_file(Error error, const std::string& file, std::size_t line) {
  error.file = file == "-" ? "standard input" : file;
  error.line = line;
  return error;
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace

std::vector<std::string_view> sorted_stages(policy::Stages omitted) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < policy::k_stages; ++i) {
    const auto stage = static_cast<policy::Stage>(i);
    if (omitted.contains(stage)) names.push_back(policy::to_string(stage));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Status explain_requests(const ExplainOptions& options, const policy::Policy& policy, kube::Version version) {
  const policy::Evaluator evaluator = policy::Evaluator::compile(policy, version);
  KAUDIT_TRY(lines, host::LineReader::open(*options.requests));
  std::string out;
  std::vector<std::string_view> groups;
  for (std::size_t number = 1;; ++number) {
    // Whoever asks by a pipe waits for the answer before the next question.
    if (out.size() >= k_output_block || (!out.empty() && lines.reads_next())) KAUDIT_TRY_DO(write_out(out));
    KAUDIT_TRY(line, lines.next());
    if (!line) return write_out(out);
    if (is_blank(*line)) continue;
    auto request = policy::read_request(text::Source(*options.requests, std::string(*line)));
    if (!request) {
      KAUDIT_TRY_DO(write_out(out));
      return in_file(std::move(request).error(), *options.requests, number);
    }
    const policy::Decision decision = evaluator.decide(policy::attributes_of(*request, groups));
    report::append_decision_line(out, decision.rule, policy::to_string(decision.level),
                                 sorted_stages(decision.omit_stages),
                                 decision.managed_fields == policy::ManagedFields::omitted);
  }
}

}  // namespace kaudit::cli
