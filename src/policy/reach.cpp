#include "kaudit/policy/reach.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "candidates.hpp"
#include "patterns.hpp"

namespace kaudit::policy {
namespace {

/// A decision over long texts counts more than once, so that the budget bounds the time.
constexpr std::size_t k_bytes_of_a_step = 256;

OwnedRequest own(const Attributes& request) {
  OwnedRequest result;
  if (request.user) result.user = *request.user;
  result.groups.assign(request.groups.begin(), request.groups.end());
  result.verb = request.verb;
  result.name_space = request.name_space;
  result.api_group = request.api_group;
  result.resource = request.resource;
  result.subresource = request.subresource;
  result.name = request.name;
  result.path = request.path;
  result.kind = request.kind;
  return result;
}

/// The search for a request that one rule decides; it can be interrupted.
class Proof {
 public:
  Proof(const Policy& policy, const Evaluator& evaluator, const FreshTexts& fresh, kube::Version version,
        std::uint32_t rule)
      : m_policy(&policy),
        m_evaluator(&evaluator),
        m_rule(rule),
        m_candidates(std::make_unique<Candidates>(policy.rules[rule], fresh, version)) {}

  /// Takes its steps from `share`, and may overdraw it by the last.
  void go_on(std::size_t& share) {
    while (!m_is_done && share > 0) {
      if (m_candidates->at_end()) return finish();
      const auto cost = 1 + m_candidates->size() / k_bytes_of_a_step;
      share -= std::min(share, cost);
      step();
    }
    if (!m_is_done && m_candidates->at_end()) finish();
  }

  [[nodiscard]] bool is_done() const noexcept { return m_is_done; }
  [[nodiscard]] Reach take() && { return std::move(m_reach); }

 private:
  // A candidate is matched by the rule itself, so that some rule decides it, and none after this one.
  void step() {
    const auto request = m_candidates->request();
    const auto decided = m_evaluator->decide(request).rule.value_or(m_rule);
    if (decided != m_rule) {
      m_covered_by.insert(decided);
      return m_candidates->skip(m_policy->rules[decided]);
    }
    m_reach.answer = Reach::Answer::reachable;
    m_reach.witness = own(make_familiar(request));
    if (m_reach.decides_no_real_request()) name_covers();
    end();
  }

  /// With texts that people know where the rule looks at nothing, if it still decides.
  [[nodiscard]] Attributes make_familiar(Attributes request) const {
    const auto& rule = m_policy->rules[m_rule];
    const auto try_text = [&](std::string_view Attributes::*text, std::string_view familiar) {
      auto other = request;
      other.*text = familiar;
      if (m_evaluator->decide(other).rule == m_rule) request = other;
    };
    if (rule.verbs.empty()) try_text(&Attributes::verb, "get");
    if (rule.namespaces.empty() && request.kind == RequestKind::resource) {
      try_text(&Attributes::name_space, "default");
    }
    return request;
  }

  void finish() {
    if (m_candidates->is_complete()) {
      m_reach.answer = Reach::Answer::unreachable;
      name_covers();
    }
    end();
  }

  void name_covers() { m_reach.covered_by.assign(m_covered_by.begin(), m_covered_by.end()); }

  void end() {
    m_is_done = true;
    m_candidates.reset();
  }

  const Policy* m_policy;
  const Evaluator* m_evaluator;
  std::uint32_t m_rule;
  std::unique_ptr<Candidates> m_candidates;
  std::set<std::uint32_t> m_covered_by;
  Reach m_reach;
  bool m_is_done = false;
};

/// Each rule that is not done gets the same share, of what those before it have left, too.
void share_out(std::vector<Proof>& proofs, std::size_t& budget) {
  auto waiting =
      static_cast<std::size_t>(std::count_if(proofs.begin(), proofs.end(), [](auto& p) { return !p.is_done(); }));
  for (auto& proof : proofs) {
    if (proof.is_done()) continue;
    const auto share = budget / waiting--;
    auto left = share;
    proof.go_on(left);
    budget -= share - left;
  }
}

}  // namespace

bool Reach::decides_no_real_request() const noexcept {
  if (answer != Answer::reachable) return answer == Answer::unreachable;
  return !is_real(witness->resource, witness->subresource);
}

std::vector<Reach> reach(const Policy& policy, kube::Version version, std::size_t budget) {
  const auto evaluator = Evaluator::compile(policy, version);
  const FreshTexts fresh(policy);
  std::vector<Proof> proofs;
  proofs.reserve(policy.rules.size());
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i) proofs.emplace_back(policy, evaluator, fresh, version, i);
  auto first_half = budget - budget / 2;
  auto rest = budget / 2;
  share_out(proofs, first_half);
  rest += first_half;
  share_out(proofs, rest);
  std::vector<Reach> result;
  result.reserve(proofs.size());
  for (auto& proof : proofs) result.push_back(std::move(proof).take());
  return result;
}

}  // namespace kaudit::policy
