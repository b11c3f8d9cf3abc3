#include <algorithm>

#include <sys/file.h>

#include "host/mounts.hpp"
#include "kaudit/rollout/run.hpp"
#include "rollout/node.hpp"

using kaudit::ExitStatus;
using kaudit::rollout::Intent;
using kaudit::rollout::Provision;
using kaudit::rollout::Role;
using kaudit::test::k_log;
using kaudit::test::k_manifest;
using kaudit::test::k_policy;
using kaudit::test::k_runs;
using kaudit::test::Names;
using kaudit::test::Node;

namespace {

/// The run fails with status 4 and `code`, and manifest, policy and log are as they were; no run is left.
void check_untouched(const Node& node, const Intent& intent, const std::string& code,
                     ExitStatus status = ExitStatus::host_refused) {
  const auto read = [&](const char* path) { return node.scratch.exists(path) ? node.scratch.read(path) : "nothing"; };
  const std::string manifest = read(k_manifest);
  const std::string policy = read(k_policy);
  const bool had_log = node.scratch.exists(k_log);
  const Names names = node.names("/etc/kubernetes/manifests");
  const auto outcome = node.execute(intent);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == code);
  CHECK(outcome.error().status == status);
  CHECK(outcome.error().also.empty());
  CHECK(read(k_manifest) == manifest);
  CHECK(read(k_policy) == policy);
  CHECK(node.scratch.exists(k_log) == had_log);
  CHECK(node.names("/etc/kubernetes/manifests") == names);
  if (node.scratch.exists(k_runs)) CHECK(node.names(k_runs).empty());
}

}  // namespace

TEST_CASE("a run replaces manifest and policy, makes the log, and keeps the bytes before and after", "[execute]") {
  const Node node;
  const auto outcome = node.execute(node.intent());
  REQUIRE(outcome);
  CHECK(outcome->warnings.empty());
  CHECK(node.scratch.read(k_manifest) == "new manifest\n");
  CHECK((node.scratch.status(k_manifest).st_mode & 07777U) == 0640U);
  CHECK(node.scratch.read(k_policy) == "new policy\n");
  CHECK((node.scratch.status(k_policy).st_mode & 07777U) == 0600U);
  CHECK(node.scratch.read(k_log).empty());
  CHECK((node.scratch.status(k_log).st_mode & 07777U) == 0600U);
  CHECK(node.names("/etc/kubernetes/manifests") == Names{"kube-apiserver.yaml"});
  CHECK(node.names("/etc/kubernetes") == Names{"manifests", "prod-audit.yaml"});

  const std::string folder = std::string(k_runs) + "/" + outcome->run_id;
  CHECK(outcome->run_folder == node.scratch.at(folder));
  CHECK(outcome->backup_path == node.scratch.at(folder + "/before/kube-apiserver.yaml"));
  CHECK(node.scratch.read(folder + "/before/kube-apiserver.yaml") == "old manifest\n");
  CHECK(node.scratch.read(folder + "/after/kube-apiserver.yaml") == "new manifest\n");
  CHECK(node.scratch.read(folder + "/after/prod-audit.yaml") == "new policy\n");
  CHECK(node.names(folder + "/before") == Names{"kube-apiserver.yaml"});
  CHECK(node.names(folder) == Names{"after", "before", "record.json"});
}

TEST_CASE("state is 0700 and 0600", "[execute]") {
  const Node node;
  const auto outcome = node.execute(node.intent());
  REQUIRE(outcome);
  const std::string folder = std::string(k_runs) + "/" + outcome->run_id;
  for (const std::string& path :
       {std::string("/var/lib/kaudit"), std::string(k_runs), folder, folder + "/before", folder + "/after"}) {
    CHECK((node.scratch.status(path).st_mode & 07777U) == 0700U);
  }
  for (const std::string& path : {std::string("/var/lib/kaudit/lock"), folder + "/record.json",
                                  folder + "/before/kube-apiserver.yaml", folder + "/after/prod-audit.yaml"}) {
    CHECK((node.scratch.status(path).st_mode & 07777U) == 0600U);
  }
}

TEST_CASE("missing directories are made for policy and log, with owner and mode", "[execute]") {
  const Node node;
  Intent intent = node.intent();
  intent.files[0].node_path = "/etc/audit/deep/policy.yaml";
  intent.provisions = {{Provision::Kind::directory, "/etc/audit", Node::metadata(0755)},
                       {Provision::Kind::directory, "/etc/audit/deep", Node::metadata(0700)},
                       {Provision::Kind::directory, "/var/log/audit", Node::metadata(0750)}};
  REQUIRE(node.execute(intent));
  CHECK(node.scratch.read("/etc/audit/deep/policy.yaml") == "new policy\n");
  CHECK((node.scratch.status("/etc/audit").st_mode & 07777U) == 0755U);
  CHECK((node.scratch.status("/var/log/audit").st_mode & 07777U) == 0750U);
}

TEST_CASE("a policy that stays as it is is stored, not written", "[execute]") {
  const Node node;
  node.scratch.write(k_policy, "same policy\n", 0600);
  const ino_t inode = node.scratch.status(k_policy).st_ino;
  const auto outcome = node.execute(node.intent("new manifest\n", "same policy\n"));
  REQUIRE(outcome);
  CHECK(node.scratch.status(k_policy).st_ino == inode);
  CHECK(node.scratch.read(std::string(k_runs) + "/" + outcome->run_id + "/after/prod-audit.yaml") == "same policy\n");
}

TEST_CASE("a run may leave the manifest as it is and change only what it names", "[execute]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n", 0600);
  const ino_t inode = node.scratch.status(k_manifest).st_ino;
  const auto outcome = node.execute(node.intent("old manifest\n", "new policy\n"));
  REQUIRE(outcome);
  CHECK(outcome->warnings.empty());
  CHECK(node.scratch.status(k_manifest).st_ino == inode);
  CHECK(node.scratch.read(k_policy) == "new policy\n");
  const auto lines = node.tidy();
  REQUIRE(lines);
  CHECK(lines->empty());
  CHECK(node.scratch.read(k_policy) == "new policy\n");
}

TEST_CASE("a directory that is missing and not to be made ends the run before it writes", "[execute]") {
  const Node node;
  Intent intent = node.intent();
  intent.files[0].node_path = "/etc/audit/policy.yaml";
  check_untouched(node, intent, "missing-directory");
  CHECK_FALSE(node.scratch.exists("/var/lib"));
}

TEST_CASE("an existing log keeps its content", "[execute][log]") {
  const Node node;
  node.scratch.write(k_log, "events\n", 0644);
  REQUIRE(node.execute(node.intent()));
  CHECK(node.scratch.read(k_log) == "events\n");
  CHECK((node.scratch.status(k_log).st_mode & 07777U) == 0644U);
}

TEST_CASE("a planted log refuses the run with status 3 and nothing is written", "[execute][log]") {
  const Node node;
  node.scratch.write("/etc/shadow", "secret");
  std::string code;
  SECTION("symbolic link") {
    node.scratch.link("/etc/shadow", k_log);
    code = "symlink";
  }
  SECTION("hard link") {
    REQUIRE(::link(node.scratch.at("/etc/shadow").c_str(), node.scratch.at(k_log).c_str()) == 0);
    code = "hard-linked";
  }
  SECTION("FIFO") {
    node.scratch.fifo(k_log);
    code = "fifo";
  }
  check_untouched(node, node.intent(), code, ExitStatus::refused);
  CHECK(node.scratch.read("/etc/shadow") == "secret");
  CHECK_FALSE(node.scratch.exists("/var/lib"));
}

TEST_CASE("a manifest that changed since the plan is not overwritten", "[execute][changed]") {
  const Node node;
  const Intent intent = node.intent();
  const std::string path = node.scratch.at(k_manifest);
  SECTION("other bytes") { node.scratch.write(k_manifest, "their manifest\n", 0640); }
  SECTION("shorter") { node.scratch.write(k_manifest, "x", 0640); }
  SECTION("the same bytes in another file") {
    std::filesystem::copy_file(path, path + ".copy");
    std::filesystem::rename(path + ".copy", path);
  }
  SECTION("another mode") { REQUIRE(::chmod(path.c_str(), 0600) == 0); }
  SECTION("removed") {
    REQUIRE(::unlink(path.c_str()) == 0);
    std::filesystem::create_directories(path.substr(0, path.rfind('/')));
  }
  check_untouched(node, intent, "changed-underneath");
}

TEST_CASE("a policy that appeared or changed since the plan is not overwritten", "[execute][changed]") {
  const Node node;
  SECTION("appeared") {
    const Intent intent = node.intent();
    node.scratch.write(k_policy, "their policy\n");
    check_untouched(node, intent, "changed-underneath");
  }
  SECTION("changed") {
    node.scratch.write(k_policy, "old policy\n");
    const Intent intent = node.intent();
    node.scratch.write(k_policy, "their policy\n");
    check_untouched(node, intent, "changed-underneath");
  }
}

TEST_CASE("a file replaced by a link since the plan is refused, and its target untouched", "[execute][changed]") {
  const Node node;
  node.scratch.write("/victim", "untouched");
  const Intent intent = node.intent();
  REQUIRE(::unlink(node.scratch.at(k_manifest).c_str()) == 0);
  node.scratch.link("/victim", k_manifest);
  check_untouched(node, intent, "symlink", ExitStatus::refused);
  CHECK(node.scratch.read("/victim") == "untouched");
}

TEST_CASE("a second run while one is at work is told who holds the lock", "[execute][lock]") {
  const Node node;
  REQUIRE(node.execute(node.intent()));
  const std::string path = node.scratch.at("/var/lib/kaudit/lock");
  const kaudit::host::Descriptor held(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  REQUIRE(::flock(held.get(), LOCK_EX | LOCK_NB) == 0);
  const auto outcome = node.execute(node.intent("newer manifest\n"));
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == "locked");
  CHECK(outcome.error().status == ExitStatus::host_refused);
  CHECK(outcome.error().message.find("process " + std::to_string(::getpid())) != std::string::npos);
  CHECK(outcome.error().message.find(node.runs()[0].id) != std::string::npos);
  CHECK(node.scratch.read(k_manifest) == "new manifest\n");
}

TEST_CASE("a FIFO or link planted as the lock is refused without opening it", "[execute][lock]") {
  const Node node;
  std::filesystem::create_directories(node.scratch.at("/var/lib/kaudit"));
  node.scratch.write("/victim", "untouched");
  std::string code;
  SECTION("FIFO") {
    node.scratch.fifo("/var/lib/kaudit/lock");
    code = "fifo";
  }
  SECTION("link") {
    node.scratch.link("/victim", "/var/lib/kaudit/lock");
    code = "symlink";
  }
  check_untouched(node, node.intent(), code, ExitStatus::refused);
  CHECK(node.scratch.read("/victim") == "untouched");
}

TEST_CASE("a state directory that others may write is refused", "[execute][lock]") {
  const Node node;
  std::filesystem::create_directories(node.scratch.at("/var/lib/kaudit"));
  REQUIRE(::chmod(node.scratch.at("/var/lib/kaudit").c_str(), 0777) == 0);
  check_untouched(node, node.intent(), "foreign-owner", ExitStatus::refused);
}

TEST_CASE("what the host would refuse is found out before anything is written", "[execute][obstacles]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n");
  const Intent intent = node.intent();
  SECTION("immutable manifest") {
    const kaudit::test::Protection protection(node.scratch.at(k_manifest), FS_IMMUTABLE_FL);
    if (!protection.is_set()) return kaudit::test::skipped("cannot chattr in /tmp");
    check_untouched(node, intent, "immutable");
  }
  SECTION("immutable policy") {
    const kaudit::test::Protection protection(node.scratch.at(k_policy), FS_IMMUTABLE_FL);
    if (!protection.is_set()) return kaudit::test::skipped("cannot chattr in /tmp");
    check_untouched(node, intent, "immutable");
  }
  SECTION("bind-mounted manifest") {
    const std::string path = node.scratch.at(k_manifest);
    const kaudit::test::Mount mount(path, path, nullptr, MS_BIND);
    if (!mount.is_made()) return kaudit::test::skipped("may not mount here");
    check_untouched(node, intent, "bind-mounted");
  }
  SECTION("read-only /etc") {
    const std::string path = node.scratch.at("/etc");
    const kaudit::test::Mount mount(path, path, nullptr, MS_BIND);
    if (!mount.is_made() || !mount.make_read_only()) return kaudit::test::skipped("may not mount here");
    check_untouched(node, intent, "read-only");
  }
  CHECK_FALSE(node.scratch.exists("/var/lib"));
}

TEST_CASE("a full disk under the manifests undoes policy and log", "[execute][full]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n", 0640);
  const std::string manifests = node.scratch.at("/etc/kubernetes/manifests");
  const kaudit::test::Mount mount("tmpfs", manifests, "tmpfs", 0, "size=64k");
  if (!mount.is_made()) return kaudit::test::skipped("may not mount here");
  node.scratch.write(k_manifest, "old manifest\n");
  check_untouched(node, node.intent(std::string(100000, 'x')), "no-space");
  CHECK((node.scratch.status(k_policy).st_mode & 07777U) == 0640U);
  CHECK(node.names("/etc/kubernetes") == Names{"manifests", "prod-audit.yaml"});
}

TEST_CASE("a full disk under the state leaves nothing of the run", "[execute][full]") {
  const Node node;
  std::filesystem::create_directories(node.scratch.at("/var/lib/kaudit"));
  const kaudit::test::Mount mount("tmpfs", node.scratch.at("/var/lib/kaudit"), "tmpfs", 0, "size=64k,mode=0700");
  if (!mount.is_made()) return kaudit::test::skipped("may not mount here");
  check_untouched(node, node.intent(std::string(100000, 'x')), "no-space");
}

TEST_CASE("a log directory that cannot be made undoes what came before it", "[execute]") {
  const Node node;
  Intent intent = node.intent();
  node.scratch.write("/var/log/audit", "a file in the way");
  intent.provisions = {{Provision::Kind::directory, "/var/log/own", Node::metadata(0700)},
                       {Provision::Kind::directory, "/var/log/audit", Node::metadata(0700)}};
  check_untouched(node, intent, "path", ExitStatus::refused);
  CHECK_FALSE(node.scratch.exists("/var/log/own"));
}

TEST_CASE("a failure after a file is in place takes it and its new directory away again", "[execute]") {
  const Node node;
  Intent intent = node.intent();
  intent.provisions = {{Provision::Kind::directory, "/var/log/own", Node::metadata(0700)}};
  intent.files[0].node_path = "/var/log/own/policy.yaml";
  intent.files.push_back(intent.files[0]);
  const auto outcome = node.execute(intent);  // the same file twice: the second one meets the first
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == "changed-underneath");
  CHECK(outcome.error().also.empty());
  CHECK_FALSE(node.scratch.exists("/var/log/own"));
}

TEST_CASE("a path that is not UTF-8 is refused before anything is written", "[execute]") {
  const Node node;
  Intent intent = node.intent();
  intent.files[0].node_path = "/etc/kubernetes/p\xFF.yaml";
  check_untouched(node, intent, "path", ExitStatus::refused);
}

TEST_CASE("files of one name in two directories keep their copies apart", "[execute]") {
  const Node node;
  node.scratch.make_directory("/etc/a");
  Intent intent = node.intent();
  intent.files.push_back(node.file(Role::webhook_file, "/etc/a/prod-audit.yaml", "webhook\n"));
  const auto outcome = node.execute(intent);
  REQUIRE(outcome);
  const std::string after = std::string(k_runs) + "/" + outcome->run_id + "/after/";
  CHECK(node.scratch.read(after + "prod-audit.yaml") == "new policy\n");
  CHECK(node.scratch.read(after + "3-prod-audit.yaml") == "webhook\n");
}

TEST_CASE("the newest runs are kept, older ones go, and never one that is unfinished or unreadable",
          "[execute][prune]") {
  Node node;
  node.state.keep_backups = 2;
  const std::string damaged = std::string(k_runs) + "/20200101T000000.000Z-000000";
  node.scratch.write(damaged + "/record.json", "{\n  \"format_version\": 1\n}\n");
  REQUIRE(::chmod(node.scratch.at("/var/lib/kaudit").c_str(), 0700) == 0);
  std::vector<std::string> ids;
  for (const char* manifest : {"1\n", "2\n", "3\n", "4\n"}) {
    const auto outcome = node.execute(node.intent(manifest, std::string("policy ") + manifest));
    REQUIRE(outcome);
    CHECK(outcome->warnings.empty());
    ids.push_back(outcome->run_id);
  }
  const auto runs = node.runs();
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].id == ids[3]);
  CHECK(runs[1].id == ids[2]);
  CHECK(node.scratch.exists(damaged));
  CHECK(node.names(k_runs).size() == 3);
}
