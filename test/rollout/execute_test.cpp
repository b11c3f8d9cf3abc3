#include <algorithm>

#include "kaudit/rollout/run.hpp"
#include "rollout/node.hpp"

using kaudit::ExitStatus;
using kaudit::rollout::RunState;
using namespace kaudit::test;

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

  const std::string folder = std::string(k_runs) + "/" + outcome->run_id;
  CHECK(outcome->run_folder == node.scratch.at(folder));
  CHECK(outcome->backup_path == node.scratch.at(folder + "/before/kube-apiserver.yaml"));
  CHECK(node.scratch.read(folder + "/before/kube-apiserver.yaml") == "old manifest\n");
  CHECK(node.scratch.read(folder + "/after/kube-apiserver.yaml") == "new manifest\n");
  CHECK(node.scratch.read(folder + "/after/prod-audit.yaml") == "new policy\n");
  CHECK(node.names(folder + "/before") == Names{"kube-apiserver.yaml"});
  CHECK(node.names(folder) == Names{"after", "before", "record.json"});

  const auto runs = node.runs();
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].state == RunState::written);
  CHECK(runs[0].verb == "enable");
}
