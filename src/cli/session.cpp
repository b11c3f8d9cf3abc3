#include "session.hpp"

#include <algorithm>

namespace kaudit::cli {

Status Session::refuse_surroundings(Error error) {
  if (std::find(options.ignore.begin(), options.ignore.end(), error.code) == options.ignore.end()) {
    error.hint += (error.hint.empty() ? "" : "; ") + ("--ignore " + error.code) + " goes on all the same";
    return error;
  }
  Warning warning;
  warning.code = error.code;
  warning.message = "ignored: " + error.message;
  warning.field = error.field;
  warning.file = error.file;
  warning.line = error.line;
  warning.column = error.column;
  warnings.push_back(std::move(warning));
  return Done{};
}

bool Job::changes_something() const {
  const auto installs = [](const NodeFile& file) { return file.must_write(); };
  return !plan.edits.empty() || (policy && policy->must_write()) ||
         (webhook && (webhook->config.must_write() ||
                      std::any_of(webhook->installed.begin(), webhook->installed.end(), installs)));
}

}  // namespace kaudit::cli
