#include "describe.hpp"

#include <fmt/format.h>

#include "kaudit/node/logrotate_drop_in.hpp"
#include "kaudit/text/unified_diff.hpp"

namespace kaudit::cli {
namespace {

std::string before_header(const NodeFile& file) { return file.before ? "a" + file.node_path : "/dev/null"; }

std::string in_words(const host::Metadata& metadata) {
  return fmt::format("{}:{} {:04o}", metadata.uid == 0 ? "root" : std::to_string(metadata.uid),
                     metadata.gid == 0 ? "root" : std::to_string(metadata.gid), metadata.mode);
}

void describe_effect(report::Report& report, const NodeFile& file, const char* what) {
  report.side_effects.push_back({file.node_path, file.before ? patch::Action::replace : patch::Action::add,
                                 fmt::format("{} from {} ({})", what, file.origin, in_words(file.metadata))});
}

void describe_policy(report::Report& report, const NodeFile& file) {
  if (!file.must_write()) return;
  describe_effect(report, file, "audit policy");
  report.diffs.push_back(open_diff(file));
}

void describe_drop_in(report::Report& report, const Job& job) {
  if (job.drop_in && job.drop_in->must_write()) {
    const NodeFile& file = *job.drop_in;
    report.side_effects.push_back({file.node_path, file.before ? patch::Action::replace : patch::Action::add,
                                   fmt::format("{} ({})", words_of_drop_in(file.bytes), in_words(file.metadata))});
    report.diffs.push_back(open_diff(file));
  }
  if (job.drop_in_removed) {
    const NodeFile& file = *job.drop_in_removed;
    report.side_effects.push_back({file.node_path, patch::Action::remove, words_of_drop_in(file.bytes)});
    report.diffs.push_back(removal_diff(file));
  }
}

/// Promise 10: path and digest instead of the content.
void describe_secret(report::Report& report, const NodeFile& file, const char* what) {
  if (!file.must_write()) return;
  describe_effect(report, file, what);
  const std::string line = fmt::format("# {}: {}, sha256 {}\n", file.node_path, what, file.digest);
  const std::string old =
      file.before ? fmt::format("# {}: {}, sha256 {}\n", file.node_path, what, host::sha256(file.before->bytes)) : "";
  report.diffs.push_back({before_header(file), "b" + file.node_path, old, line, line});
}

void describe_provisions(const Session& session, const Job& job, report::Report& report) {
  const patch::Plan& plan = job.plan;
  if (plan.log_host_path.empty() || plan.edits.empty()) return;
  const auto place = session.root.locate(plan.log_host_path);
  const bool file = plan.log_mount == patch::Plan::LogMount::file;
  if (place) {
    const auto there = host::read_file(*place, 0);
    if (!there || *there) return;  // something is there: nothing will be made
  }
  const std::string owner =
      plan.run_as_user == 0 ? "root:root" : fmt::format("{}:{}", plan.run_as_user, plan.run_as_group);
  report.side_effects.push_back({plan.log_host_path, patch::Action::add,
                                 file ? fmt::format("empty audit log ({} 0600)", owner)
                                      : fmt::format("directory of the audit log ({} 0700)", owner)});
}

}  // namespace

report::FileDiff open_diff(const NodeFile& file) {
  const text::Source before(file.node_path, file.before ? file.before->bytes : std::string());
  report::FileDiff diff{before_header(file), "b" + file.node_path, std::string(before.bytes()), file.bytes, {}};
  diff.unified = text::unified_diff({diff.before_header, diff.after_header}, before,
                                    text::edits_between(before.bytes(), file.bytes));
  return diff;
}

report::FileDiff removal_diff(const NodeFile& file) {
  report::FileDiff diff{"a" + file.node_path, "/dev/null", file.bytes, "", {}};
  const text::Source before(file.node_path, file.bytes);
  diff.unified =
      text::unified_diff({diff.before_header, diff.after_header}, before, text::edits_between(file.bytes, ""));
  return diff;
}

std::string words_of_drop_in(const std::string& bytes) {
  return node::is_edited_drop_in(bytes) ? "logrotate drop-in, edited by hand" : "logrotate drop-in";
}

void describe_manifest(const ManifestInput& input, const std::vector<text::TextEdit>& edits,
                       const std::string& new_text, report::Report& report) {
  if (edits.empty()) return;
  const text::Source& source = input.document->source();
  report::FileDiff diff{"a" + input.node_path, "b" + input.node_path, std::string(source.bytes()), new_text, {}};
  diff.unified = text::unified_diff({diff.before_header, diff.after_header}, source, edits);
  report.diffs.push_back(std::move(diff));
}

void describe(const Session& session, const Job& job, report::Report& report) {
  report.manifest = session.root.shown(job.input->node_path);
  report.kubernetes_version = kube::to_string(job.plan.version);
  report.changed = job.changes_something();
  report.changes = job.plan.changes;
  if (job.webhook) {
    describe_secret(report, job.webhook->config, "webhook config");
    for (const NodeFile& file : job.webhook->installed) describe_secret(report, file, "file of the webhook config");
  }
  if (job.policy) describe_policy(report, *job.policy);
  describe_provisions(session, job, report);
  describe_drop_in(report, job);
  describe_manifest(*job.input, job.plan.edits, job.plan.new_text, report);
}

}  // namespace kaudit::cli
