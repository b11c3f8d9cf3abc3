#include "kaudit/host/process_handle.hpp"

#include <csignal>

#include "support/catch.hpp"
#include "support/proc.hpp"
#include "support/sleeper.hpp"

#include "host/child.hpp"

using kaudit::host::identify;
using kaudit::host::ProcessHandle;
using kaudit::test::Child;

TEST_CASE("the process that is held gets one SIGTERM", "[processes]") {
  if (!kaudit::test::has_proc()) return;
  kaudit::test::Sleeper sleeper("sleeper");
  const auto handle = ProcessHandle::open(sleeper.id());
  REQUIRE(handle);
  REQUIRE(handle->terminate());
  CHECK(sleeper.wait_for_end() == SIGTERM);
  const auto again = handle->terminate();
  REQUIRE_FALSE(again);
  CHECK(again.error().code == "gone");
}

TEST_CASE("another process with the same number is not held", "[processes]") {
  if (!kaudit::test::has_proc()) return;
  const Child child;
  auto process = identify(child.pid());
  REQUIRE(process);
  --process->start_time;
  const auto handle = ProcessHandle::open(*process);
  REQUIRE_FALSE(handle);
  CHECK(handle.error().code == "gone");
  CHECK(identify(child.pid()));
}

TEST_CASE("one that has ended is not held, waited for or not", "[processes]") {
  if (!kaudit::test::has_proc()) return;
  const Child child;
  const auto process = identify(child.pid());
  REQUIRE(process);
  child.end();
  CHECK_FALSE(ProcessHandle::open(*process));
  child.wait();
  const auto handle = ProcessHandle::open(*process);
  REQUIRE_FALSE(handle);
  CHECK(handle.error().code == "gone");
}
