#include "kaudit/cli/run.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

#include <sys/stat.h>

#include "console.hpp"
#include "kaudit/cli/options.hpp"
#include "verbs_run.hpp"

namespace kaudit::cli {
namespace {

int status_of(ExitStatus status) { return static_cast<int>(status); }

int run_command(int argc, char** argv) {
  Command command = parse_command_line(argc, argv);
  if (const auto* printout = std::get_if<Printout>(&command)) {
    return status_of(print(printout->text) ? ExitStatus::done : ExitStatus::host_refused);
  }
  if (const auto* error = std::get_if<Error>(&command)) {
    print_failure(wished_verb(argc, argv), wished_output(argc, argv), Color::automatic, *error);
    return status_of(error->status);
  }
  if (const auto* options = std::get_if<LintOptions>(&command)) return status_of(lint(*options));
  if (const auto* options = std::get_if<ExplainOptions>(&command)) return status_of(explain(*options));
  if (const auto* options = std::get_if<StatusOptions>(&command)) return status_of(status(*options));
  if (const auto* options = std::get_if<RollbackOptions>(&command)) return status_of(rollback(*options));
  if (const auto* options = std::get_if<VerifyOptions>(&command)) return status_of(verify(*options));
  if (const auto* options = std::get_if<GuardOptions>(&command)) return status_of(guard(*options));
  if (const auto* options = std::get_if<DisableOptions>(&command)) return status_of(disable(*options));
  return status_of(enable(std::get<EnableOptions>(command)));
}

}  // namespace

int run(int argc, char** argv) noexcept {
  // A reader that goes away (`| head`) is an error of the write, not the end of the program in the middle of a step.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  // Modes are given in full wherever something is made; a person's umask must not take anything from them.
  ::umask(S_IRWXG | S_IRWXO);
  try {
    return run_command(argc, argv);
  } catch (const std::exception& exception) {
    static_cast<void>(std::fprintf(stderr, "error: internal error: %s\n", exception.what()));
  }
  return status_of(ExitStatus::internal);
}

}  // namespace kaudit::cli
