#include "planned.hpp"
#include "samples.hpp"

using kaudit::patch::Desired;
using kaudit::patch::LogVolume;
using LogMount = kaudit::patch::Plan::LogMount;

namespace {

const std::string k_log_mount = "    - mountPath: /var/log/old.log\n      name: audit-log\n";
const std::string k_log_volume =
    "  - hostPath:\n      path: /var/log/old.log\n      type: FileOrCreate\n    name: audit-log\n";
const std::string k_log_flags =
    "    - --audit-log-maxage=1\n    - --audit-log-maxbackup=1\n    - --audit-log-maxsize=1\n"
    "    - --audit-log-path=/var/log/old.log\n";

std::string with_old_log() { return samples::kubeadm(k_log_flags, k_log_mount, k_log_volume); }

}  // namespace

TEST_CASE("the README's job mounts the policy read-only and the log writable, at the same paths", "[mounts]") {
  const auto plan = planned(samples::kubeadm(), readme_job());
  REQUIRE(plan);
  CHECK(contains(plan->new_text,
                 "    volumeMounts:\n"
                 "    - mountPath: /etc/kubernetes/prod-audit.yaml\n      name: audit\n      readOnly: true\n"
                 "    - mountPath: /var/log/prod-secrets.log\n      name: audit-log\n"
                 "    - mountPath: /etc/ssl/certs\n"));
  CHECK(contains(
      plan->new_text,
      "  volumes:\n"
      "  - hostPath:\n      path: /etc/kubernetes/prod-audit.yaml\n      type: File\n    name: audit\n"
      "  - hostPath:\n      path: /var/log/prod-secrets.log\n      type: FileOrCreate\n    name: audit-log\n"));
  CHECK(plan->log_mount == LogMount::file);
  CHECK(plan->log_host_path == "/var/log/prod-secrets.log");
  CHECK(has_warning(*plan, "log-cannot-rotate"));
}

TEST_CASE("a log in a directory of its own gets the directory mounted, so that rotation works", "[mounts]") {
  Desired desired = readme_job();
  desired.log_path = "/var/log/kubernetes/audit/audit.log";
  desired.log_directory_is_own = true;
  const auto plan = planned(samples::kubeadm(), desired);
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "path: /var/log/kubernetes/audit\n      type: DirectoryOrCreate\n"));
  CHECK(plan->log_mount == LogMount::directory);
  CHECK_FALSE(has_warning(*plan, "log-cannot-rotate"));
}

TEST_CASE("a directory of the system is never taken for a log's own", "[mounts]") {
  Desired desired = readme_job();
  desired.log_directory_is_own = true;
  const auto plan = planned(samples::kubeadm(), desired);
  REQUIRE(plan);
  CHECK(plan->log_mount == LogMount::file);
}

TEST_CASE("a moved log takes its old mount and volume with it when nothing else uses them", "[mounts]") {
  Desired desired;
  desired.log_path = "/var/log/new.log";
  const auto plan = planned(with_old_log(), desired);
  REQUIRE(plan);
  CHECK_FALSE(contains(plan->new_text, "old.log"));
  CHECK(contains(plan->new_text, "mountPath: /var/log/new.log\n      name: audit-log\n"));
}

TEST_CASE("a mount that something else on the command line names stays", "[mounts]") {
  std::string text = with_old_log();
  text.replace(text.find("    - --secure-port"), 0, "    - --profiling-path=/var/log/old.log\n");
  Desired desired;
  desired.log_path = "/var/log/new.log";
  const auto plan = planned(text, desired);
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "mountPath: /var/log/old.log"));
}

TEST_CASE("a file mount becomes a directory mount and back", "[mounts]") {
  Desired desired = readme_job();
  desired.log_path = "/var/log/kube/audit.log";
  desired.log_volume = LogVolume::file;
  const auto as_file = planned(samples::kubeadm(), desired);
  REQUIRE(as_file);
  desired.log_volume = LogVolume::directory;
  const auto as_directory = planned(as_file->new_text, desired);
  REQUIRE(as_directory);
  CHECK(as_directory->log_mount == LogMount::directory);
  CHECK(contains(as_directory->new_text, "mountPath: /var/log/kube\n"));
  CHECK_FALSE(contains(as_directory->new_text, "mountPath: /var/log/kube/audit.log"));
  desired.log_volume = LogVolume::file;
  const auto back = planned(as_directory->new_text, desired);
  REQUIRE(back);
  CHECK(back->new_text == as_file->new_text);
}

TEST_CASE("auto leaves a mount that covers the log as it is", "[mounts]") {
  Desired desired;
  desired.log_path = "/var/log/old.log";
  const auto plan = planned(with_old_log(), desired);
  REQUIRE(plan);
  CHECK(plan->edits.empty());
  CHECK(plan->log_mount == LogMount::file);
}

TEST_CASE("a parent directory mounted alike covers a path", "[mounts]") {
  const auto plan = planned(samples::kubeadm("", "    - mountPath: /etc/kubernetes\n      name: etc\n",
                                             "  - hostPath:\n      path: /etc/kubernetes/\n    name: etc\n"),
                            readme_job());
  REQUIRE(plan);
  CHECK_FALSE(contains(plan->new_text, "mountPath: /etc/kubernetes/prod-audit.yaml"));
}

TEST_CASE("a parent mounted from elsewhere does not cover it", "[mounts]") {
  const auto plan = planned(samples::kubeadm("", "    - mountPath: /etc/kubernetes\n      name: etc\n",
                                             "  - hostPath:\n      path: /srv/kubernetes\n    name: etc\n"),
                            readme_job());
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "mountPath: /etc/kubernetes/prod-audit.yaml"));
}

TEST_CASE("a read-only parent does not cover a log", "[mounts]") {
  const auto plan = planned(samples::kubeadm("", "    - mountPath: /var/log\n      name: log\n      readOnly: true\n",
                                             "  - hostPath:\n      path: /var/log\n    name: log\n"),
                            readme_job());
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "mountPath: /var/log/prod-secrets.log"));
}

TEST_CASE("a read-only mount of the log itself is made writable", "[mounts]") {
  Desired desired;
  desired.log_path = "/var/log/old.log";
  const auto plan =
      planned(samples::kubeadm(k_log_flags, k_log_mount + "      readOnly: true\n", k_log_volume), desired);
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "      readOnly: false\n"));
}

TEST_CASE("the same mountPath for another host path is refused where it stands", "[mounts]") {
  const auto plan = planned(samples::kubeadm("", "    - mountPath: /etc/kubernetes/prod-audit.yaml\n      name: x\n",
                                             "  - hostPath:\n      path: /srv/policy.yaml\n    name: x\n"),
                            readme_job());
  REQUIRE_FALSE(plan);
  CHECK(plan.error().code == "mount-path-taken");
  CHECK(plan.error().line != 0);
}

TEST_CASE("a name taken by something else gives way to the next free one", "[mounts]") {
  const auto plan = planned(samples::kubeadm("", "    - mountPath: /x\n      name: audit\n",
                                             "  - hostPath:\n      path: /x\n    name: audit\n"),
                            readme_job());
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "name: audit-2\n"));
}

TEST_CASE("a volume of the path that is not mounted yet is used", "[mounts]") {
  const auto plan = planned(
      samples::kubeadm(
          "", "", "  - hostPath:\n      path: /etc/kubernetes/prod-audit.yaml\n      type: File\n    name: there\n"),
      readme_job());
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "mountPath: /etc/kubernetes/prod-audit.yaml\n      name: there\n"));
}

TEST_CASE("an existing policy volume of a directory type is corrected to File", "[mounts]") {
  const auto plan =
      planned(samples::kubeadm(
                  "", "    - mountPath: /etc/kubernetes/prod-audit.yaml\n      name: audit\n      readOnly: true\n",
                  "  - hostPath:\n      path: /etc/kubernetes/prod-audit.yaml\n      type: DirectoryOrCreate\n"
                  "    name: audit\n"),
              readme_job());
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "path: /etc/kubernetes/prod-audit.yaml\n      type: File\n"));
}

TEST_CASE("the container's stdout needs no volume and is warned about", "[mounts]") {
  Desired desired = readme_job();
  desired.log_path = "-";
  const auto plan = planned(samples::kubeadm(), desired);
  REQUIRE(plan);
  CHECK_FALSE(contains(plan->new_text, "audit-log\n"));
  CHECK_FALSE(contains(plan->new_text, "maxage"));
  CHECK(has_warning(*plan, "log-stdout"));
}

TEST_CASE("what loses events is told even when nothing is to be done about it", "[mounts]") {
  Desired desired;
  desired.max_age_days = 1;
  const auto plan = planned(samples::kubeadm(k_log_flags), desired);
  REQUIRE(plan);
  CHECK(has_warning(*plan, "log-not-mounted"));
  CHECK(has_warning(*plan, "no-policy"));
}

TEST_CASE("a directory of the system is neither mounted for a log nor made writable for one", "[mounts]") {
  Desired desired = readme_job();
  desired.log_volume = LogVolume::directory;
  desired.log_path = "/etc/audit.log";
  CHECK_FALSE(planned(samples::kubeadm(), desired));
  desired.log_path = "/etc/kubernetes/pki/audit.log";
  CHECK_FALSE(planned(samples::kubeadm(), desired));
}

TEST_CASE("nothing can lie below a mount of a single file", "[mounts]") {
  Desired desired = readme_job();
  desired.log_path = "/var/log/old.log/audit.log";
  const auto plan = planned(with_old_log(), desired);
  REQUIRE_FALSE(plan);
  CHECK(plan.error().code == "mount-path-taken");
}

TEST_CASE("what the kubelet would refuse about the result is refused, whatever made it so", "[mounts]") {
  Desired desired = readme_job();
  desired.log_path = "/etc/kubernetes/prod-audit.yaml";
  const auto plan = planned(samples::kubeadm(), desired);
  REQUIRE_FALSE(plan);
  CHECK(plan.error().status == kaudit::ExitStatus::refused);
  CHECK(plan.error().code == "invalid-result");
}

TEST_CASE("a moved policy does not take the certificates with it that Go finds without a flag", "[mounts]") {
  const auto plan = planned(samples::kubeadm("    - --audit-policy-file=/etc/pki/audit.yaml\n",
                                             "    - mountPath: /etc/pki\n      name: etc-pki\n      readOnly: true\n",
                                             "  - hostPath:\n      path: /etc/pki\n    name: etc-pki\n"),
                            readme_job());
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "mountPath: /etc/pki\n"));
}

TEST_CASE("a mount that is read-only recursively is refused, not half changed", "[mounts]") {
  Desired desired;
  desired.log_path = "/var/log/old.log";
  const auto plan =
      planned(samples::kubeadm(k_log_flags, k_log_mount + "      readOnly: true\n      recursiveReadOnly: Enabled\n",
                               k_log_volume),
              desired);
  REQUIRE_FALSE(plan);
  CHECK(plan.error().line != 0);
}

TEST_CASE("a directory of the system that we mounted for the log becomes a file mount again", "[mounts]") {
  Desired desired = readme_job();
  desired.log_volume = LogVolume::file;
  const auto as_file = planned(samples::kubeadm(), desired);
  REQUIRE(as_file);
  desired.log_volume = LogVolume::directory;
  const auto as_directory = planned(as_file->new_text, desired);
  REQUIRE(as_directory);
  CHECK(contains(as_directory->new_text, "mountPath: /var/log\n"));
  desired.log_volume = LogVolume::file;
  const auto back = planned(as_directory->new_text, desired);
  REQUIRE(back);
  CHECK(back->new_text == as_file->new_text);
}

TEST_CASE("--log-volume file is enforced under a directory that somebody else mounted", "[mounts]") {
  Desired desired = readme_job();
  desired.log_volume = LogVolume::file;
  const auto plan = planned(samples::kubeadm("", "    - mountPath: /var/log\n      name: log\n",
                                             "  - hostPath:\n      path: /var/log\n    name: log\n"),
                            desired);
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "mountPath: /var/log/prod-secrets.log"));
  CHECK(contains(plan->new_text, "mountPath: /var/log\n"));
}

TEST_CASE("files that only the previous webhook config named are not mounted any more", "[mounts]") {
  Desired desired = readme_job();
  desired.webhook_path = "/etc/kubernetes/hook.yaml";
  desired.webhook_digest = std::string(64, 'c');
  desired.webhook_files = {{"audit-webhook-ca", "/etc/kubernetes/a.crt"}};
  const auto first = planned(samples::kubeadm(), desired);
  REQUIRE(first);
  desired.webhook_files = {{"audit-webhook-ca", "/etc/kubernetes/b.crt"}};
  const auto second = planned(first->new_text, desired);
  REQUIRE(second);
  CHECK_FALSE(contains(second->new_text, "a.crt"));
  desired.webhook_files = {{"audit-webhook-ca", "/etc/kubernetes/a.crt"}};
  const auto third = planned(second->new_text, desired);
  REQUIRE(third);
  CHECK(third->new_text == first->new_text);
}
