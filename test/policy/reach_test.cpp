#include "kaudit/policy/reach.hpp"

#include <algorithm>

#include "support/catch.hpp"

#include "policy/reference.hpp"

using kaudit::kube::Version;
using kaudit::policy::Reach;
using kaudit::test::entry;
using kaudit::test::policy_of;
using kaudit::test::rule;
using kaudit::test::RuleParts;

namespace {

using Covers = std::vector<std::uint32_t>;

RuleParts resource_rule(const std::vector<std::string>& patterns, const std::vector<std::string>& names = {},
                        const std::string& group = "") {
  RuleParts parts;
  parts.resources = {entry(group, patterns, names)};
  return parts;
}

RuleParts url_rule(const std::vector<std::string>& texts) {
  RuleParts parts;
  parts.urls = texts;
  return parts;
}

RuleParts verbs(const std::vector<std::string>& texts) {
  RuleParts parts;
  parts.verbs = texts;
  return parts;
}

RuleParts users(const std::vector<std::string>& texts) {
  RuleParts parts;
  parts.users = texts;
  return parts;
}

RuleParts groups(const std::vector<std::string>& texts) {
  RuleParts parts;
  parts.groups = texts;
  return parts;
}

RuleParts namespaces(const std::vector<std::string>& texts) {
  RuleParts parts;
  parts.namespaces = texts;
  return parts;
}

/// Which rules cover the last one for all requests that servers make; nothing: it has a witness among them.
std::optional<Covers> cover(const std::vector<RuleParts>& rules, Version version = {1, 36}) {
  std::vector<kaudit::policy::Rule> made;
  made.reserve(rules.size());
  for (const auto& parts : rules) made.push_back(rule(parts));
  const auto policy = policy_of(std::move(made));
  const auto last = reach(policy, version).back();
  REQUIRE(last.answer != Reach::Answer::open);
  CHECK(last.witness.has_value() == (last.answer == Reach::Answer::reachable));
  if (last.witness) CHECK(kaudit::test::first_match(policy, *last.witness, version) == rules.size() - 1);
  if (last.decides_no_real_request()) return last.covered_by;
  CHECK(last.covered_by.empty());
  return std::nullopt;
}

}  // namespace

TEST_CASE("a rule after a catch-all is covered by it", "[reach]") {
  CHECK(cover({{}, resource_rule({"pods"})}) == Covers{0});
  CHECK(cover({{}, {}}) == Covers{0});
  CHECK(cover({{}, url_rule({"/x"})}) == Covers{0});
}

TEST_CASE("a narrower rule before does not cover a wider one", "[reach]") {
  CHECK_FALSE(cover({resource_rule({"pods"}), resource_rule({"pods", "secrets"})}));
  CHECK_FALSE(cover({verbs({"get"}), {}}));
}

TEST_CASE("several rules cover one together", "[reach]") {
  auto both = resource_rule({"pods", "secrets"});
  both.verbs = {"get", "list"};
  auto pods = resource_rule({"pods"});
  auto secrets = resource_rule({"secrets"});
  CHECK(cover({pods, url_rule({"*"}), secrets, both}) == Covers{0, 2});
  secrets.verbs = {"get"};
  CHECK_FALSE(cover({pods, secrets, both}));
  auto listed = resource_rule({"*"});
  listed.verbs = {"list"};
  CHECK(cover({pods, secrets, listed, both}) == Covers{0, 1, 2});
}

TEST_CASE("resources and URLs together cover a rule for both kinds", "[reach]") {
  CHECK(cover({resource_rule({"*"}, {}, "*"), url_rule({"*"}), {}}) == Covers{0, 1});
  CHECK_FALSE(cover({resource_rule({"*"}, {}, "*"), url_rule({"*"}), {}}, {1, 35}));
  CHECK_FALSE(cover({resource_rule({"*"}, {}, "*"), url_rule({"/*"}), {}}));  // a path need not start with a slash
}

TEST_CASE("namespaces cover neither URLs nor other namespaces", "[reach]") {
  CHECK_FALSE(cover({namespaces({"a", "b"}), {}}));
  CHECK(cover({namespaces({"a", "b"}), namespaces({"b"})}) == Covers{0});
  CHECK_FALSE(cover({namespaces({"a"}), namespaces({"a", ""})}));
}

TEST_CASE("a user can be in any group, and one group is enough", "[reach]") {
  CHECK_FALSE(cover({groups({"a"}), users({"jane"})}));
  CHECK_FALSE(cover({users({"jane"}), groups({"a"})}));
  CHECK(cover({groups({"a", "b"}), groups({"b"})}) == Covers{0});
  CHECK_FALSE(cover({groups({"a"}), groups({"a", "b"})}));
  auto both = groups({"a"});
  both.users = {"jane"};
  CHECK(cover({users({"jane"}), both}) == Covers{0});
}

TEST_CASE("subresources are covered as the server reads patterns", "[reach]") {
  CHECK_FALSE(cover({resource_rule({"pods"}), resource_rule({"pods/log"})}));
  CHECK(cover({resource_rule({"pods/*"}), resource_rule({"pods/log"})}) == Covers{0});
  CHECK(cover({resource_rule({"pods/*"}), resource_rule({"pods"})}) == Covers{0});
  CHECK(cover({resource_rule({"*/log"}), resource_rule({"pods/log"})}) == Covers{0});
  CHECK_FALSE(cover({resource_rule({"pods", "pods/log"}), resource_rule({"pods/*"})}));
  CHECK(cover({resource_rule({"*"}), resource_rule({"pods", "*/status", "pods/*", "a/b/c"})}) == Covers{0});
  CHECK(cover({resource_rule({}), resource_rule({"pods"}, {"web"})}) == Covers{0});
}

TEST_CASE("a request that no server makes is a witness, and recognised as one", "[reach]") {
  const auto last = [](const RuleParts& before, const RuleParts& after) {
    return reach(policy_of({rule(before), rule(after)}), {1, 36}).back();
  };
  const auto log = last(resource_rule({"pods/*"}), resource_rule({"pods/log"}));
  REQUIRE(log.answer == Reach::Answer::reachable);
  CHECK(log.witness->resource == "pods/log");
  CHECK(log.decides_no_real_request());
  CHECK(log.covered_by == Covers{0});
  // The real one is found though the other stands first.
  const auto real = last(resource_rule({"pods/*"}), resource_rule({"pods/log", "secrets"}));
  CHECK(real.witness->resource == "secrets");
  CHECK_FALSE(real.decides_no_real_request());
  CHECK(last(resource_rule({"a/*", "a/b/*", "a/b/c/*"}), resource_rule({"a/b/c"})).answer ==
        Reach::Answer::unreachable);
  CHECK(last(resource_rule({"a/*", "a/b/*"}), resource_rule({"a/b/c"})).answer == Reach::Answer::reachable);
  CHECK(last(resource_rule({"a/*", "a/b/c/*"}), resource_rule({"a/b/c"})).witness->resource == "a/b");
}

TEST_CASE("names are covered entry by entry", "[reach]") {
  CHECK(cover({resource_rule({"pods"}), resource_rule({"pods"}, {"web"})}) == Covers{0});
  CHECK_FALSE(cover({resource_rule({"pods"}, {"web"}), resource_rule({"pods"})}));
  CHECK(cover({resource_rule({"pods"}, {"web", "db"}), resource_rule({"pods"}, {"db"})}) == Covers{0});
  CHECK(cover({resource_rule({"pods"}, {"web"}), resource_rule({"pods"}, {"db"}),
               resource_rule({"pods"}, {"db", "web"})}) == Covers{0, 1});
  RuleParts mixed;
  mixed.resources = {entry("", {"pods"}, {"web"}), entry("", {"secrets"}, {"db"})};
  CHECK_FALSE(cover({mixed, resource_rule({"pods"}, {"db"})}));
  CHECK(cover({mixed, resource_rule({"secrets"}, {"db"})}) == Covers{0});
}

TEST_CASE("group * covers every group since 1.36 only", "[reach]") {
  CHECK(cover({resource_rule({"*"}, {}, "*"), resource_rule({"deployments"}, {}, "apps")}) == Covers{0});
  CHECK_FALSE(cover({resource_rule({"*"}, {}, "*"), resource_rule({"deployments"}, {}, "apps")}, {1, 35}));
  CHECK(cover({resource_rule({"*"}, {}, "*"), resource_rule({"deployments"}, {}, "*")}, {1, 35}) == Covers{0});
  CHECK_FALSE(cover({resource_rule({"*"}, {}, "apps"), resource_rule({"*"}, {}, "*")}));
}

TEST_CASE("URLs are covered by prefixes", "[reach]") {
  CHECK(cover({url_rule({"/healthz*"}), url_rule({"/healthz", "/healthz/etcd", "/healthz/*"})}) == Covers{0});
  CHECK_FALSE(cover({url_rule({"/healthz/*"}), url_rule({"/healthz*"})}));
  CHECK_FALSE(cover({url_rule({"/healthz", "/healthz/*"}), url_rule({"/healthz*"})}));
  CHECK(cover({url_rule({"/*"}), url_rule({"/version"})}) == Covers{0});
  CHECK_FALSE(cover({url_rule({"/*"}), url_rule({"*"})}));
  CHECK(cover({url_rule({"*"}), url_rule({"/*"})}) == Covers{0});
}

TEST_CASE("texts that no rule mentions stay so when a rule mentions ours", "[reach]") {
  CHECK_FALSE(cover({users({"kaudit-other", "kaudit-otherx"}), verbs({"kaudit-other"}), {}}));
  CHECK_FALSE(cover({resource_rule({"kaudit-other"}), resource_rule({"*"})}));
  CHECK_FALSE(cover({url_rule({"/akaudit-other*", "/a/*"}), url_rule({"/a*"})}));
}

TEST_CASE("a witness has familiar texts where the rule looks at nothing", "[reach]") {
  const auto first = reach(policy_of({rule(users({"jane"}))}), {1, 36}).front();
  REQUIRE(first.witness);
  CHECK(first.witness->user == "jane");
  CHECK(first.witness->verb == "get");
  CHECK(first.witness->name_space == "default");
  CHECK(first.witness->resource == "kaudit-other");
}

TEST_CASE("what the budget does not reach is open, and a small rule is not starved by a large one", "[reach]") {
  std::vector<std::string> many;
  many.reserve(300);
  for (int i = 0; i < 300; ++i) many.push_back("text-" + std::to_string(i));
  RuleParts large;
  large.users = large.groups = large.verbs = many;
  std::vector<kaudit::policy::Rule> rules;
  for (const auto& user : many) {
    auto part = large;
    part.users = {user};
    rules.push_back(rule(part));
  }
  rules.push_back(rule(large));  // covered, after 27 million requests
  rules.push_back(rule(url_rule({"/x"})));
  const auto answers = reach(policy_of(std::move(rules)), {1, 36}, 20'000);
  CHECK(answers[300].answer == Reach::Answer::open);
  CHECK_FALSE(answers[300].witness);
  CHECK(answers[301].answer == Reach::Answer::reachable);
  const auto without = reach(policy_of({rule({}), rule({})}), {1, 36}, 0);
  CHECK(without[0].answer == Reach::Answer::open);
  CHECK(without[1].answer == Reach::Answer::open);
}

TEST_CASE("10,000 rules are all answered", "[reach]") {
  std::vector<kaudit::policy::Rule> rules;
  for (int i = 0; i < 10'000; ++i) {
    auto parts = resource_rule({"pods", "secrets/*", "*/status"});
    parts.users = {"user-" + std::to_string(i % 9'000)};
    parts.verbs = {"get", "list"};
    rules.push_back(rule(parts));
  }
  const auto answers = reach(policy_of(std::move(rules)), {1, 36});
  for (std::uint32_t i = 0; i < answers.size(); ++i) {
    const bool is_first = i < 9'000;
    if (answers[i].answer != (is_first ? Reach::Answer::reachable : Reach::Answer::unreachable)) FAIL("rule " << i);
    if (!is_first && answers[i].covered_by != Covers{i - 9'000}) FAIL("rule " << i);
  }
}
