#include "kaudit/policy/probe.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

#include "kaudit/policy/load.hpp"

using kaudit::kube::Version;
using kaudit::policy::find_probe;
using kaudit::policy::Level;
using kaudit::policy::Loading;
using kaudit::policy::Policy;
using kaudit::policy::Probe;
using kaudit::policy::ProbeSearch;
using kaudit::policy::RequestKind;
using kaudit::policy::serve_under;
using kaudit::policy::Subject;
using kaudit::text::Source;
using Certainty = Probe::Certainty;
using Why = ProbeSearch::Why;

namespace {

constexpr const char* k_name = "Kaudit_verify_x";
const Subject k_admin{"kubernetes-admin", {"kubeadm:cluster-admins", "system:authenticated"}};

/// The policy with these rules, and lines before them.
Policy policy_with(const std::string& rules, const std::string& before = "", Version version = {1, 37}) {
  const std::string text = "apiVersion: audit.k8s.io/v1\nkind: Policy\n" + before + "rules:\n" + rules;
  Loading loading = kaudit::policy::load(Source("policy.yaml", text), version);
  INFO(loading.server_error);
  REQUIRE(loading.policy);
  return *std::move(loading.policy);
}

ProbeSearch search(const std::string& rules, const Subject& subject = k_admin, const std::string& before = "") {
  return find_probe(policy_with(rules, before), {1, 37}, subject, k_name);
}

Probe found(const std::string& rules, const Subject& subject = k_admin, const std::string& before = "") {
  INFO(rules);
  ProbeSearch result = search(rules, subject, before);
  REQUIRE(result.probe);
  CHECK(result.why == Why::found);
  CHECK(result.probe->decision.level != Level::none);
  return *std::move(result.probe);
}

/// "GET /path".
std::string line_of(const Probe& probe) { return probe.method + " " + probe.target; }

std::string line_for(const std::string& rules, const std::string& before = "") {
  return line_of(found(rules, k_admin, before));
}

Why reason(const std::string& rules, const Subject& subject = k_admin, const std::string& before = "") {
  INFO(rules);
  const ProbeSearch result = search(rules, subject, before);
  CHECK_FALSE(result.probe);
  return result.why;
}

}  // namespace

TEST_CASE("A get of what cannot exist comes first") {
  const std::string get = "GET /api/v1/namespaces/Kaudit_verify_x/configmaps/Kaudit_verify_x";
  CHECK(line_for("- level: Metadata\n") == get);
  CHECK(line_for("- level: RequestResponse\n") == get);
  CHECK(line_for("- {level: Metadata, verbs: [create, delete, get]}\n") == get);
  CHECK(line_for("- {level: Metadata, resources: [{group: '', resources: [secrets]}]}\n") ==
        "GET /api/v1/namespaces/Kaudit_verify_x/secrets/Kaudit_verify_x");
  CHECK(line_for("- {level: Metadata, resources: [{group: apps, resources: [deployments/scale]}]}\n") ==
        "GET /apis/apps/v1/namespaces/Kaudit_verify_x/deployments/Kaudit_verify_x/scale");
  CHECK(line_for("- {level: Metadata, resources: [{group: '', resources: [nodes]}]}\n") ==
        "GET /api/v1/nodes/Kaudit_verify_x");
  CHECK(line_for("- {level: Metadata, resources: [{group: example.com, resources: ['*']}]}\n") ==
        "GET /apis/example.com/v1/namespaces/Kaudit_verify_x/Kaudit_verify_x/Kaudit_verify_x");
  CHECK(line_for("- {level: Metadata, resources: [{group: apps, resources: ['*/status']}]}\n")
            .starts_with("GET /apis/apps/v1/namespaces/Kaudit_verify_x/"));
}

TEST_CASE("A probe's decision is that of the rule which records it") {
  const Probe probe = found(
      "- {level: None, resources: [{group: '', resources: [configmaps]}]}\n"
      "- {level: Request, resources: [{group: '', resources: [configmaps, pods]}]}\n");
  CHECK(line_of(probe) == "GET /api/v1/namespaces/Kaudit_verify_x/pods/Kaudit_verify_x");
  CHECK(probe.decision.rule == 1U);
  CHECK(probe.decision.level == Level::request);
  CHECK(probe.request.user == "kubernetes-admin");
  CHECK(probe.request.verb == "get");
  CHECK(probe.request.name == k_name);
  CHECK(probe.body.empty());
}

TEST_CASE("Lists and watches ask for one name that cannot exist") {
  CHECK(line_for("- {level: Metadata, verbs: [list], resources: [{group: '', resources: [secrets]}]}\n") ==
        "GET /api/v1/namespaces/Kaudit_verify_x/secrets?limit=1&fieldSelector=metadata.name%3DKaudit_verify_x");
  const Probe watch =
      found("- {level: Metadata, verbs: [watch], resources: [{group: apps, resources: [deployments]}]}\n");
  CHECK(line_of(watch) ==
        "GET /apis/apps/v1/namespaces/Kaudit_verify_x/deployments?watch=true&timeoutSeconds=1&"
        "fieldSelector=metadata.name%3DKaudit_verify_x");
  CHECK(watch.request.verb == "watch");
  CHECK(watch.request.name == k_name);
}

TEST_CASE("URLs come after resources, and never those that do something") {
  CHECK(line_for("- {level: Metadata, nonResourceURLs: [/version]}\n") == "GET /version");
  CHECK(line_for("- {level: Metadata, nonResourceURLs: ['/healthz*']}\n") == "GET /healthz/Kaudit_verify_x");
  CHECK(line_for("- {level: None, nonResourceURLs: ['/healthz/*']}\n"
                 "- {level: Metadata, nonResourceURLs: ['/healthz*']}\n") == "GET /healthzKaudit_verify_x");
  CHECK(line_for("- {level: Metadata, verbs: [head], nonResourceURLs: [/livez]}\n") == "HEAD /livez");
  CHECK(line_for("- {level: None, resources: [{group: ''}]}\n- {level: Metadata, nonResourceURLs: ['*']}\n") ==
        "GET /version");
  CHECK(reason("- {level: Metadata, nonResourceURLs: ['/debug/*', /logs]}\n") == Why::not_harmless);
  CHECK(reason("- {level: Metadata, verbs: [post, put], nonResourceURLs: [/version]}\n") == Why::not_harmless);
}

TEST_CASE("Writes are dry, cannot be decoded, and come last") {
  const std::string path = "/api/v1/namespaces/Kaudit_verify_x/secrets";
  const auto write = [](const std::string& verb) {
    return found("- {level: Metadata, verbs: [" + verb + "], resources: [{group: '', resources: [secrets]}]}\n");
  };
  const Probe create = write("create");
  CHECK(line_of(create) == "POST " + path + "?dryRun=All");
  CHECK(create.body.front() == '"');
  CHECK(create.content_type == "application/json");
  CHECK(line_of(write("update")) == "PUT " + path + "/Kaudit_verify_x?dryRun=All");
  const Probe patch = write("patch");
  CHECK(line_of(patch) == "PATCH " + path + "/Kaudit_verify_x?dryRun=All");
  CHECK(patch.content_type == "application/merge-patch+json");
  const Probe remove = write("delete");
  CHECK(line_of(remove) == "DELETE " + path + "/Kaudit_verify_x?dryRun=All");
  CHECK(remove.body == R"({"apiVersion":"v1","kind":"DeleteOptions","dryRun":["All"],)"
                       R"("preconditions":{"uid":"Kaudit_verify_x"}})");
  CHECK(line_of(write("delete, create")) == line_of(create));
}

TEST_CASE("What must not be touched is not asked for") {
  const auto of = [](const std::string& verbs, const std::string& group, const std::string& resource) {
    return "- {level: Metadata, verbs: [" + verbs + "], resources: [{group: '" + group + "', resources: [" + resource +
           "]}]}\n";
  };
  CHECK(reason(of("deletecollection", "", "secrets")) == Why::not_harmless);
  for (const char* resource :
       {"pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy", "nodes/proxy"}) {
    CHECK(reason(of("get, create, update, delete", "", resource)) == Why::not_harmless);
  }
  CHECK(reason(of("create", "", "serviceaccounts/token")) == Why::not_harmless);
  CHECK(reason(of("create", "authentication.k8s.io", "tokenreviews")) == Why::not_harmless);
  // A path that the server would read otherwise: with the verb in it.
  CHECK(reason(
            "- {level: Metadata, verbs: [delete], namespaces: [''], resources: [{group: '', resources: [watch]}]}\n") ==
        Why::not_harmless);
}

TEST_CASE("Namespaces and names of the rules are kept to") {
  CHECK(line_for("- {level: Metadata, namespaces: [prod], resources: [{group: '', resources: [secrets]}]}\n") ==
        "GET /api/v1/namespaces/prod/secrets/Kaudit_verify_x");
  CHECK(line_for("- {level: Metadata, resources: [{group: '', resources: [secrets], resourceNames: [db]}]}\n") ==
        "GET /api/v1/namespaces/Kaudit_verify_x/secrets/db");
  CHECK(line_for("- {level: Metadata, namespaces: [''], resources: [{group: '', resources: [secrets]}]}\n") ==
        "GET /api/v1/secrets/Kaudit_verify_x");
  CHECK(line_for("- {level: Metadata, namespaces: [prod]}\n") ==
        "GET /api/v1/namespaces/prod/configmaps/Kaudit_verify_x");
}

TEST_CASE("What may exist comes last, and its content is never recorded by us") {
  const std::string named = "namespaces: [prod], resources: [{group: '', resources: [secrets], resourceNames: [db]}]";
  CHECK(line_for("- {level: Metadata, " + named + "}\n") == "GET /api/v1/namespaces/prod/secrets/db");
  // A create that cannot come to anything goes before reading a secret.
  CHECK(line_for("- {level: Metadata, verbs: [get], " + named +
                 "}\n- {level: Metadata, verbs: [create], resources: [{group: '', resources: [pods]}]}\n")
            .starts_with("POST /api/v1/namespaces/Kaudit_verify_x/pods?dryRun=All"));
  CHECK(reason("- {level: RequestResponse, verbs: [get, list, watch, delete], " + named + "}\n") == Why::not_harmless);
  CHECK(line_for("- {level: Metadata, verbs: [delete], " + named + "}\n") ==
        "DELETE /api/v1/namespaces/prod/secrets/db?dryRun=All");
  CHECK(reason("- {level: Metadata, verbs: [update], namespaces: [prod], resources: [{group: '', resources: "
               "[pods/status], resourceNames: [a]}]}\n") == Why::not_harmless);
}

TEST_CASE("An event must be written at a stage that the request goes through") {
  CHECK(reason("- {level: None}\n") == Why::records_nothing);
  CHECK(reason("- {level: Metadata, omitStages: [RequestReceived, ResponseStarted, ResponseComplete]}\n") ==
        Why::records_nothing);
  // Only long-running requests have a stage ResponseStarted.
  CHECK(line_for("- {level: Metadata, omitStages: [RequestReceived, ResponseComplete]}\n").find("watch=true") !=
        std::string::npos);
  CHECK(line_for(
            "- {level: Metadata, omitStages: [RequestReceived], resources: [{group: '', resources: [pods/log]}]}\n",
            "omitStages: [ResponseComplete]\n") == "GET /api/v1/namespaces/Kaudit_verify_x/pods/Kaudit_verify_x/log");
  CHECK(reason("- {level: Metadata, verbs: [get], omitStages: [ResponseComplete], resources: [{group: '', resources: "
               "[secrets]}]}\n",
               k_admin, "omitStages: [RequestReceived]\n") == Why::not_harmless);
}

TEST_CASE("The user and the groups decide") {
  CHECK(reason("- {level: Metadata, users: [alice]}\n") == Why::other_users);
  CHECK(reason("- {level: None, userGroups: ['system:authenticated']}\n- {level: Metadata}\n") == Why::other_users);
  CHECK(found("- {level: Metadata, users: [kubernetes-admin]}\n").decision.rule == 0U);
  CHECK(found("- {level: Metadata, userGroups: ['kubeadm:cluster-admins']}\n").decision.rule == 0U);
  CHECK(line_for("- {level: None, users: [kubernetes-admin], verbs: [get, list, watch]}\n"
                 "- {level: Metadata, resources: [{group: '', resources: [secrets]}]}\n")
            .starts_with("POST /api/v1/namespaces/Kaudit_verify_x/secrets"));
}

TEST_CASE("Where the user is not known, what does not look at users goes first") {
  const Subject nobody;
  const Probe certain = found(
      "- {level: None, userGroups: [a], verbs: [get]}\n"
      "- {level: Metadata, users: [b], verbs: [list]}\n"
      "- {level: Metadata, verbs: [get, list, create]}\n",
      nobody);
  CHECK(certain.certainty == Certainty::certain);
  CHECK(certain.request.verb == "list");
  CHECK(certain.decision.rule == 2U);
  const Probe depends = found("- {level: None, userGroups: [a]}\n- {level: Metadata}\n", nobody);
  CHECK(depends.certainty == Certainty::depends_on_user);
  CHECK(depends.decision.rule == 1U);
  CHECK(reason("- {level: Metadata, users: [b]}\n", nobody) == Why::other_users);
}

TEST_CASE("A probe goes to the version that its group is served under") {
  Probe probe = found("- {level: Metadata, verbs: [list], resources: [{group: example.com, resources: [things]}]}\n");
  serve_under(probe, "v1beta1");
  CHECK(probe.target ==
        "/apis/example.com/v1beta1/namespaces/Kaudit_verify_x/things?limit=1&fieldSelector=metadata."
        "name%3DKaudit_verify_x");
  Probe core = found("- level: Metadata\n");
  const std::string before = core.target;
  serve_under(core, "v2");
  CHECK(core.target == before);
}

TEST_CASE("Texts of a policy that would need escapes in a URL are passed over") {
  CHECK(reason("- {level: Metadata, resources: [{group: '', resources: ['a b', 'a?x', '..']}]}\n") ==
        Why::not_harmless);
  CHECK(reason("- {level: Metadata, nonResourceURLs: [/a%20b, '/a/../b']}\n") == Why::not_harmless);
}

TEST_CASE("Group \"*\" is every group since 1.36") {
  const std::string rules = "- {level: Metadata, resources: [{group: '*', resources: [deployments]}]}\n";
  const ProbeSearch now = find_probe(policy_with(rules), {1, 37}, k_admin, k_name);
  REQUIRE(now.probe);
  CHECK(line_of(*now.probe) == "GET /apis/apps/v1/namespaces/Kaudit_verify_x/deployments/Kaudit_verify_x");
  const ProbeSearch before = find_probe(policy_with(rules, "", {1, 30}), {1, 30}, k_admin, k_name);
  CHECK_FALSE(before.probe);
}

TEST_CASE("A policy of ten thousand rules is searched in bounded time") {
  std::string rules;
  for (int i = 0; i < 10000; ++i) rules += "- {level: Metadata, verbs: [deletecollection]}\n";
  CHECK(reason(rules) == Why::not_harmless);
}
