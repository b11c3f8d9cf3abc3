#include <algorithm>

#include "support/catch.hpp"

#include "kaudit/policy/evaluate.hpp"
#include "policy/reference.hpp"

using kaudit::kube::Version;
using kaudit::policy::Evaluator;
using kaudit::policy::Mismatch;
using kaudit::test::Random;
using kaudit::test::Shape;
using kaudit::test::View;

namespace {

/// How many requests a rule behind the first 64 decided, so that a test that never gets there fails.
struct Reached {
  std::size_t none = 0;
  std::size_t first_block = 0;
  std::size_t later = 0;
};

void compare(std::uint64_t seed, std::size_t rules, Shape shape, std::size_t requests, Reached& reached) {
  Random random(Random(seed).next());  // neighbouring seeds are the same numbers, moved by one
  const auto policy = random_policy(random, rules, shape);
  const Version version{1, random.one_in(2) ? 35 : 36};
  const auto evaluator = Evaluator::compile(policy, version);
  for (std::size_t i = 0; i < requests; ++i) {
    const auto request = random_request(random, shape);
    const View view(request);
    const auto expected = kaudit::test::first_match(policy, request, version);
    const auto found = evaluator.decide(view.attributes()).rule;
    if (found != expected) {
      INFO("seed " << seed << ", " << rules << " rules, 1." << version.minor << ": "
                   << kaudit::test::describe(request));
      REQUIRE(found == expected);
    }
    auto& place = !expected ? reached.none : *expected < 64 ? reached.first_block : reached.later;
    ++place;
  }
}

}  // namespace

TEST_CASE("the compiled evaluator decides as the server's code: small policies", "[evaluate][property]") {
  Reached reached;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    const Shape shape{1 + seed % 4, 2 + seed % 15};
    compare(seed, 1 + seed % 12, shape, 60, reached);
  }
  CHECK(reached.none > 1'000);
  CHECK(reached.first_block > 1'000);
}

TEST_CASE("the compiled evaluator decides as the server's code: hundreds of rules", "[evaluate][property]") {
  Reached reached;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    compare(seed, 63 + seed * 7, {1 + seed % 2, 8 + seed % 40}, 100, reached);
  }
  CHECK(reached.none > 100);
  CHECK(reached.later > 300);
}

TEST_CASE("the compiled evaluator decides as the server's code: 10,001 rules", "[evaluate][property]") {
  Reached reached;
  for (std::uint64_t seed = 0; seed < 2; ++seed) compare(seed, 10'001, {1, 14 + seed}, 150, reached);
  CHECK(reached.later > 100);
}

TEST_CASE("mismatch says none exactly where the server's code matches", "[evaluate][property]") {
  std::size_t matched = 0;
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    Random random(Random(seed).next());  // neighbouring seeds are the same numbers, moved by one
    const Shape shape{1 + seed % 4, 2 + seed % 5};
    const auto policy = random_policy(random, 1, shape);
    const Version version{1, random.one_in(2) ? 35 : 36};
    for (int i = 0; i < 20; ++i) {
      const auto request = random_request(random, shape);
      const View view(request);
      const bool expected = kaudit::test::matches(policy.rules[0], request, version);
      matched += expected ? 1 : 0;
      INFO("seed " << seed << ": " << kaudit::test::describe(request));
      REQUIRE((mismatch(policy.rules[0], view.attributes(), version) == Mismatch::none) == expected);
    }
  }
  CHECK(matched > 1'000);
}

TEST_CASE("a group list longer than a decision keeps in hand is still decided exactly", "[evaluate][property]") {
  std::vector<kaudit::policy::Rule> rules;
  for (std::size_t i = 0; i < 100; ++i) {
    kaudit::test::RuleParts parts;
    parts.verbs = {"update"};
    for (std::size_t j = 0; j < 40; ++j) parts.groups.push_back("group-" + std::to_string(j));
    if (i == 99) parts = {{}, {"group-39"}};
    rules.push_back(kaudit::test::rule(parts));
  }
  const auto policy = kaudit::test::policy_of(std::move(rules));
  kaudit::policy::OwnedRequest request;
  request.user = "jane";
  request.verb = "get";
  for (std::size_t j = 0; j < 40; ++j) request.groups.push_back("group-" + std::to_string(j));
  const View view(request);
  CHECK(Evaluator::compile(policy, {1, 36}).decide(view.attributes()).rule == 99);
  request.groups.pop_back();
  const View without(request);
  CHECK_FALSE(Evaluator::compile(policy, {1, 36}).decide(without.attributes()).rule);
}

TEST_CASE("texts of one length with one beginning and one end are told apart", "[evaluate]") {
  const auto request = [](std::string middle) {
    kaudit::policy::OwnedRequest made;
    made.user = "system:" + middle + ":x";
    made.groups = {"group-" + middle + "-x"};
    made.verb = "g" + middle + "t";
    made.name_space = "n" + middle + "s";
    made.api_group = middle;
    made.resource = "p" + middle + "s";
    made.subresource = middle;
    made.name = "n" + middle + "e";
    made.path = "/prefix-" + middle + "-x";
    return made;
  };
  const auto b = request("bb");
  const auto c = request("cc");
  auto path = request("bb");
  path.kind = kaudit::policy::RequestKind::non_resource;
  auto other_path = request("cc");
  other_path.kind = path.kind;
  const std::vector<std::string> combined = {"pbbs/bb"};
  const std::vector<kaudit::test::RuleParts> parts = {
      {{"system:bb:x"}},
      {{}, {"group-bb-x"}},
      {{}, {}, {"gbbt"}},
      {{}, {}, {}, {kaudit::test::entry("bb")}},
      {{}, {}, {}, {kaudit::test::entry("bb", combined)}},
      {{}, {}, {}, {kaudit::test::entry("bb", {"pbbs/*"})}},
      {{}, {}, {}, {kaudit::test::entry("bb", {"*/bb"})}},
      {{}, {}, {}, {kaudit::test::entry("bb", combined, {"nbbe"})}},
      {{}, {}, {}, {}, {"nbbs"}},
  };
  for (const auto& one : parts) {
    const auto policy = kaudit::test::policy_of({kaudit::test::rule(one), kaudit::test::rule({})});
    const auto evaluator = Evaluator::compile(policy, {1, 36});
    CHECK(evaluator.decide(View(b).attributes()).rule == 0U);
    CHECK(evaluator.decide(View(c).attributes()).rule == 1U);
  }
  for (const std::string url : {"/prefix-bb-x", "/prefix-bb*"}) {
    const auto policy = kaudit::test::policy_of(
        {kaudit::test::rule({{}, {}, {}, {}, {}, {url}}), kaudit::test::rule({{}, {}, {}, {}, {}, {"/prefix*"}})});
    const auto evaluator = Evaluator::compile(policy, {1, 36});
    CHECK(evaluator.decide(View(path).attributes()).rule == 0U);
    CHECK(evaluator.decide(View(other_path).attributes()).rule == 1U);
  }
}

TEST_CASE("a few rules with thousands of texts are decided exactly", "[evaluate][property]") {
  kaudit::test::RuleParts parts;
  for (std::size_t i = 0; i < 3'000; ++i) parts.users.push_back("user-" + std::string(i % 97, 'x') + std::to_string(i));
  const auto policy = kaudit::test::policy_of({kaudit::test::rule(parts), kaudit::test::rule({})});
  const auto evaluator = Evaluator::compile(policy, {1, 36});
  kaudit::policy::OwnedRequest request;
  for (const auto& user : parts.users) {
    request.user = user;
    REQUIRE(evaluator.decide(View(request).attributes()).rule == 0U);
    request.user = user + "0";
    const bool is_listed = std::find(parts.users.begin(), parts.users.end(), *request.user) != parts.users.end();
    REQUIRE(evaluator.decide(View(request).attributes()).rule == (is_listed ? 0U : 1U));
  }
}
