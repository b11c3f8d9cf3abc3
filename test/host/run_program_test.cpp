#include "kaudit/host/run_program.hpp"

#include <chrono>
#include <csignal>

#include "support/proc.hpp"

#include "host/scratch.hpp"

using kaudit::host::ProgramResult;
using kaudit::host::run_program;
using kaudit::test::Scratch;

namespace {

constexpr std::size_t k_plenty = 65536;
constexpr int k_long = 20000;

ProgramResult shell(const std::string& script, std::size_t limit = k_plenty, int timeout_ms = k_long) {
  return run_program({"sh", "-c", script}, limit, timeout_ms);
}

}  // namespace

TEST_CASE("a program is run with its arguments as they are, without a shell", "[run-program]") {
  const ProgramResult result = run_program({"echo", "a b", "$HOME", "*"}, k_plenty, k_long);
  CHECK(result.started);
  CHECK(!result.timed_out);
  CHECK(result.exit_code == 0);
  CHECK(result.output == "a b $HOME *\n");
}

TEST_CASE("one that is not there is not started", "[run-program]") {
  CHECK(!run_program({"kaudit-no-such-program"}, k_plenty, k_long).started);
  CHECK(!run_program({}, k_plenty, k_long).started);
}

TEST_CASE("exit codes and signals are told as a shell tells them", "[run-program]") {
  CHECK(shell("exit 7").exit_code == 7);
  CHECK(shell("kill -TERM $$").exit_code == 128 + SIGTERM);
}

TEST_CASE("it reads nothing of ours, and sees only PATH", "[run-program]") {
  if (!kaudit::test::has_proc()) return;
  CHECK(shell("cat; readlink /proc/self/fd/0; echo unseen >&2").output == "/dev/null\n");
  REQUIRE(::setenv("KAUDIT_TEST_SECRET", "s3cret", 1) == 0);
  const std::string environment = run_program({"env"}, k_plenty, k_long).output;
  CHECK(environment.find("PATH=") != std::string::npos);
  CHECK(environment.find("s3cret") == std::string::npos);
  ::unsetenv("KAUDIT_TEST_SECRET");
}

TEST_CASE("of a long output the end is kept", "[run-program]") {
  CHECK(shell("seq 1 100000", 12).output == "9999\n100000\n");
  CHECK(shell("printf 123", 3).output == "123");
  CHECK(shell("printf 1234", 3).output == "234");
}

TEST_CASE("its time is limited, and that of what it started", "[run-program]") {
  const auto begin = std::chrono::steady_clock::now();
  const Scratch scratch;
  const std::string alive = scratch.at("/alive");
  for (const std::string& script : {std::string("echo a; sleep 60"), "echo a; (sleep 3; touch " + alive + ") & exit 0",
                                    "echo a; exec >&-; sleep 60; touch " + alive}) {
    CAPTURE(script);
    const ProgramResult result = shell(script, k_plenty, 300);
    CHECK(result.started);
    CHECK(result.timed_out);
    CHECK(result.output == "a\n");
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
  ::sleep(3);
  CHECK(!scratch.exists("/alive"));
}
