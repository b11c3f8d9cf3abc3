#include "session.hpp"

#include <algorithm>

namespace kaudit::cli {

Status Session::refuse_surroundings(Error error) {
  if (std::find(options.ignore.begin(), options.ignore.end(), error.code) == options.ignore.end()) {
    error.hint += (error.hint.empty() ? "" : "; ") + ("--ignore " + error.code) + " goes on all the same";
    return error;
  }
  error.message = "ignored: " + error.message;
  warn(std::move(error));
  return Done{};
}

Status Session::refuse_access(Error error) {
  if (root.is_host()) return refuse_surroundings(std::move(error));
  warn(std::move(error));
  return Done{};
}

void Session::warn(Error error) {
  Warning warning;
  warning.code = std::move(error.code);
  warning.message = std::move(error.message);
  warning.field = std::move(error.field);
  warning.file = std::move(error.file);
  warning.line = error.line;
  warning.column = error.column;
  warnings.push_back(std::move(warning));
}

bool NodeFile::must_write() const {
  if (!before || before->bytes != bytes) return true;
  const host::Metadata& now = before->metadata;
  return now.mode != metadata.mode || now.uid != metadata.uid || now.gid != metadata.gid;
}

bool Job::changes_something() const {
  return changes_server() || drop_in_removed || (drop_in && drop_in->must_write());
}

bool Job::changes_server() const {
  const auto installs = [](const NodeFile& file) { return file.must_write(); };
  return !plan.edits.empty() || (policy && policy->must_write()) ||
         (webhook && (webhook->config.must_write() ||
                      std::any_of(webhook->installed.begin(), webhook->installed.end(), installs)));
}

}  // namespace kaudit::cli
