#include "host/scratch.hpp"
#include "kaudit/node/logrotate.hpp"

using kaudit::node::LogrotateSchedule;
using kaudit::test::Scratch;
using Frequency = LogrotateSchedule::Frequency;

namespace {

/// A node that has logrotate; who runs it is up to the test.
struct ScheduledNode {
  ScheduledNode() { scratch.write("/usr/sbin/logrotate", "x", 0755); }
  [[nodiscard]] LogrotateSchedule schedule() const { return kaudit::node::find_logrotate(scratch.root()).schedule; }
  void enable_timer(const std::string& setting) const {
    scratch.write("/usr/lib/systemd/system/logrotate.timer",
                  "[Unit]\nDescription=x\n[Timer]\n# OnCalendar=monthly\n" + setting + "\nAccuracySec=1h\n", 0644);
    scratch.make_directory("/etc/systemd/system/timers.target.wants");
    if (scratch.exists("/etc/systemd/system/timers.target.wants/logrotate.timer")) return;
    scratch.link("/usr/lib/systemd/system/logrotate.timer", "/etc/systemd/system/timers.target.wants/logrotate.timer");
  }
  Scratch scratch;
};

constexpr const char* k_cron = "/usr/sbin/logrotate /etc/logrotate.conf\n";

}  // namespace

TEST_CASE("nothing that runs logrotate is found", "[logrotate-schedule]") {
  const ScheduledNode node;
  CHECK(node.schedule().frequency == Frequency::none_found);
  // A timer that nobody enabled does not run; a script that only speaks of it does not run it.
  node.scratch.write("/usr/lib/systemd/system/logrotate.timer", "[Timer]\nOnCalendar=daily\n", 0644);
  node.scratch.write("/etc/cron.daily/other", "#!/bin/sh\n# logrotate\ntrue\n", 0755);
  CHECK(node.schedule().frequency == Frequency::none_found);
}

TEST_CASE("a systemd timer tells how often it elapses", "[logrotate-schedule]") {
  const ScheduledNode node;
  const auto [setting, frequency, words] = GENERATE(table<const char*, Frequency, const char*>({
      {"OnCalendar=daily", Frequency::daily, "daily"},
      {"OnCalendar = hourly", Frequency::hourly, "hourly"},
      {"OnCalendar=*:0/15", Frequency::hourly, "OnCalendar=*:0/15"},
      {"OnCalendar=*-*-* *:00:00", Frequency::hourly, "OnCalendar=*-*-* *:00:00"},
      {"OnCalendar=*-*-* 03:00", Frequency::daily, "OnCalendar=*-*-* 03:00"},
      {"OnCalendar=*-*-* 0/6:00", Frequency::other, "OnCalendar=*-*-* 0/6:00"},
      {"OnCalendar=Mon *-*-* 00:00", Frequency::other, "OnCalendar=Mon *-*-* 00:00"},
      {"OnCalendar=monthly", Frequency::weekly, "monthly"},
      {"OnUnitActiveSec=5min", Frequency::other, "OnUnitActiveSec=5min"},
      {"OnCalendar=daily\nOnCalendar=hourly", Frequency::hourly, "hourly"},
  }));
  INFO(setting);
  node.enable_timer(setting);
  const LogrotateSchedule schedule = node.schedule();
  CHECK(schedule.frequency == frequency);
  CHECK(schedule.words == words);
  CHECK(schedule.source == "/usr/lib/systemd/system/logrotate.timer");
}

TEST_CASE("a drop-in changes the timer, and a mask switches it off", "[logrotate-schedule]") {
  const ScheduledNode node;
  node.enable_timer("OnCalendar=daily");
  const std::string drop_in = "/etc/systemd/system/logrotate.timer.d/often.conf";
  node.scratch.write(drop_in, "[Timer]\nOnCalendar=\nOnCalendar=hourly\n", 0644);
  CHECK(node.schedule().frequency == Frequency::hourly);
  CHECK(node.schedule().source == drop_in);
  node.scratch.write(drop_in, "[Timer]\nOnCalendar=\n", 0644);
  CHECK(node.schedule().frequency == Frequency::none_found);
  node.scratch.write(drop_in, "", 0644);
  CHECK(node.schedule().frequency == Frequency::daily);
  node.scratch.link("/dev/null", "/etc/systemd/system/logrotate.timer");
  CHECK(node.schedule().frequency == Frequency::none_found);
}

TEST_CASE("cron runs it, too, and the most frequent job counts", "[logrotate-schedule]") {
  const ScheduledNode node;
  node.scratch.write("/etc/cron.daily/logrotate", k_cron, 0755);
  CHECK(node.schedule().frequency == Frequency::daily);
  CHECK(node.schedule().source == "/etc/cron.daily/logrotate");
  node.scratch.write("/etc/cron.d/rotate",
                     "# logrotate\nSHELL=/bin/sh\n17 *\t* * * root logrotate /etc/logrotate.conf\n");
  CHECK(node.schedule().frequency == Frequency::hourly);
  CHECK(node.schedule().words == "cron: 17 * * * *");
}

TEST_CASE("a crontab's line tells how often", "[logrotate-schedule]") {
  const ScheduledNode node;
  const auto [line, frequency] = GENERATE(table<const char*, Frequency>({
      {"*/5 * * * * root logrotate x", Frequency::hourly},
      {"25 6 * * * root /usr/sbin/logrotate x", Frequency::daily},
      {"25 */6 * * * root logrotate x", Frequency::other},
      {"25 6 * * 7 root logrotate x", Frequency::other},
      {"@hourly root logrotate x", Frequency::hourly},
      {"@daily root logrotate x", Frequency::daily},
      {"#@daily root logrotate x", Frequency::none_found},
      {"1 2 logrotate", Frequency::none_found},
  }));
  INFO(line);
  node.scratch.write("/etc/crontab", std::string(line) + "\n");
  CHECK(node.schedule().frequency == frequency);
}

TEST_CASE("Debian's cron job leaves it to the timer where systemd is at work", "[logrotate-schedule]") {
  const ScheduledNode node;
  node.scratch.write("/etc/cron.daily/logrotate",
                     std::string("if [ -d /run/systemd/system ]; then\n    exit 0\nfi\n") + k_cron, 0755);
  CHECK(node.schedule().frequency == Frequency::daily);
  node.scratch.make_directory("/run/systemd/system");
  CHECK(node.schedule().frequency == Frequency::none_found);
}

TEST_CASE("where systemd lets logrotate write nothing, it can rotate nothing", "[logrotate-schedule]") {
  const ScheduledNode node;
  node.enable_timer("OnCalendar=daily");
  const std::string service = "/usr/lib/systemd/system/logrotate.service";
  const auto with = [&](const std::string& settings) {
    node.scratch.write(service, "[Service]\n# ProtectSystem=strict\n" + settings + "\n", 0644);
    return node.schedule();
  };
  CHECK(with("").reaches("/etc/kubernetes/audit.log"));
  const LogrotateSchedule debian = with("PrivateTmp=true\nProtectSystem=full");
  for (const char* path :
       {"/etc/kubernetes/audit.log", "/usr/audit.log", "/boot/audit.log", "/tmp/a.log", "/var/tmp/a.log"}) {
    CAPTURE(path);
    CHECK_FALSE(debian.reaches(path));
  }
  for (const char* path : {"/var/log/audit.log", "/etcetera/audit.log", "/root/audit.log", "/srv/tmp/audit.log"}) {
    CAPTURE(path);
    CHECK(debian.reaches(path));
  }
  CHECK(with("ProtectSystem=yes").reaches("/etc/audit.log"));
  CHECK_FALSE(with("ProtectHome=read-only").reaches("/root/audit.log"));
  CHECK(with("ProtectHome=no").reaches("/root/audit.log"));
  const LogrotateSchedule strict = with("ProtectSystem=strict\nReadWritePaths=-/var/log +/srv/logs");
  CHECK(strict.reaches("/var/log/kube/audit.log"));
  CHECK(strict.reaches("/srv/logs/audit.log"));
  CHECK_FALSE(strict.reaches("/srv/audit.log"));
  CHECK_FALSE(with("ReadOnlyPaths=/var/log").reaches("/var/log/audit.log"));
  CHECK(with("ReadOnlyPaths=/var/log\nReadOnlyPaths=").reaches("/var/log/audit.log"));
  with("ProtectSystem=full");
  node.scratch.write("/etc/systemd/system/logrotate.service.d/a.conf", "[Service]\nReadWritePaths=/etc/kubernetes\n",
                     0644);
  CHECK(node.schedule().reaches("/etc/kubernetes/audit.log"));
  // What cron starts more often is not shut in.
  node.scratch.write("/etc/cron.hourly/logrotate", k_cron, 0755);
  CHECK(node.schedule().reaches("/usr/audit.log"));
}
