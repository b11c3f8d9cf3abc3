#pragma once

#include "kaudit/report/report.hpp"
#include "session.hpp"

namespace kaudit::cli {

/// What the job would change, as a report: plan, diffs, side effects. No content of a webhook config gets into it.
void describe(const Session& session, const Job& job, report::Report& report);

/// The diff of a file that may be shown; of one that goes against /dev/null.
[[nodiscard]] report::FileDiff open_diff(const NodeFile& file);
[[nodiscard]] report::FileDiff removal_diff(const NodeFile& file);

/// "logrotate drop-in", and whether somebody edited it.
[[nodiscard]] std::string words_of_drop_in(const std::string& bytes);

/// The manifest's diff; none where nothing is edited.
void describe_manifest(const ManifestInput& input, const std::vector<text::TextEdit>& edits,
                       const std::string& new_text, report::Report& report);

}  // namespace kaudit::cli
