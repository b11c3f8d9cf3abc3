#include "kaudit/host/run_program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include <spawn.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kaudit/host/descriptor.hpp"
#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

using Clock = std::chrono::steady_clock;

/// posix_spawn's two lists, for as long as they are needed.
struct SpawnSettings {
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

/// A group of its own, so that what it starts can be ended with it, and signals as a fresh program has them.
void detach(posix_spawnattr_t& attributes) {
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Process id, or -1.
pid_t spawn(std::vector<std::string> arguments, int output) {
  SpawnSettings settings;
  ::posix_spawn_file_actions_addopen(&settings.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&settings.actions, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&settings.actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  detach(settings.attributes);
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  std::vector<std::string> environment = {std::string("PATH=") + (path == nullptr ? "/usr/bin:/bin" : path),
                                          "LC_ALL=C"};
  pid_t process = -1;
  const int failed = ::posix_spawnp(&process, arguments.front().c_str(), &settings.actions, &settings.attributes,
                                    pointers_to(arguments).data(), pointers_to(environment).data());
  return failed == 0 ? process : -1;
}

int milliseconds_until(Clock::time_point end) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
  return static_cast<int>(std::max<decltype(left)>(left, 0));
}

/// Reads until nobody writes any more, or the time is over.
void collect(int input, std::size_t limit, Clock::time_point end, std::string& output) {
  std::array<char, 16384> block{};
  while (true) {
    pollfd wait{input, POLLIN, 0};
    const int ready = ::poll(&wait, 1, milliseconds_until(end));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return;
    const ssize_t got = uninterrupted([&] { return ::read(input, block.data(), block.size()); });
    if (got <= 0) return;
    output.append(block.data(), static_cast<std::size_t>(got));
    if (output.size() / 2 > limit) output.erase(0, output.size() - limit);
  }
}

/// Whether `process` has ended. It is not waited for yet: until then nobody else can have its number, or its group's.
bool has_ended(pid_t process) {
  siginfo_t info{};
  const auto id = static_cast<id_t>(process);
  const int failed = uninterrupted([&] { return ::waitid(P_PID, id, &info, WEXITED | WNOHANG | WNOWAIT); });
  return failed != 0 || info.si_pid == process;
}

/// Waits for the end of `process`, until `end`, and kills what is left of it and its group.
void finish(pid_t process, Clock::time_point end, ProgramResult& result) {
  while (!has_ended(process) && milliseconds_until(end) > 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  result.timed_out = milliseconds_until(end) == 0;
  ::kill(-process, SIGKILL);
  int status = 0;
  if (uninterrupted([&] { return ::waitpid(process, &status, 0); }) != process) return;
  result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& arguments, std::size_t limit, int timeout_ms) {
  ProgramResult result;
  std::array<int, 2> ends{-1, -1};
  if (arguments.empty() || ::pipe2(ends.data(), O_CLOEXEC) != 0) return result;
  const Descriptor input(ends[0]);
  Descriptor output(ends[1]);
  const auto end = Clock::now() + std::chrono::milliseconds(timeout_ms);
  const pid_t process = spawn(arguments, output.get());
  output = Descriptor();
  if (process < 0) return result;
  result.started = true;
  collect(input.get(), limit, end, result.output);
  finish(process, end, result);
  if (result.output.size() > limit) result.output.erase(0, result.output.size() - limit);
  return result;
}

}  // namespace kaudit::host
