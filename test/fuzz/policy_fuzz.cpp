// Any text as a policy: loading, reach, lint and explaining never crash, and do not contradict each other.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "kaudit/policy/evaluate.hpp"
#include "kaudit/policy/lint.hpp"
#include "kaudit/policy/load.hpp"
#include "kaudit/policy/reach.hpp"
#include "kaudit/policy/request.hpp"

using namespace kaudit;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// A witness is decided by its rule; a rule called unreachable decides no witness of another.
void check_reach(const policy::Policy& policy, const std::vector<policy::Reach>& reaches, kube::Version version) {
  const policy::Evaluator evaluator = policy::Evaluator::compile(policy, version);
  std::vector<std::string_view> groups;
  for (std::size_t i = 0; i < reaches.size(); ++i) {
    if (!reaches[i].witness) continue;
    const auto decided = evaluator.decide(policy::attributes_of(*reaches[i].witness, groups)).rule;
    require(decided.has_value() && *decided == i);
    require(reaches[i].answer == policy::Reach::Answer::reachable);
  }
}

void check(const text::Source& source, kube::Version version) {
  constexpr std::size_t k_budget = 2000;
  const policy::Loading loading = policy::load(source, version);
  const bool accepted = loading.verdict == policy::Loading::Verdict::accepted;
  require(accepted == loading.problems.empty());
  require(accepted == loading.server_error.empty());
  require(!accepted || loading.policy.has_value());
  if (!loading.policy) return;
  const std::vector<policy::Reach> reaches = policy::reach(*loading.policy, version, k_budget);
  require(reaches.size() == loading.policy->rules.size());
  check_reach(*loading.policy, reaches, version);
  for (const text::Diagnostic& finding : policy::lint(loading, version, reaches)) {
    require(!finding.code.empty() && !finding.message.empty() && finding.offset <= source.bytes().size());
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The first byte chooses the version, so that seeds stay readable: a digit or a letter.
  const int minor = 20 + data[0] % 18;
  const text::Source source("fuzz", std::string(reinterpret_cast<const char*>(data + 1), size - 1));
  check(source, kube::Version{1, minor});
  return 0;
}
