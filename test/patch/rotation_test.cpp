#include <cstdint>
#include <limits>

#include "planned.hpp"
#include "samples.hpp"

using kaudit::patch::Desired;
using kaudit::patch::k_max_size_never_reached_mb;
using kaudit::patch::LogVolume;
using kaudit::patch::Plan;
using kaudit::patch::Rotator;

namespace {

const std::string k_never = "--audit-log-maxsize=2147483647";

/// The README's job on a node whose logrotate would read a drop-in.
Desired able_job() {
  Desired desired = readme_job();
  desired.rotation.is_logrotate_able = true;
  return desired;
}

/// What an earlier run left: the manifest, and a drop-in with this size.
struct Earlier {
  explicit Earlier(std::int64_t size_mb = 64) {
    Desired desired = able_job();
    desired.max_size_mb = size_mb;
    auto plan = planned(samples::kubeadm(), desired);
    REQUIRE(plan);
    manifest = plan->new_text;
    now.rotation.has_drop_in = true;
    now.rotation.is_logrotate_able = true;
    now.rotation.drop_in_size_mb = size_mb;
  }
  std::string manifest;
  Desired now;
};

}  // namespace

TEST_CASE("the size that is never reached is one that every server takes", "[rotation]") {
  // A Go int of a 32-bit machine, and as bytes an int64 with room for what is written.
  CHECK(k_max_size_never_reached_mb <= std::numeric_limits<std::int32_t>::max());
  CHECK(k_max_size_never_reached_mb <= std::numeric_limits<std::int64_t>::max() / (1 << 20) / 2);
  CHECK(k_never == "--audit-log-maxsize=" + std::to_string(k_max_size_never_reached_mb));
}

TEST_CASE("where the node has logrotate it rotates a log that is mounted as a single file", "[rotation]") {
  const auto plan = planned(samples::kubeadm(), able_job());
  REQUIRE(plan);
  CHECK(plan->rotator == Rotator::logrotate);
  CHECK(contains(plan->new_text, k_never));
  CHECK(contains(plan->new_text, "--audit-log-maxage=30"));
  CHECK(contains(plan->new_text, "--audit-log-maxbackup=10"));
  CHECK(plan->log_max_size_mb == 100);
  CHECK(plan->log_max_backups == 10);
  CHECK(plan->log_max_age_days == 30);
  CHECK_FALSE(has_warning(*plan, "log-cannot-rotate"));
  CHECK_FALSE(has_warning(*plan, "log-unbounded"));
}

TEST_CASE("without logrotate, or on demand, the server is left to it, and the plan says what that means",
          "[rotation]") {
  Desired desired = able_job();
  SECTION("no logrotate") { desired.rotation.is_logrotate_able = false; }
  SECTION("--rotate server") { desired.rotation.rotator = Rotator::server; }
  const auto plan = planned(samples::kubeadm(), desired);
  REQUIRE(plan);
  CHECK(plan->rotator == Rotator::server);
  CHECK(contains(plan->new_text, "--audit-log-maxsize=100"));
  CHECK(has_warning(*plan, "log-cannot-rotate"));
}

TEST_CASE("a log in its own directory is the server's to rotate", "[rotation]") {
  Desired desired = able_job();
  desired.log_volume = LogVolume::directory;
  desired.log_path = "/var/log/kubernetes/audit/audit.log";
  const auto plan = planned(samples::kubeadm(), desired);
  REQUIRE(plan);
  CHECK(plan->rotator == Rotator::server);
  CHECK(contains(plan->new_text, "--audit-log-maxsize=100"));
}

TEST_CASE("logrotate cannot be demanded where it could do nothing", "[rotation]") {
  Desired desired = able_job();
  desired.rotation.rotator = Rotator::logrotate;
  const char* code = "rotate-needs-file";
  SECTION("stdout") { desired.log_path = "-"; }
  SECTION("no log") { desired.log_path.reset(); }
  SECTION("a directory") {
    desired.log_path = "/var/log/kubernetes/audit/audit.log";
    desired.log_volume = LogVolume::directory;
  }
  SECTION("max-size 0 means never") {
    desired.max_size_mb = 0;
    code = "rotate-needs-size";
  }
  const auto plan = planned(samples::kubeadm(), desired);
  REQUIRE_FALSE(plan);
  CHECK(plan.error().code == code);
  CHECK(plan.error().status == kaudit::ExitStatus::refused);
  CHECK_FALSE(plan.error().hint.empty());
}

TEST_CASE("max-size 0 is what it means to the server's version", "[rotation]") {
  Desired desired = able_job();
  desired.max_size_mb = 0;
  const auto never = planned(samples::kubeadm(), desired);
  REQUIRE(never);
  CHECK(never->rotator == Rotator::server);
  CHECK(contains(never->new_text, "--audit-log-maxsize=0"));
  desired.version = kaudit::kube::Version{1, 30};
  const auto hundred = planned(samples::kubeadm(), desired);
  REQUIRE(hundred);
  CHECK(hundred->rotator == Rotator::logrotate);
  CHECK(hundred->log_max_size_mb == 100);
}

TEST_CASE("max-size 0 takes the drop-in away: to logrotate it would mean at every run", "[rotation]") {
  Earlier earlier;
  earlier.now.max_size_mb = 0;
  const auto plan = planned(earlier.manifest, earlier.now);
  REQUIRE(plan);
  CHECK(plan->rotator == Rotator::server);
  CHECK(contains(plan->new_text, "--audit-log-maxsize=0"));
}

TEST_CASE("a log that nobody asked about is left as it is, and the remedy is named", "[rotation]") {
  Desired desired = able_job();
  desired.rotation.rotator = Rotator::server;
  const auto first = planned(samples::kubeadm(), desired);
  REQUIRE(first);
  Desired policy_only = able_job();
  policy_only.log_path.reset();
  policy_only.policy_digest = std::string(64, 'b');
  const auto second = planned(first->new_text, policy_only);
  REQUIRE(second);
  CHECK(second->rotator == Rotator::server);
  CHECK(contains(second->new_text, "--audit-log-maxsize=100"));
  REQUIRE(has_warning(*second, "log-cannot-rotate"));
  CHECK(contains(second->warnings.front().message, "--rotate logrotate"));
}

TEST_CASE("a run that asks for nothing of rotation keeps the drop-in and its size", "[rotation]") {
  Earlier earlier;
  earlier.now.log_path = "/var/log/prod-secrets.log";
  const auto plan = planned(earlier.manifest, earlier.now);
  REQUIRE(plan);
  CHECK(plan->edits.empty());
  CHECK(plan->rotator == Rotator::logrotate);
  CHECK(plan->log_max_size_mb == 64);
}

TEST_CASE("a new max-size is the drop-in's, not the server's", "[rotation]") {
  Earlier earlier;
  earlier.now.max_size_mb = 200;
  const auto plan = planned(earlier.manifest, earlier.now);
  REQUIRE(plan);
  CHECK(plan->edits.empty());
  CHECK(plan->log_max_size_mb == 200);
}

TEST_CASE("when the server is to rotate again it gets the size that the drop-in had", "[rotation]") {
  Earlier earlier;
  SECTION("on demand") { earlier.now.rotation.rotator = Rotator::server; }
  SECTION("in a directory") {
    earlier.now.log_path = "/var/log/kubernetes/audit/audit.log";
    earlier.now.log_volume = LogVolume::directory;
  }
  SECTION("to stdout, where the size waits for the next file") { earlier.now.log_path = "-"; }
  const auto plan = planned(earlier.manifest, earlier.now);
  REQUIRE(plan);
  CHECK(plan->rotator == Rotator::server);
  CHECK(contains(plan->new_text, "--audit-log-maxsize=64"));
  CHECK(plan->log_max_size_mb == 64);
}

TEST_CASE("a size given wins over the drop-in's on the way back, too", "[rotation]") {
  Earlier earlier;
  earlier.now.rotation.rotator = Rotator::server;
  earlier.now.max_size_mb = 7;
  const auto plan = planned(earlier.manifest, earlier.now);
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "--audit-log-maxsize=7"));
}

TEST_CASE("a server that never rotates, and no drop-in: said, and nobody's wish", "[rotation]") {
  Earlier earlier;
  earlier.now = Desired();
  earlier.now.max_age_days = 40;
  const auto left = planned(earlier.manifest, earlier.now);
  REQUIRE(left);
  CHECK(contains(left->new_text, k_never));
  CHECK(has_warning(*left, "log-unbounded"));
  Desired again = able_job();
  const auto renewed = planned(earlier.manifest, again);
  REQUIRE(renewed);
  CHECK(renewed->rotator == Rotator::logrotate);
  CHECK(renewed->log_max_size_mb == 100);
}

TEST_CASE("a log in a directory does not keep a size that is never reached", "[rotation]") {
  Earlier earlier;
  earlier.now = able_job();
  earlier.now.log_path = "/var/log/kubernetes/audit/audit.log";
  earlier.now.log_volume = LogVolume::directory;
  const auto plan = planned(earlier.manifest, earlier.now);
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "--audit-log-maxsize=100"));
}
