#include "kaudit/host/processes.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <sys/prctl.h>
#include <unistd.h>

#include "support/catch.hpp"
#include "support/proc.hpp"

#include "host/child.hpp"
#include "kaudit/host/clock.hpp"

using kaudit::host::identify;
using kaudit::host::is_running;
using kaudit::host::processes_called;
using kaudit::test::Child;

namespace {

/// This process by another name, as ps(1) shows it, for the length of a test.
class CalledOtherwise {
 public:
  explicit CalledOtherwise(const char* name) {
    ::prctl(PR_GET_NAME, m_before);
    ::prctl(PR_SET_NAME, name);
  }
  CalledOtherwise(const CalledOtherwise&) = delete;
  CalledOtherwise& operator=(const CalledOtherwise&) = delete;
  ~CalledOtherwise() { ::prctl(PR_SET_NAME, m_before); }

 private:
  char m_before[16] = {};
};

std::string own_name() { return std::filesystem::read_symlink("/proc/self/exe").filename().string(); }

}  // namespace

TEST_CASE("a process is the same one as long as it lives", "[processes]") {
  if (!kaudit::test::has_proc()) return;
  const auto self = identify(::getpid());
  REQUIRE(self);
  CHECK(self->pid == ::getpid());
  CHECK(self->start_time > 0);
  CHECK(identify(::getpid()) == self);
  CHECK(is_running(*self));
}

TEST_CASE("a process started before now, and a child after its parent", "[processes]") {
  if (!kaudit::test::has_proc()) return;
  const double before = kaudit::host::seconds_since_epoch();
  const Child child;
  const auto self = kaudit::host::started_at(identify(::getpid()).value());
  const auto started = kaudit::host::started_at(identify(child.pid()).value());
  REQUIRE(self);
  REQUIRE(started);
  constexpr double k_tick = 0.02;
  CHECK(*self <= before + k_tick);
  CHECK(*started >= before - k_tick);
  CHECK(*started <= kaudit::host::seconds_since_epoch() + k_tick);
}

TEST_CASE("a pid that was given to a later process is another process", "[processes]") {
  if (!kaudit::test::has_proc()) return;
  auto earlier = identify(::getpid());
  REQUIRE(earlier);
  --earlier->start_time;
  CHECK_FALSE(is_running(*earlier));
}

TEST_CASE("blanks and parentheses in a program's name do not shift its fields", "[processes]") {
  const auto before = identify(::getpid());
  for (const char* name : {"a) Z 1 2 (b", "x y", ") )", "("}) {
    const CalledOtherwise called(name);
    CHECK(identify(::getpid()) == before);
  }
}

TEST_CASE("a process that has ended is not running, waited for or not", "[processes]") {
  if (!kaudit::test::has_proc()) return;
  const Child child;
  const auto process = identify(child.pid());
  REQUIRE(process);
  CHECK(is_running(*process));
  child.end();
  std::ifstream stat("/proc/" + std::to_string(child.pid()) + "/stat");
  std::string text;
  std::getline(stat, text);
  REQUIRE(text.find(") Z ") != std::string::npos);  // a zombie
  CHECK_FALSE(is_running(*process));
  CHECK_FALSE(identify(child.pid()));
  child.wait();
  CHECK_FALSE(is_running(*process));
  CHECK_FALSE(identify(child.pid()));
}

TEST_CASE("processes are found by the file name of their program", "[processes]") {
  if (!kaudit::test::has_proc()) return;
  const Child child;  // a copy of this program, arguments included
  const auto found = processes_called(own_name());
  const auto has = [&](int pid) {
    return std::count_if(found.begin(), found.end(), [&](const auto& process) { return process.pid == pid; }) == 1;
  };
  CHECK(has(::getpid()));
  CHECK(has(child.pid()));
  CHECK(std::is_sorted(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.pid < b.pid; }));
  CHECK(processes_called("no-such-program-of-kaudit").empty());
  child.end();  // a zombie has no arguments any more
  for (const auto& process : processes_called(own_name())) CHECK(process.pid != child.pid());
}

TEST_CASE("a command line is read whole, by pid and by name", "[processes]") {
  if (!kaudit::test::has_proc()) return;
  const auto own = kaudit::host::command_line_of(::getpid());
  REQUIRE_FALSE(own.empty());
  CHECK(std::filesystem::path(own.front()).filename() == own_name());
  CHECK_FALSE(kaudit::host::command_line_of(own_name()).empty());
  CHECK(kaudit::host::command_line_of(std::string("no-such-program-of-kaudit")).empty());
  const Child child;
  child.end();
  CHECK(kaudit::host::command_line_of(child.pid()).empty());
}
