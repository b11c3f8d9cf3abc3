// What lint says of the names of groups, resources and verbs.

#include "support/catch.hpp"

#include "policy/lint_support.hpp"

using kaudit::kube::Version;
using kaudit::test::codes;
using kaudit::test::codes_and_hints;
using kaudit::test::lint_text;
using kaudit::test::with_resource;
using kaudit::test::with_rules;
using Strings = std::vector<std::string>;

namespace {

Strings of_resource(const std::string& group, const std::string& resource,
                    Version version = kaudit::kube::k_newest_known) {
  std::vector<kaudit::text::Diagnostic> findings = lint_text(with_resource(group, resource), version);
  std::erase_if(findings, [](const auto& finding) { return finding.field == "omitManagedFields"; });  // before 1.23
  return codes_and_hints(findings);
}

Strings of_group(const std::string& group) {
  return codes_and_hints(
      lint_text(with_rules("- level: None\n  verbs: [get]\n  resources: [{group: " + group + "}]\n")));
}

Strings of_verb(const std::string& verb) {
  return codes_and_hints(lint_text(
      with_rules("- level: None\n  verbs: [\"" + verb + "\"]\n  resources: [{group: \"\", resources: [pods]}]\n")));
}

}  // namespace

TEST_CASE("a resource is named by its plural: singulars, kinds and short names of its group are not", "[lint]") {
  CHECK(of_resource("", "pod") == Strings{"singular-resource: did you mean pods?"});
  CHECK(of_resource("apps", "deploy") == Strings{"singular-resource: did you mean deployments?"});
  CHECK(of_resource("", "Pod") == Strings{"wrong-case-resource: did you mean pods?"});
  CHECK(of_resource("apps", "Deployment") == Strings{"wrong-case-resource: did you mean deployments?"});
  CHECK(of_resource("", "pod/exec") == Strings{"singular-resource: did you mean pods/exec?"});
  CHECK(of_resource("example.com", "Widgets") == Strings{"wrong-case-resource: did you mean widgets?"});
  CHECK(of_resource("", "endpoints").empty());
  CHECK(of_resource("example.com", "pod").empty());
}

TEST_CASE("since 1.36 a group * is every group, whose resources are named by their plural, too", "[lint]") {
  CHECK(of_resource("*", "pod") == Strings{"singular-resource: did you mean pods?"});
  CHECK(of_resource("*", "widgets").empty());
  CHECK(of_resource("*", "deployments").empty());
  CHECK(of_resource("*", "*/status").empty());
}

TEST_CASE("a resource is named in a group that serves it in this version", "[lint]") {
  CHECK(of_resource("", "deployments") == Strings{"wrong-group: name deployments in group: \"apps\""});
  CHECK(of_resource("extensions", "deployments") == Strings{"wrong-group: name deployments in group: \"apps\""});
  CHECK(of_resource("apps", "jobs") == Strings{"wrong-group: name jobs in group: \"batch\""});
  CHECK(of_resource("apps", "pod") == Strings{"wrong-group: name pods in group: \"\""});
  CHECK(of_resource("extensions", "ingresses", {1, 21}).empty());
  CHECK(of_resource("extensions", "ingresses", {1, 22}) ==
        Strings{"wrong-group: name it in group: \"networking.k8s.io\""});
  CHECK(of_resource("policy", "podsecuritypolicies", {1, 24}).empty());
  CHECK(of_resource("policy", "podsecuritypolicies", {1, 25}).empty());
  CHECK(of_resource("events.k8s.io", "events").empty());
  CHECK(of_resource("metrics.k8s.io", "pods").empty());
  CHECK(of_resource("route.openshift.io", "ingresses").empty());
}

TEST_CASE("a resource with a wildcard behind the slash is in the wrong group like any other", "[lint]") {
  const Version before{1, 30};
  CHECK(of_resource("", "deployments/*", before) == Strings{"wrong-group: name deployments in group: \"apps\""});
  CHECK(of_resource("", "tokenreviews/*") ==
        Strings{"wrong-group: name tokenreviews in group: \"authentication.k8s.io\""});
  CHECK(of_resource("", "pods/*").empty());
}

TEST_CASE("of somebody's own group a name that no path leaves is said", "[lint]") {
  CHECK(of_resource("example.com", "widgets/").size() == 1);
  CHECK(of_resource("example.com", "*/").size() == 1);
  CHECK(of_resource("example.com", "a/b/c").size() == 1);
  CHECK(of_resource("example.com", "widgets/status").empty());
  CHECK(of_resource("example.com", "*/status").empty());
}

TEST_CASE("a resource that no version has is misspelt; what a version had or will have is not", "[lint]") {
  CHECK(of_resource("", "secert") == Strings{"unknown-resource: did you mean secrets?"});
  CHECK(of_resource("rbac.authorization.k8s.io", "rolebindigs") ==
        Strings{"unknown-resource: did you mean rolebindings?"});
  CHECK(codes(lint_text(with_resource("", "container"))) == Strings{"unknown-resource"});
  CHECK(codes(lint_text(with_resource("", ""))) == Strings{"unknown-resource"});
  CHECK(of_resource("scheduling.k8s.io", "podgroups", {1, 20}).empty());
}

TEST_CASE("a part of a resource is written behind a slash", "[lint]") {
  CHECK(of_resource("", "exec") == Strings{"subresource-meant: write pods/exec"});
  CHECK(of_resource("", "logs") == Strings{"subresource-meant: write pods/log"});
  CHECK(of_resource("", "status") == Strings{"subresource-meant: write */status"});
  CHECK(of_resource("", "pods.exec") == Strings{"subresource-meant: write pods/exec"});
  CHECK(of_resource("", "pods/exce") == Strings{"unknown-subresource: did you mean pods/exec?"});
  CHECK(codes(lint_text(with_resource("", "pods/"))) == Strings{"unknown-subresource"});
  CHECK(codes(lint_text(with_resource("", "endpoints/status"))) == Strings{"unknown-subresource"});
  CHECK(of_resource("", "*/exce") == Strings{"unknown-subresource: did you mean */exec?"});
  CHECK(of_resource("authorization.k8s.io", "*/status").empty());
  CHECK(of_resource("", "pods/*").empty());
  CHECK(of_resource("", "serviceaccounts/token").empty());
}

TEST_CASE("a star is a wildcard only alone, before a slash or behind one", "[lint]") {
  CHECK(codes(lint_text(with_resource("", "*/*"))) == Strings{"literal-star"});
  CHECK(codes(lint_text(with_resource("", "pod*"))) == Strings{"literal-star"});
  CHECK(codes(lint_text(with_resource("example.com", "pods/ex*"))) == Strings{"literal-star"});
  CHECK(of_resource("", "*").empty());
  CHECK(of_resource("", "*/log").empty());
}

TEST_CASE("a group is written beside its resources, without a version", "[lint]") {
  CHECK(of_resource("", "deployments.apps") == Strings{"group-in-resource: write group: \"apps\" and \"deployments\""});
  CHECK(of_resource("", "apps/deployments") == Strings{"group-in-resource: write group: \"apps\" and \"deployments\""});
  CHECK(of_group("v1") == Strings{"version-in-group: the core group, whose apiVersion is v1, is written group: \"\""});
  CHECK(of_group("v1beta1") ==
        Strings{"version-in-group: the core group, whose apiVersion is v1, is written group: \"\""});
  const auto in_apps = Strings{"version-in-group: write group: \"apps\", which is for all versions of it"};
  CHECK(of_group("apps.v1") == in_apps);
  CHECK(of_group("v1.apps") == in_apps);
  CHECK(of_group("v1beta1.networking.k8s.io") ==
        Strings{"version-in-group: write group: \"networking.k8s.io\", which is for all versions of it"});
  CHECK(of_group("core.v1") ==
        Strings{"version-in-group: the core group, whose apiVersion is v1, is written group: \"\""});
  CHECK(of_group("apps.v1.example.com").empty());
  CHECK(of_resource("v1.example.com", "deployments").empty());
  CHECK(of_group("core") == Strings{"unknown-group: did you mean group: \"\", the core group?"});
  CHECK(of_group("rbac") == Strings{"unknown-group: did you mean group: \"rbac.authorization.k8s.io\"?"});
  CHECK(of_group("networking") == Strings{"unknown-group: did you mean group: \"networking.k8s.io\"?"});
  CHECK(of_group("app") == Strings{"unknown-group: did you mean group: \"apps\"?"});
  CHECK(of_group("deployments") == Strings{"unknown-group: did you mean group: \"apps\"?"});
  CHECK(of_resource("apps.k8s.io", "deployments") == Strings{"unknown-group: did you mean group: \"apps\"?"});
  CHECK(of_resource("rbac.authorisation.k8s.io", "roles") ==
        Strings{"unknown-group: did you mean group: \"rbac.authorization.k8s.io\"?"});
  CHECK(of_resource("authorization.rbac.k8s.io", "roles") ==
        Strings{"unknown-group: did you mean group: \"rbac.authorization.k8s.io\"?"});
  CHECK(of_resource("apiserver.k8s.io", "flowschemas") ==
        Strings{"unknown-group: did you mean group: \"flowcontrol.apiserver.k8s.io\"?"});
  CHECK(of_resource("extensions.k8s.io", "ingresses") ==
        Strings{"unknown-group: did you mean group: \"networking.k8s.io\"?"});
  CHECK(of_resource("authorization.rbac.k8s.io", "grants").empty());
  CHECK(of_resource("snapshot.storage.k8s.io", "volumeattachments").empty());
  CHECK(of_resource("extensions.k8s.io", "widgets").empty());
  CHECK(of_group("rbac.authorisation.k8s.io").empty());  // without resources nobody knows what was meant
  CHECK(of_group("extensions").empty());
  CHECK(of_group("v1.example.com").empty());
  CHECK(of_resource("autoscaling.k8s.io", "verticalpodautoscalers").empty());
}

TEST_CASE("a policy that the server refuses for its group is told what the group is", "[lint]") {
  const auto findings = lint_text(with_resource("apps/v1", "deployments"));
  CHECK(codes_and_hints(findings) ==
        Strings{"version-in-group: write group: \"apps\", which is for all versions of it"});
  CHECK(findings.at(0).field == "rules[0].resources[0].group");
}

TEST_CASE("a verb that no request has is an error, with the verbs that are meant", "[lint]") {
  CHECK(of_verb("GET") == Strings{"unknown-verb: did you mean get?"});
  CHECK(of_verb("read") == Strings{"unknown-verb: did you mean get, list, watch?"});
  CHECK(of_verb("write") == Strings{"unknown-verb: did you mean create, update, patch, delete, deletecollection?"});
  CHECK(of_verb("delet") == Strings{"unknown-verb: did you mean delete?"});
  CHECK(of_verb("get,list") == Strings{"unknown-verb: write every verb as a text of its own: [get, list]"});
  CHECK(of_verb("impersonate") == Strings{"unknown-verb: only authorization knows this verb: no request has it"});
  CHECK(of_verb("post") == Strings{"unknown-verb: did you mean create?"});
  CHECK(of_verb("*") == Strings{"literal-star: leave verbs out: a rule without verbs is for all of them"});
  CHECK(of_verb("exec") == Strings{"subresource-meant: name the resource pods/exec, with the verbs get, create"});
  CHECK(of_verb("proxy").empty());
  CHECK(of_verb("deletecollection").empty());
}

TEST_CASE("requests for URLs have the HTTP method for a verb", "[lint]") {
  const auto of = [](const std::string& verbs) {
    return codes(lint_text(with_rules("- level: None\n  verbs: " + verbs + "\n  nonResourceURLs: [/healthz]\n")));
  };
  CHECK(of("[list, watch]") == Strings{"unknown-verb"});
  CHECK(of("[GET]") == Strings{"unknown-verb"});
  CHECK(of("[get, list, watch]").empty());
  CHECK(of("[post, options]").empty());
  CHECK(codes(lint_text(with_rules("- level: None\n  verbs: [head]\n"))).empty());
}

TEST_CASE("what is in no namespace is not matched by a rule for a namespace", "[lint]") {
  const auto of = [](const std::string& namespaces, const std::string& group, const std::string& resource) {
    return codes(lint_text(with_rules("- level: None\n  namespaces: " + namespaces +
                                      "\n  resources: [{group: " + group + ", resources: [" + resource + "]}]\n")));
  };
  CHECK(of("[kube-system]", "rbac.authorization.k8s.io", "clusterroles") == Strings{"namespaced-cluster-resource"});
  CHECK(of("[kube-system]", "''", "nodes/status") == Strings{"namespaced-cluster-resource"});
  CHECK(of("[kube-system, '']", "''", "nodes").empty());
  CHECK(of("[kube-system]", "''", "namespaces").empty());
  CHECK(of("[kube-system]", "rbac.authorization.k8s.io", "roles").empty());
}
