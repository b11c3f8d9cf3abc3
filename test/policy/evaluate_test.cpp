#include "kaudit/policy/evaluate.hpp"

#include <thread>

#include "support/catch.hpp"

#include "policy/reference.hpp"

using kaudit::kube::Version;
using kaudit::policy::Evaluator;
using kaudit::policy::Mismatch;
using kaudit::policy::OwnedRequest;
using kaudit::policy::Policy;
using kaudit::policy::RequestKind;
using kaudit::test::entry;
using kaudit::test::policy_of;
using kaudit::test::rule;
using kaudit::test::RuleParts;
using kaudit::test::View;

namespace {

constexpr Version k_version{1, 36};

OwnedRequest resource(const std::string& name, const std::string& subresource = "") {
  OwnedRequest request;
  request.user = "jane";
  request.groups = {"developers", "system:authenticated"};
  request.verb = "get";
  request.name_space = "prod";
  request.resource = name;
  request.subresource = subresource;
  request.name = "web";
  request.path = "/api/v1/namespaces/prod/" + name + "/web";
  return request;
}

OwnedRequest path(const std::string& path) {
  OwnedRequest request;
  request.user = "jane";
  request.groups = {"system:authenticated"};
  request.verb = "get";
  request.path = path;
  request.kind = RequestKind::non_resource;
  return request;
}

std::optional<std::uint32_t> decide(const Policy& policy, const OwnedRequest& request, Version version = k_version) {
  const View view(request);
  return Evaluator::compile(policy, version).decide(view.attributes()).rule;
}

Mismatch why(const RuleParts& parts, const OwnedRequest& request, Version version = k_version) {
  const View view(request);
  const auto one = rule(parts);
  const auto reason = mismatch(one, view.attributes(), version);
  CHECK(decide(policy_of({one}), request, version).has_value() == (reason == Mismatch::none));
  return reason;
}

RuleParts resources(const std::vector<std::string>& patterns, const std::vector<std::string>& names = {}) {
  RuleParts parts;
  parts.resources = {entry("", patterns, names)};
  return parts;
}

RuleParts urls(const std::vector<std::string>& texts) {
  RuleParts parts;
  parts.urls = texts;
  return parts;
}

}  // namespace

TEST_CASE("resource pods does not match pods/log", "[evaluate]") {
  CHECK(why(resources({"pods"}), resource("pods")) == Mismatch::none);
  CHECK(why(resources({"pods"}), resource("pods", "log")) == Mismatch::resources);
}

TEST_CASE("pods/* matches pods itself and every subresource of it", "[evaluate]") {
  CHECK(why(resources({"pods/*"}), resource("pods")) == Mismatch::none);
  CHECK(why(resources({"pods/*"}), resource("pods", "log")) == Mismatch::none);
  CHECK(why(resources({"pods/*"}), resource("podtemplates")) == Mismatch::resources);
}

TEST_CASE("resource * matches resources and subresources", "[evaluate]") {
  CHECK(why(resources({"*"}), resource("secrets")) == Mismatch::none);
  CHECK(why(resources({"*"}), resource("pods", "exec")) == Mismatch::none);
}

TEST_CASE("*/status matches requests for that subresource only", "[evaluate]") {
  CHECK(why(resources({"*/status"}), resource("pods", "status")) == Mismatch::none);
  CHECK(why(resources({"*/status"}), resource("pods")) == Mismatch::resources);
  CHECK(why(resources({"*/status"}), resource("pods", "scale")) == Mismatch::resources);
}

TEST_CASE("*/* matches no request that a server makes, and pods/ nothing", "[evaluate]") {
  CHECK(why(resources({"*/*"}), resource("pods", "status")) == Mismatch::resources);
  CHECK(why(resources({"pods/"}), resource("pods")) == Mismatch::resources);
  CHECK(why(resources({"pods/"}), resource("pods", "log")) == Mismatch::resources);
}

TEST_CASE("a pattern with several slashes matches however a request cuts it", "[evaluate]") {
  CHECK(why(resources({"a/b/c"}), resource("a", "b/c")) == Mismatch::none);
  CHECK(why(resources({"a/b/c"}), resource("a/b", "c")) == Mismatch::none);
  CHECK(why(resources({"a/b/c"}), resource("a/b/c")) == Mismatch::none);
  CHECK(why(resources({"a/b/c"}), resource("a", "b")) == Mismatch::resources);
}

TEST_CASE("* in verbs, users, userGroups, namespaces and resourceNames is a literal", "[evaluate]") {
  RuleParts parts;
  SECTION("verbs") {
    parts.verbs = {"*"};
    CHECK(why(parts, resource("pods")) == Mismatch::verbs);
  }
  SECTION("users") {
    parts.users = {"*", "ja*"};
    CHECK(why(parts, resource("pods")) == Mismatch::users);
  }
  SECTION("userGroups") {
    parts.groups = {"system:*"};
    CHECK(why(parts, resource("pods")) == Mismatch::user_groups);
  }
  SECTION("namespaces") {
    parts.namespaces = {"*", "pr*"};
    CHECK(why(parts, resource("pods")) == Mismatch::namespaces);
  }
  SECTION("resourceNames") { CHECK(why(resources({"pods"}, {"*"}), resource("pods")) == Mismatch::resource_names); }
}

TEST_CASE("comparisons are case-sensitive", "[evaluate]") {
  CHECK(why(resources({"Pods"}), resource("pods")) == Mismatch::resources);
}

TEST_CASE("namespace \"\" is cluster-scoped objects and lists of all namespaces", "[evaluate]") {
  RuleParts parts;
  parts.namespaces = {""};
  auto request = resource("nodes");
  CHECK(why(parts, request) == Mismatch::namespaces);
  request.name_space = "";
  CHECK(why(parts, request) == Mismatch::none);
}

TEST_CASE("a rule with namespaces or resources never matches a request for a URL", "[evaluate]") {
  RuleParts parts;
  parts.namespaces = {"", "prod"};
  CHECK(why(parts, path("/healthz")) == Mismatch::kind);
  CHECK(why(resources({"*"}), path("/healthz")) == Mismatch::kind);
  parts.urls = {"*"};
  CHECK(why(parts, path("/healthz")) == Mismatch::kind);
}

TEST_CASE("a rule with nonResourceURLs never matches a request for a resource", "[evaluate]") {
  CHECK(why(urls({"*"}), resource("pods")) == Mismatch::kind);
}

TEST_CASE("a rule with neither matches requests of both kinds", "[evaluate]") {
  CHECK(why({}, path("/healthz")) == Mismatch::none);
  CHECK(why({}, resource("pods")) == Mismatch::none);
}

TEST_CASE("resourceNames match neither create nor an unfiltered list, which have no name", "[evaluate]") {
  auto request = resource("pods");
  CHECK(why(resources({"pods"}, {"web"}), request) == Mismatch::none);
  request.name = "";
  CHECK(why(resources({"pods"}, {"web"}), request) == Mismatch::resource_names);
}

TEST_CASE("an entry without resources is all of its group, whatever its resourceNames", "[evaluate]") {
  CHECK(why(resources({}, {"other"}), resource("pods", "exec")) == Mismatch::none);
}

TEST_CASE("a name belongs to its own entry of resources", "[evaluate]") {
  RuleParts parts;
  parts.resources = {entry("", {"pods"}, {"db"}), entry("", {"secrets"}, {"web"})};
  CHECK(why(parts, resource("pods")) == Mismatch::resource_names);
  CHECK(why(parts, resource("secrets")) == Mismatch::none);
  parts.resources.push_back(entry("", {"configmaps"}));
  CHECK(why(parts, resource("pods")) == Mismatch::resource_names);
  CHECK(why(parts, resource("configmaps")) == Mismatch::none);
}

TEST_CASE("group * is every group since 1.36 and a name before", "[evaluate]") {
  RuleParts parts;
  parts.resources = {entry("*", {"deployments"})};
  auto request = resource("deployments");
  request.api_group = "apps";
  CHECK(why(parts, request, {1, 36}) == Mismatch::none);
  CHECK(why(parts, request, {1, 37}) == Mismatch::none);
  CHECK(why(parts, request, {1, 35}) == Mismatch::resources);
  request.api_group = "*";
  CHECK(why(parts, request, {1, 35}) == Mismatch::none);
  CHECK(why(parts, request, {1, 36}) == Mismatch::none);
}

TEST_CASE("/healthz* also matches /healthzfoo and /healthz/etcd", "[evaluate]") {
  CHECK(why(urls({"/healthz*"}), path("/healthz")) == Mismatch::none);
  CHECK(why(urls({"/healthz*"}), path("/healthzfoo")) == Mismatch::none);
  CHECK(why(urls({"/healthz*"}), path("/healthz/etcd")) == Mismatch::none);
  CHECK(why(urls({"/healthz*"}), path("/health")) == Mismatch::non_resource_urls);
  CHECK(why(urls({"/healthz"}), path("/healthz/etcd")) == Mismatch::non_resource_urls);
}

TEST_CASE("an unauthenticated request matches no rule with users or userGroups", "[evaluate]") {
  auto request = resource("pods");
  request.user.reset();
  RuleParts parts;
  parts.users = {"", "jane"};
  CHECK(why(parts, request) == Mismatch::users);
  parts.users = {};
  parts.groups = {"developers"};
  CHECK(why(parts, request) == Mismatch::user_groups);
  CHECK(why({}, request) == Mismatch::none);
}

TEST_CASE("nothing after an unconditional rule decides", "[evaluate]") {
  const auto policy = policy_of({rule(urls({"/x"})), rule({}), rule(resources({"pods"}))});
  CHECK(decide(policy, resource("pods")) == 1);
  CHECK(decide(policy, path("/x")) == 0);
}

TEST_CASE("without a rule that matches the level is None and the policy's own settings hold", "[evaluate]") {
  auto policy = policy_of({rule(resources({"pods"}))});
  policy.omit_stages = kaudit::test::list({"RequestReceived", "Nonsense"});
  policy.omit_managed_fields = true;
  const auto request = resource("secrets");
  const View view(request);
  const auto decision = Evaluator::compile(policy, k_version).decide(view.attributes());
  CHECK_FALSE(decision.rule);
  CHECK(decision.level == kaudit::policy::Level::none);
  CHECK(decision.omit_stages.contains(kaudit::policy::Stage::request_received));
  CHECK_FALSE(decision.omit_stages.contains(kaudit::policy::Stage::panic));
  CHECK(decision.managed_fields == kaudit::policy::ManagedFields::omitted);
}

TEST_CASE("a rule's stages are its own and the policy's; its managed fields are its own, else the policy's",
          "[evaluate]") {
  auto policy = policy_of({rule(resources({"pods"})), rule(resources({"secrets"}))});
  policy.omit_stages = kaudit::test::list({"RequestReceived"});
  policy.omit_managed_fields = true;
  policy.rules[0].omit_stages = kaudit::test::list({"Panic", "RequestReceived"});
  policy.rules[0].omit_managed_fields = false;
  policy.rules[0].level.value = "RequestResponse";
  const auto evaluator = Evaluator::compile(policy, k_version);
  const auto pods = resource("pods");
  const auto secrets = resource("secrets");
  const auto first = evaluator.decide(View(pods).attributes());
  CHECK(first.level == kaudit::policy::Level::request_response);
  CHECK(first.omit_stages.contains(kaudit::policy::Stage::request_received));
  CHECK(first.omit_stages.contains(kaudit::policy::Stage::panic));
  CHECK_FALSE(first.omit_stages.contains(kaudit::policy::Stage::response_complete));
  CHECK(first.managed_fields == kaudit::policy::ManagedFields::kept);
  const auto second = evaluator.decide(View(secrets).attributes());
  CHECK_FALSE(second.omit_stages.contains(kaudit::policy::Stage::panic));
  CHECK(second.managed_fields == kaudit::policy::ManagedFields::omitted);
}

TEST_CASE("a policy without rules decides nothing", "[evaluate]") { CHECK_FALSE(decide({}, resource("pods"))); }

TEST_CASE("an evaluator outlives its policy, may be moved, and serves several threads", "[evaluate]") {
  auto policy = std::make_unique<Policy>(policy_of({rule(resources({"secrets"})), rule(resources({"pods/*"}))}));
  auto first = Evaluator::compile(*policy, k_version);
  policy.reset();
  const auto evaluator = std::move(first);
  const auto request = resource("pods", "exec");
  const View view(request);
  const auto work = [&](std::size_t& right) {
    for (int i = 0; i < 10'000; ++i) right += evaluator.decide(view.attributes()).rule == 1U ? 1U : 0U;
  };
  std::size_t here = 0;
  std::size_t there = 0;
  std::thread other(work, std::ref(there));
  work(here);
  other.join();
  CHECK(here == 10'000);
  CHECK(there == 10'000);
}
