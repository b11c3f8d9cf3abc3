#include <fmt/format.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/report/runs_report.hpp"

namespace kaudit::report {
namespace {

const char* in_words(RunLine::Manifest manifest) {
  switch (manifest) {
    case RunLine::Manifest::written:
      return "the manifest is what this run wrote";
    case RunLine::Manifest::before:
      return "the manifest is what was there before this run";
    case RunLine::Manifest::other:
      break;
  }
  return "the manifest is neither what this run wrote nor what was there before it";
}

}  // namespace

std::string runs_text(const std::vector<RunLine>& runs) {
  if (runs.empty()) return "no run is stored\n";
  std::string text;
  for (const RunLine& run : runs) {
    text += fmt::format("{}  {}  {}{}\n", run.id, run.verb, run.state,
                        run.reason.empty() ? "" : ": " + one_line(run.reason));
    text += fmt::format("    {}; {}\n", run.folder, in_words(run.manifest));
    for (const std::string& line : run.summary) text += "    " + one_line(line) + "\n";
  }
  return text;
}

}  // namespace kaudit::report
