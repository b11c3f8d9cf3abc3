#include "kaudit/node/audit_log.hpp"

#include <cmath>
#include <ctime>

#include <sys/stat.h>

#include "host/scratch.hpp"
#include "kaudit/base/utc.hpp"

using namespace kaudit;
using node::AuditLog;
using node::Beginning;
using node::events_in;
using node::look_at_audit_log;
using node::rotated_by;
using node::RotatedBy;
using node::time_of_event;
using test::Scratch;

namespace {

constexpr double k_noon = 1769860800;  // 2026-01-31T12:00:00Z

std::string stamp(double time) {
  std::string text = to_utc_text(time);
  return text.substr(0, text.size() - 1) + ".000000Z";
}

std::string event(double time, const std::string& object = "{}") {
  return R"({"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","requestObject":)" + object +
         R"(,"requestReceivedTimestamp":")" + stamp(time - 1) + R"(","stageTimestamp":")" + stamp(time) +
         R"(","annotations":{"authorization.k8s.io/decision":"allow"}})";
}

void set_modified(const Scratch& scratch, const std::string& path, double time) {
  const timespec at{static_cast<time_t>(time), 0};
  const timespec times[2] = {at, at};
  REQUIRE(::utimensat(AT_FDCWD, scratch.at(path).c_str(), times, 0) == 0);
}

}  // namespace

TEST_CASE("the files of a log are known by their names", "[audit-log]") {
  struct Case {
    const char* name;
    RotatedBy by;
  };
  for (const Case& one : {Case{"audit-2026-01-31T12-00-00.123.log", RotatedBy::server},
                          {"audit-2026-01-31T12-00-00.123.log.gz", RotatedBy::server},
                          {"audit-2026-01-31.log", RotatedBy::nobody},
                          {"audit-2026-01-31T12-00-00.123.log.xz", RotatedBy::nobody},
                          {"audit.log.1", RotatedBy::logrotate},
                          {"audit.log.12.gz", RotatedBy::logrotate},
                          {"audit.log.1.zst", RotatedBy::logrotate},
                          {"audit.log-20260131", RotatedBy::logrotate},
                          {"audit.log-20260131-1769860800.gz", RotatedBy::logrotate},
                          {"audit.log", RotatedBy::nobody},
                          {"audit.log.", RotatedBy::nobody},
                          {"audit.log.gz", RotatedBy::nobody},
                          {"audit.log.1.bak", RotatedBy::nobody},
                          {"audit.log-2026", RotatedBy::nobody},
                          {"audit.log-20260131x", RotatedBy::nobody},
                          {"audit.logger.1", RotatedBy::nobody},
                          {"my-audit.log.1", RotatedBy::nobody},
                          {"", RotatedBy::nobody}}) {
    CAPTURE(one.name);
    CHECK(rotated_by(one.name, "audit.log") == one.by);
  }
  CHECK(rotated_by("audit-2026-01-31T12-00-00.123", "audit") == RotatedBy::server);
  CHECK(rotated_by("audit.3", "audit") == RotatedBy::logrotate);
}

TEST_CASE("an event's time is that of its stage", "[audit-log]") {
  CHECK(time_of_event(event(k_noon)) == k_noon);
  CHECK(time_of_event(event(k_noon) + "\r") == k_noon);
  CHECK(time_of_event(event(k_noon, R"({"stageTimestamp":"2001-01-01T00:00:00Z"})")) == k_noon);
  CHECK(time_of_event(R"(2026-01-31T12:00:00Z AUDIT: id="1" stage="ResponseComplete")") == k_noon);
  for (const std::string& line :
       {std::string(), std::string("{"), std::string("{}"), std::string("\0\0", 2), std::string("nonsense"),
        event(k_noon).substr(0, 200), std::string(R"({"stageTimestamp":"yesterday"})"), std::string(" AUDIT: "),
        std::string(R"({"stageTimestamp":"2026-01-31T12:00:00Z")")}) {
    CAPTURE(line);
    CHECK_FALSE(time_of_event(line));
  }
}

TEST_CASE("the events of a text are counted from the first whole one to the last", "[audit-log]") {
  const std::string lines = event(k_noon) + "\nbroken\n" + event(k_noon + 20) + "\n";
  const auto span = events_in("rubbish\n" + lines + "{\"half", Beginning::whole);
  REQUIRE(span);
  CHECK(span->events == 3);
  CHECK(span->bytes == lines.size());
  CHECK(span->first == k_noon);
  CHECK(span->seconds() == 20);
  const auto cut = events_in(event(k_noon) + "\n" + event(k_noon + 5) + "\nrubbish\n", Beginning::cut);
  REQUIRE(cut);
  CHECK(cut->events == 1);
  CHECK(cut->first == k_noon + 5);
  CHECK(cut->last == k_noon + 5);
  for (const std::string& text : {std::string(), std::string("\n"), std::string("\n\n\n"), event(k_noon),
                                  std::string("a\nb\n"), std::string(1000, '\0')}) {
    CAPTURE(text);
    CHECK_FALSE(events_in(text, Beginning::whole));
    CHECK_FALSE(events_in(text, Beginning::cut));
  }
  CHECK_FALSE(events_in(event(k_noon) + "\n", Beginning::cut));
}

TEST_CASE("a log is measured with its rotated files", "[audit-log]") {
  const Scratch scratch;
  std::string lines;
  for (int i = 0; i <= 100; ++i) lines += event(k_noon + i) + "\n";
  scratch.write("/log/audit.log", lines + "{\"kind\":");
  scratch.write("/log/audit.log.1", event(k_noon - 500) + "\n");
  scratch.write("/log/audit-2026-01-30T12-00-00.123.log", event(k_noon - 90000) + "\n" + event(k_noon - 86400) + "\n");
  scratch.write("/log/other.log", "xxx");
  set_modified(scratch, "/log/audit.log.1", k_noon - 400);
  set_modified(scratch, "/log/audit-2026-01-30T12-00-00.123.log", k_noon - 86400);
  const AuditLog log = look_at_audit_log(scratch.root(), "/log/audit.log");
  CHECK(log.state == AuditLog::State::file);
  CHECK(log.size == lines.size() + 8);
  CHECK(log.rotated_files == 2);
  CHECK(log.rotated_size == 3 * (event(k_noon).size() + 1));
  CHECK(log.events_per_second() == 1.0);
  CHECK(std::abs(*log.bytes_per_day() - 86400.0 * static_cast<double>(event(k_noon).size() + 1)) < 1);
  CHECK(log.oldest == k_noon - 90000);
  CHECK(log.oldest_is == AuditLog::Oldest::exact);
}

TEST_CASE("of a log that was truncated just now, the newest rotated file tells what came last", "[audit-log]") {
  const Scratch scratch;
  scratch.write("/log/audit.log", "");
  scratch.write("/log/audit.log.1", event(k_noon - 100) + "\n" + event(k_noon - 50) + "\n");
  scratch.write("/log/audit.log.2", event(k_noon - 900) + "\n");
  scratch.write("/log/audit.log.3.gz", "xxx");
  set_modified(scratch, "/log/audit.log.1", k_noon - 50);
  set_modified(scratch, "/log/audit.log.2", k_noon - 900);
  set_modified(scratch, "/log/audit.log.3.gz", k_noon - 10);
  const AuditLog log = look_at_audit_log(scratch.root(), "/log/audit.log");
  CHECK(log.size == 0);
  REQUIRE(log.recent);
  CHECK(log.recent->last == k_noon - 50);
  scratch.write("/log/audit.log", "x\n");
  CHECK_FALSE(look_at_audit_log(scratch.root(), "/log/audit.log").recent);
}

TEST_CASE("a few events of one moment have no rate", "[audit-log]") {
  AuditLog log;
  log.recent = node::EventSpan{5, 5000, k_noon, k_noon + 9.9};
  CHECK_FALSE(log.events_per_second());
  CHECK_FALSE(log.bytes_per_day());
  log.recent->last = k_noon + 10;
  CHECK(log.events_per_second() == 0.4);
  CHECK(log.bytes_per_day() == 0.4 * 1000 * 86400);
  log.recent->events = 1;
  CHECK_FALSE(log.events_per_second());
}

TEST_CASE("of a compressed file only the time is known that it was written last", "[audit-log]") {
  const Scratch scratch;
  scratch.write("/log/audit.log", event(k_noon) + "\n");
  scratch.write("/log/audit.log.2.gz", "\x1f\x8b");
  set_modified(scratch, "/log/audit.log.2.gz", k_noon - 1000);
  const AuditLog log = look_at_audit_log(scratch.root(), "/log/audit.log");
  CHECK(log.oldest == k_noon - 1000);
  CHECK(log.oldest_is == AuditLog::Oldest::at_most);
  CHECK_FALSE(log.events_per_second());
  CHECK_FALSE(log.bytes_per_day());
}

TEST_CASE("a huge log is read at both ends only", "[audit-log]") {
  const Scratch scratch;
  scratch.write("/audit.log", event(k_noon) + "\n");
  REQUIRE(::truncate(scratch.at("/audit.log").c_str(), off_t{10} << 30) == 0);
  std::ofstream(scratch.at("/audit.log"), std::ios::app) << "\n" << event(k_noon + 7200) << "\n";
  const AuditLog log = look_at_audit_log(scratch.root(), "/audit.log");
  CHECK(log.size > std::uint64_t{10} << 30U);
  CHECK(log.oldest == k_noon);
  REQUIRE(log.recent);
  CHECK(log.recent->last == k_noon + 7200);
  CHECK(log.recent->events == 1);
}

TEST_CASE("what is no log is said", "[audit-log]") {
  const Scratch scratch;
  CHECK(look_at_audit_log(scratch.root(), "/nowhere/audit.log").state == AuditLog::State::missing);
  CHECK(look_at_audit_log(scratch.root(), "/audit.log").state == AuditLog::State::missing);
  scratch.fifo("/fifo");
  scratch.make_directory("/directory");
  for (const char* path : {"/fifo", "/directory"}) {
    const AuditLog log = look_at_audit_log(scratch.root(), path);
    CHECK(log.state == AuditLog::State::unreadable);
    CHECK_FALSE(log.detail.empty());
  }
  for (const std::string& bytes : {std::string(), std::string("\0\x01\xff\n\n", 5), std::string(100000, 'x')}) {
    scratch.write("/audit.log", bytes);
    const AuditLog log = look_at_audit_log(scratch.root(), "/audit.log");
    CHECK(log.state == AuditLog::State::file);
    CHECK(log.size == bytes.size());
    CHECK_FALSE(log.recent);
    CHECK_FALSE(log.oldest);
  }
}
