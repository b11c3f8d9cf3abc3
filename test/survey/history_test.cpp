#include "kaudit/survey/history.hpp"

#include "support/catch.hpp"

#include "kaudit/base/units.hpp"

using namespace kaudit::survey;
using kaudit::k_megabyte;
using By = Rotation::By;
using Bound = History::Bound;

namespace {

History history(By by, std::uint64_t size, std::int64_t backups, std::int64_t age, std::optional<double> rate) {
  return history_of({by, size, backups, age}, rate);
}

}  // namespace

TEST_CASE("history is as many files as are kept, at most as old as they may be", "[history]") {
  const double ten_mb_a_day = 10.0 * k_megabyte;
  const History by_size = history(By::server, 100 * k_megabyte, 2, 40, ten_mb_a_day);
  CHECK(by_size.bound == Bound::size);
  CHECK(by_size.days == 30.0);
  const History by_age = history(By::logrotate, 100 * k_megabyte, 2, 20, ten_mb_a_day);
  CHECK(by_age.bound == Bound::age);
  CHECK(by_age.days == 20.0);
  CHECK(history(By::server, 100 * k_megabyte, 2, 0, ten_mb_a_day).days == 30.0);
}

TEST_CASE("without a number of backups only the age ends history, and without both nothing does", "[history]") {
  CHECK(history(By::server, 100 * k_megabyte, 0, 7, 1.0).days == 7.0);
  CHECK(history(By::server, 0, 3, 7, 1.0).days == 7.0);
  const History endless = history(By::server, 100 * k_megabyte, 0, 0, 1.0);
  CHECK(endless.bound == Bound::none);
  CHECK_FALSE(endless.days);
}

TEST_CASE("an unknown rate leaves open what the size would say", "[history]") {
  CHECK_FALSE(history(By::server, k_megabyte, 1, 0, std::nullopt).days);
  CHECK_FALSE(history(By::server, k_megabyte, 1, 30, std::nullopt).days);
}

TEST_CASE("a file that nobody can rotate is full once", "[history]") {
  const History stop = history(By::nobody, 100 * k_megabyte, 10, 30, 50.0 * k_megabyte);
  CHECK(stop.bound == Bound::stop);
  CHECK(stop.days == 2.0);
  CHECK(history(By::nobody, 0, 10, 30, 1.0).bound == Bound::none);
}
