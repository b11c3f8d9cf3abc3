#include "kaudit/patch/disable.hpp"

#include "planned.hpp"
#include "samples.hpp"

using kaudit::Result;
using kaudit::patch::Plan;

namespace {

Result<Plan> disabled(const std::string& text) {
  const kaudit::text::Source source("kube-apiserver.yaml", text);
  KAUDIT_TRY(document, kaudit::yaml::Document::parse(source));
  KAUDIT_TRY(value, kaudit::decode::as_kubernetes_reads_it(source));
  KAUDIT_TRY(manifest, kaudit::manifest::Manifest::read(document, value));
  return kaudit::patch::plan_disable(manifest, std::move(value));
}

Result<kaudit::decode::Value> tree_without(const std::string& text) {
  const kaudit::text::Source source("kube-apiserver.yaml", text);
  KAUDIT_TRY(document, kaudit::yaml::Document::parse(source));
  KAUDIT_TRY(value, kaudit::decode::as_kubernetes_reads_it(source));
  KAUDIT_TRY(manifest, kaudit::manifest::Manifest::read(document, value));
  return kaudit::patch::without_auditing(manifest, value);
}

std::string mount(const std::string& path, const std::string& volume) {
  return "    - mountPath: " + path + "\n      name: " + volume + "\n";
}

std::string volume(const std::string& path, const std::string& name) {
  return "  - hostPath:\n      path: " + path + "\n    name: " + name + "\n";
}

std::string without(std::string text, const std::string& begin, const std::string& end) {
  const std::size_t at = text.find(begin);
  return text.erase(at, text.find(end, at) - at);
}

}  // namespace

TEST_CASE("disable gives back the bytes that enable was given", "[disable]") {
  const auto enabled = planned(samples::kubeadm(), readme_job());
  REQUIRE(enabled);
  const auto plan = disabled(enabled->new_text);
  REQUIRE(plan);
  CHECK(plan->new_text == samples::kubeadm());
  CHECK(plan->log_path.empty());
  const auto again = disabled(plan->new_text);
  REQUIRE(again);
  CHECK(again->edits.empty());
}

TEST_CASE("keys that enable made go with their last member", "[disable]") {
  std::string bare = without(samples::kubeadm(), "  annotations:", "  labels:");
  bare = without(bare, "    volumeMounts:", "  hostNetwork:");
  bare.erase(bare.find("  volumes:"));
  const auto enabled = planned(bare, readme_job());
  REQUIRE(enabled);
  REQUIRE(contains(enabled->new_text, "volumeMounts:"));
  const auto plan = disabled(enabled->new_text);
  REQUIRE(plan);
  CHECK(plan->new_text == bare);
}

TEST_CASE("flags go in every spelling, however often they are set", "[disable]") {
  const auto plan =
      disabled(samples::kubeadm("    - --audit_log_path=/var/log/a.log\n    - --audit-log-path\n    - /var/log/b.log\n"
                                "    - --audit-log-compress\n    - --audit-no-such-flag=1\n"));
  if (!plan) FAIL(kaudit::to_text(plan.error()));
  CHECK(plan->new_text == samples::kubeadm());
  REQUIRE(plan->changes.size() == 4);
  CHECK(plan->changes[1].before == "--audit-log-path /var/log/b.log");
}

TEST_CASE("mounts of both values of a flag that is set twice go", "[disable]") {
  const auto plan = disabled(samples::kubeadm(
      "    - --audit-log-path=/data/a.log\n    - --audit-log-path=/data/b.log\n",
      mount("/data/a.log", "a") + mount("/data/b.log", "b"), volume("/data/a.log", "a") + volume("/data/b.log", "b")));
  REQUIRE(plan);
  CHECK(plan->new_text == samples::kubeadm());
}

TEST_CASE("what a webhook config had mounted goes by its volumes' names", "[disable]") {
  kaudit::patch::Desired desired = readme_job();
  desired.webhook_path = "/etc/kubernetes/webhook.yaml";
  desired.webhook_digest = std::string(64, 'b');
  desired.webhook_files = {{"audit-webhook-ca", "/etc/kubernetes/ca.crt"},
                           {"audit-webhook-key", "/etc/kubernetes/hook/key"}};
  desired.webhook_files_digest = std::string(64, 'c');
  const auto enabled = planned(samples::kubeadm(), desired);
  REQUIRE(enabled);
  REQUIRE(contains(enabled->new_text, "kaudit/webhook-files-sha256"));
  const auto plan = disabled(enabled->new_text);
  REQUIRE(plan);
  CHECK(plan->new_text == samples::kubeadm());
}

TEST_CASE("a mount that also serves something else stays", "[disable]") {
  const std::string flags = "    - --audit-log-path=/var/log/kube/audit.log\n";
  const auto stays = [&](const std::string& other_flag, const std::string& path) {
    const std::string log = path.starts_with("/var") ? flags : "    - --audit-policy-file=" + path + "/p.yaml\n";
    const auto plan = disabled(samples::kubeadm(log + other_flag, mount(path, "x"), volume(path, "x")));
    REQUIRE(plan);
    CHECK_FALSE(contains(plan->new_text, "--audit"));
    return contains(plan->new_text, mount(path, "x")) && contains(plan->new_text, volume(path, "x"));
  };
  CHECK_FALSE(stays("", "/var/log/kube"));
  CHECK(stays("", "/var/log"));
  CHECK(stays("", "/etc/kubernetes"));
  CHECK_FALSE(stays("", "/etc/kubernetes/audit"));
  CHECK(stays("    - --encryption-provider-config=/etc/kubernetes/audit/e.yaml\n", "/etc/kubernetes/audit"));
  CHECK(stays("    - --profile\n    - /var/log/kube\n", "/var/log/kube"));
  CHECK_FALSE(stays("    - --profile=/var/log/kube-other\n", "/var/log/kube"));
  CHECK(stays("    env:\n    - name: LOGS\n      value: /var/log/kube/x\n    args:\n", "/var/log/kube"));
}

TEST_CASE("a directory is not needed for a file that has a mount of its own", "[disable]") {
  const std::string rest = "    - --log-file=/var/log/server.log\n";
  const std::string file = mount("/var/log/server.log", "server-log");
  const std::string file_volume = volume("/var/log/server.log", "server-log");
  const auto plan =
      disabled(samples::kubeadm("    - --audit-log-path=/var/log/a.log\n" + rest, mount("/var/log", "audit-log") + file,
                                volume("/var/log", "audit-log") + file_volume));
  REQUIRE(plan);
  CHECK(plan->new_text == samples::kubeadm(rest, file, file_volume));
}

TEST_CASE("a volume that another container mounts stays, the server's mount goes", "[disable]") {
  std::string text = samples::kubeadm("    - --audit-log-path=/var/log/kube/audit.log\n",
                                      mount("/var/log/kube", "logs"), volume("/var/log/kube", "logs"));
  text.insert(text.find("  hostNetwork:"),
              "  - image: shipper:1\n    name: shipper\n    volumeMounts:\n" + mount("/logs", "logs"));
  const auto plan = disabled(text);
  REQUIRE(plan);
  CHECK_FALSE(contains(plan->new_text, mount("/var/log/kube", "logs")));
  CHECK(contains(plan->new_text, mount("/logs", "logs")));
  CHECK(contains(plan->new_text, volume("/var/log/kube", "logs")));
}

TEST_CASE("comments beside what goes stay", "[disable]") {
  const auto plan = disabled(
      samples::kubeadm("    # ours\n    - --audit-log-maxage=7 # days\n    # theirs\n", "", "  # the volumes\n"));
  REQUIRE(plan);
  CHECK(plan->new_text == samples::kubeadm("    # ours\n    # theirs\n", "", "  # the volumes\n"));
}

TEST_CASE("an annotation that others share a line with goes from a flow mapping", "[disable]") {
  std::string text = without(samples::kubeadm(), "  annotations:", "  labels:");
  const std::size_t at = text.find("  labels:");
  text.insert(at, "  annotations: {a: b, kaudit/policy-sha256: \"1\"}\n");
  const auto plan = disabled(text);
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "  annotations: {a: b}\n"));
}

TEST_CASE("an anchor on the way is refused with its place", "[disable]") {
  const auto plan = disabled(samples::kubeadm("    - &log --audit-log-path=/var/log/a.log\n"));
  REQUIRE_FALSE(plan);
  CHECK(plan.error().status == kaudit::ExitStatus::refused);
  CHECK(plan.error().line != 0);
}

TEST_CASE("two manifests can be compared outside auditing", "[disable]") {
  const auto enabled = planned(samples::kubeadm(), readme_job());
  REQUIRE(enabled);
  const auto old_tree = tree_without(samples::kubeadm());
  const auto new_tree = tree_without(enabled->new_text);
  REQUIRE(old_tree);
  REQUIRE(new_tree);
  CHECK(kaudit::decode::equal(*old_tree, *new_tree));
  std::string other = enabled->new_text;
  other.replace(other.find("v1.36.1"), 7, "v1.36.2");
  const auto other_tree = tree_without(other);
  REQUIRE(other_tree);
  CHECK(kaudit::decode::first_difference(*old_tree, *other_tree));
}

TEST_CASE("an empty list means what a missing one means", "[disable]") {
  std::string text = samples::kubeadm();
  text.erase(text.find("  volumes:"));
  text = without(text, "    volumeMounts:", "  hostNetwork:");
  const auto missing = tree_without(text);
  const auto empty = tree_without(text + "  volumes: []\n");
  const auto null = tree_without(text + "  volumes:\n");
  REQUIRE(missing);
  REQUIRE(empty);
  REQUIRE(null);
  CHECK(kaudit::decode::equal(*missing, *empty));
  CHECK(kaudit::decode::equal(*missing, *null));
}
