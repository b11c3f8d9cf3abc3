#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "kaudit/base/exit_status.hpp"

namespace kaudit {

/// Why a step could not be done. An Error always ends the run; what a user's file merely deserves
/// to be told about is a text::Diagnostic or a Warning instead.
///
/// It is complete when it is made: whoever prints it adds nothing to its meaning. The first line
/// printed is `file:line:column: field: message`, where the parts that are empty are left out.
struct Error {
  ExitStatus status = ExitStatus::internal;
  /// A stable kebab-case word for programs and for `--ignore`: "stray-pod", "symlink", "no-space".
  std::string code;
  /// Lower case, specific, no final full stop. For system calls: operation, path, reason.
  std::string message;
  /// What to do about it. May be empty.
  std::string hint;
  /// The file it is about, as the user would name it. May be empty.
  std::string file;
  /// 1-based; 0 = no position. Columns count bytes.
  std::size_t line = 0;
  std::size_t column = 0;
  /// The field's path in Kubernetes' spelling, `spec.volumes[1].name`. May be empty.
  std::string field;
  /// The source line the position is on, without its line ending. May be empty.
  std::string excerpt;
  /// Further things that went wrong on the way out (an undo that failed, other findings), each a
  /// complete line of its own.
  std::vector<std::string> also;
};

/// Something the user must be told although the run goes on. Printed every time (promise 8).
struct Warning {
  std::string code;
  std::string message;
  std::string field = {};
  std::string file = {};
  /// 1-based; 0 = no position.
  std::size_t line = 0;
  std::size_t column = 0;
};

/// A broken invariant of our own code: status 70.
[[nodiscard]] Error internal_error(std::string message);

/// A command line that asks for something impossible: status 2.
[[nodiscard]] Error usage_error(std::string message, std::string hint = {});

/// Whole text of an error as people see it, lines separated by '\n', ending in one: first line,
/// source line and caret (when there is a position), `also` lines, hint.
[[nodiscard]] std::string to_text(const Error& error);

}  // namespace kaudit
