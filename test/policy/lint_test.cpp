// What lint says of conditions, of rules among themselves, and of what the policy records.

#include <algorithm>

#include "support/catch.hpp"

#include "policy/lint_support.hpp"

using kaudit::kube::Version;
using kaudit::test::codes;
using kaudit::test::codes_and_hints;
using kaudit::test::lint_text;
using kaudit::test::with_rules;
using kaudit::text::Severity;
using Strings = std::vector<std::string>;

namespace {

const std::string k_head = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";

Strings of_bodies(const std::string& rules) {
  Strings messages;
  for (const auto& finding : lint_text(with_rules(rules))) {
    if (finding.code == "secret-bodies") messages.push_back(finding.field + ": " + finding.message);
  }
  return messages;
}

}  // namespace

TEST_CASE("a key that the server drops is an error, with the field that was meant", "[lint]") {
  const auto of = [](const std::string& rule, Version version = {1, 30}) {
    return codes_and_hints(lint_text(with_rules("- level: None\n" + rule), version));
  };
  CHECK(of("  verbs: [get]\n  Users: [a]\n") == Strings{"unknown-field: did you mean users?"});
  CHECK(of("  verbs: [get]\n  nonResourceUrls: [/a]\n") == Strings{"unknown-field: did you mean nonResourceURLs?"});
  CHECK(of("  verbs: [get]\n  namespace: [a]\n") == Strings{"unknown-field: did you mean namespaces?"});
  CHECK(of("  verbs: [get]\n  description: what for\n") ==
        Strings{"unknown-field: take it out; a remark for people is written as a comment, behind #"});
  CHECK(of("  resources:\n  - group: apps\n    verbs: [get]\n") ==
        Strings{"unknown-field: verbs belongs to the rule: give it the indentation of `level`"});
  CHECK(of("  verbs: [get]\n  resourceNames: [a]\n").at(0).find("resources: [{group:") != std::string::npos);
}

TEST_CASE("the finding says whether the server would warn of a key that it drops", "[lint]") {
  const std::string text = with_rules("- level: None\n  verbs: [get]\n  user: [a]\n");
  const auto message_at = [&](Version version) {
    for (const auto& finding : lint_text(text, version)) {
      if (finding.field == "rules[0].user") return finding.message;
    }
    return std::string();
  };
  CHECK(message_at({1, 25}).find("silently drops it") != std::string::npos);
  CHECK(message_at({1, 26}).find("only warns and drops it") != std::string::npos);
}

TEST_CASE("what is dropped of the metadata is a warning: nothing is recorded otherwise for it", "[lint]") {
  const auto severity_of = [](const std::string& text) {
    const auto findings = lint_text(text);
    REQUIRE(findings.size() == 1);
    return findings[0].severity;
  };
  const std::string rules = "omitStages: [RequestReceived]\nrules:\n- level: Metadata\n";
  CHECK(severity_of(k_head + "metadata: {nmae: a}\n" + rules) == Severity::warning);
  CHECK(severity_of(k_head + "metadata: {name: a, name: b}\n" + rules) == Severity::warning);
  CHECK(severity_of(k_head + "metadata: {name: a}\nmetadata: {}\n" + rules) == Severity::warning);
  CHECK(severity_of(k_head + rules + "  verbs: [get]\n  verbs: [create]\n") == Severity::error);
}

TEST_CASE("omitManagedFields is dropped before 1.23", "[lint]") {
  const std::string text = with_rules("");
  CHECK(codes(lint_text(text, {1, 22})) == Strings{"unknown-field"});
  CHECK(lint_text(text, {1, 23}).empty());
}

TEST_CASE("of an unknown version, what any known one drops is found, with the versions it is for", "[lint]") {
  const auto of = [](const std::string& text) {
    const kaudit::text::Source source("policy.yaml", text);
    const auto loading = kaudit::policy::load_strictest(source);
    REQUIRE(loading.verdict == kaudit::policy::Loading::Verdict::accepted);
    Strings lines;
    for (const auto& finding : kaudit::policy::lint_every_version(
             source, kaudit::policy::reach(*loading.policy, kaudit::kube::k_newest_known))) {
      lines.push_back(finding.code + ": " + finding.message.substr(0, finding.message.find(';')));
    }
    return lines;
  };
  const std::string managed =
      "unknown-field: with Kubernetes 1.20 to 1.22: omitManagedFields exists since Kubernetes 1.23";
  CHECK(of(with_rules("")) == Strings{managed});
  CHECK(of(with_rules("- level: None\n  verbs: [get]\n  user: [a]\n")) ==
        Strings{managed, "unknown-field: no field is called 'user' here"});
  CHECK(of(k_head + "metadata: {clusterName: a}\nomitStages: [RequestReceived]\nrules:\n- level: Metadata\n") ==
        Strings{"unknown-field: with Kubernetes 1.25 to 1.37: no field is called 'clusterName' here"});
  CHECK(of(k_head + "omitStages: [RequestReceived]\nrules:\n- level: Metadata\n").empty());
}

TEST_CASE("a policy refused for having no rules is told that Rules is not rules", "[lint]") {
  const auto findings = lint_text(k_head + "Rules:\n- level: Metadata\n");
  CHECK(codes_and_hints(findings) == Strings{"unknown-field: did you mean rules?"});
}

TEST_CASE("what could not be decoded has no findings", "[lint]") {
  CHECK(lint_text("rules: [\n").empty());
  CHECK(lint_text(k_head + "rules:\n- level: 1\n  Users: []\n").empty());
}

TEST_CASE("a rule that never decides names the rules that cover it, by number and line", "[lint]") {
  const auto findings = lint_text(k_head +
                                  "omitStages: [RequestReceived]\nrules:\n- level: None\n  users: [a]\n"
                                  "- level: Metadata\n  users: [a]\n  verbs: [get]\n- level: Metadata\n");
  REQUIRE(codes(findings) == Strings{"unreachable-rule"});
  CHECK(findings[0].field == "rules[1]");
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].message ==
        "rule 2 never decides: every request that it matches is decided before, by rule 1 (line 5)");
}

TEST_CASE("the same rule twice is a rule that never decides", "[lint]") {
  const std::string rule = "- level: None\n  verbs: [get]\n";
  CHECK(codes(lint_text(with_rules(rule + rule))) == Strings{"unreachable-rule"});
}

TEST_CASE("a rule for which the steps did not suffice is reported as open", "[lint]") {
  const auto findings = lint_text(with_rules("- level: None\n  verbs: [get]\n"), kaudit::kube::k_newest_known, 0);
  REQUIRE_FALSE(findings.empty());
  for (const auto& finding : findings) {
    CHECK(finding.code == "reach-open");
    CHECK(finding.severity == Severity::info);
  }
}

TEST_CASE("no answer about a rule is an open one, not a missing rule", "[lint]") {
  const auto loading = kaudit::policy::load(kaudit::text::Source("p", with_rules("")), {1, 30});
  CHECK(codes(kaudit::policy::lint(loading, {1, 30}, {})) == Strings{"reach-open"});
}

TEST_CASE("an unconditional rule that is not the last is a catch-all too early", "[lint]") {
  const auto findings = lint_text(with_rules("- level: Metadata\n- level: None\n  verbs: [get]\n"));
  CHECK(codes(findings) == Strings{"catch-all-first", "unreachable-rule", "unreachable-rule"});
  CHECK(findings[0].message.find("the 2 rules behind it never decide") != std::string::npos);
}

TEST_CASE("rules that never decide are not named as covers of others that do not", "[lint]") {
  const auto findings =
      lint_text(with_rules("- {level: None, resources: [{group: \"\", resources: [\"pods/*\"]}]}\n"
                           "- {level: Metadata, resources: [{group: \"\", resources: [pods/exec]}]}\n"
                           "- {level: Request, resources: [{group: \"\", resources: [pods/exec]}]}\n"));
  REQUIRE(codes(findings) == Strings{"unreachable-rule", "unreachable-rule"});
  CHECK(findings[1].message.ends_with("by rule 1 (line 6)"));
}

TEST_CASE("bodies of secrets are found whatever texts the rules before name", "[lint]") {
  for (const char* user : {"jane.doe@example.com", "kaudit-other", "some-name"}) {
    const std::string before = std::string("- {level: None, users: [\"") + user + "\"]}\n";
    CHECK(of_bodies(before + "- {level: RequestResponse}\n").size() == 1);
  }
  CHECK(of_bodies("- {level: None, namespaces: [some-namespace, kaudit-other]}\n- {level: RequestResponse}\n").size() ==
        1);
}

TEST_CASE("requests for tokens are named where a rule names them", "[lint]") {
  const auto of = [](const std::string& level, const std::string& more) {
    return of_bodies("- level: " + level + "\n  resources: [{group: \"\", resources: [serviceaccounts/token]}]\n" +
                     more);
  };
  CHECK(of("Request", "").at(0).find("no token, which is in the answer") != std::string::npos);
  CHECK(of("Request", "  verbs: [get]\n").empty());
  CHECK(of("Metadata", "").empty());
  CHECK(of("RequestResponse", "").at(0).find("whoever reads the log") != std::string::npos);
}

TEST_CASE("bodies of secrets are found by asking who decides, earlier rules included", "[lint]") {
  const std::string before = "- level: Metadata\n  resources: [{group: \"\", resources: [secrets, configmaps]}]\n";
  CHECK(
      of_bodies("- level: Request\n  resources: [{group: \"\", resources: [secrets]}]\n") ==
      Strings{"rules[0].level: rule 1 writes Secrets with their contents into the log: whoever reads the log can read "
              "them"});
  CHECK(of_bodies(before + "- level: Request\n  resources: [{group: \"\"}]\n").empty());
  CHECK(of_bodies(before + "- level: RequestResponse\n  resources: [{group: \"\"}]\n").at(0).find("ServiceAccount") !=
        std::string::npos);
  CHECK(of_bodies("- level: Request\n  resources: [{group: authentication.k8s.io}]\n").at(0).find("TokenReviews") !=
        std::string::npos);
  CHECK(of_bodies("- level: None\n  namespaces: [a]\n- level: Request\n  namespaces: [a, b]\n").size() == 1);
  CHECK(of_bodies("- level: RequestResponse\n  verbs: [watch]\n").empty());
  CHECK(of_bodies("- level: Request\n  verbs: [get, list]\n").empty());
  CHECK(of_bodies("- level: RequestResponse\n  verbs: [list]\n").size() == 1);
  CHECK(of_bodies("- level: RequestResponse\n  resources: [{group: \"\", resources: [secrets/status]}]\n").empty());
  CHECK(of_bodies("- level: RequestResponse\n  resources: [{group: \"\", resources: [secrets], resourceNames: [a]}]\n")
            .size() == 1);
  CHECK(of_bodies("- level: RequestResponse\n  omitStages: [ResponseStarted, ResponseComplete]\n").empty());
  CHECK(of_bodies("- level: RequestResponse\n  omitStages: [ResponseComplete]\n").empty());  // no other has a body
  CHECK(of_bodies("- level: RequestResponse\n  nonResourceURLs: [\"*\"]\n").empty());
}

TEST_CASE("apiserver registry/store.go: what DELETE answers can be the deleted object, v0.20 to v0.37", "[lint]") {
  CHECK(of_bodies("- level: RequestResponse\n  verbs: [delete]\n").size() == 1);
  CHECK(of_bodies("- level: RequestResponse\n  verbs: [deletecollection]\n").size() == 1);
  CHECK(of_bodies("- level: Request\n  verbs: [delete, deletecollection]\n").empty());
}

TEST_CASE("apiserver requestinfo.go: a list by field selector has a name, v0.20 to v0.37", "[lint]") {
  const std::string named = "  resources: [{group: \"\", resources: [secrets], resourceNames: [db]}]\n";
  CHECK(of_bodies("- level: RequestResponse\n  verbs: [list]\n" + named).size() == 1);
  CHECK(of_bodies("- level: RequestResponse\n  verbs: [deletecollection]\n" + named).empty());
}

TEST_CASE("the last of a long list is looked at, too", "[lint]") {
  const auto some = [](std::size_t count) {
    std::string list = "a0";
    for (std::size_t i = 1; i < count; ++i) list += ", a" + std::to_string(i);
    return "[" + list + "]";
  };
  const auto of = [&](const std::string& condition, const std::string& end, std::size_t before, std::size_t count) {
    return of_bodies("- level: None\n  " + condition + some(before) + end + "- level: RequestResponse\n  " + condition +
                     some(count) + end)
        .size();
  };
  const std::string names = "resources: [{group: \"\", resources: [secrets, configmaps], resourceNames: ";
  for (const std::size_t count : {7U, 2'000U}) {
    CHECK(of("users: ", "\n", count - 1, count) == 1);
    CHECK(of("userGroups: ", "\n", count - 1, count) == 1);
    CHECK(of("namespaces: ", "\n", count - 1, count) == 1);
    CHECK(of(names, "}]\n", count - 1, count) == 1);
    CHECK(of(names, "}]\n", count, count) == 0);
  }
  // since 1.36, a group * has names, too
  CHECK(of_bodies(
            "- level: RequestResponse\n  resources: [{group: \"*\", resources: [\"*/token\"], resourceNames: [a]}]\n")
            .size() == 1);
  // users times namespaces, of which the rule before takes all of a user away at once
  const std::string both = "  users: " + some(1'001) + "\n  namespaces: " + some(1'001) + "\n";
  CHECK(of_bodies("- level: None\n  users: " + some(1'000) + "\n- level: RequestResponse\n" + both).size() == 1);
  // nor is anything tried in vain for a rule that is not for secrets
  CHECK(of_bodies("- level: RequestResponse\n" + both + "  resources: [{group: apps}]\n").empty());
}

TEST_CASE("where the steps end before it is known whether bodies are written, it is said", "[lint]") {
  std::string list = "a0";
  for (int i = 1; i < 800; ++i) list += ", a" + std::to_string(i);
  const std::string both = "  users: [" + list + "]\n  namespaces: [" + list + "]\n";
  const auto found = codes(lint_text(with_rules("- level: None\n  resources: [{group: \"\", resources: [secrets]}]\n" +
                                                both + "- level: RequestResponse\n" + both)));
  CHECK(std::count(found.begin(), found.end(), "secret-bodies-open") == 1);
}

TEST_CASE("of a service account that is spared by its group, no body is recorded", "[lint]") {
  const std::string spared = "- level: None\n  userGroups: [\"system:serviceaccounts:ci\"]\n";
  CHECK(of_bodies(spared + "- level: Request\n  users: [\"system:serviceaccount:ci:build\"]\n").empty());
  CHECK(of_bodies(spared + "- level: Request\n  users: [\"system:serviceaccount:cd:build\"]\n").size() == 1);
}

TEST_CASE("a policy that records nothing, or no writes, is told so", "[lint]") {
  const auto of = [](const std::string& rules) {
    return codes(lint_text(k_head + "omitStages: [RequestReceived]\nrules:\n" + rules));
  };
  CHECK(of("- level: None\n  verbs: [get]\n") == Strings{"nothing-recorded"});
  CHECK(of("- level: Metadata\n  omitStages: [ResponseStarted, ResponseComplete]\n") == Strings{"nothing-recorded"});
  CHECK(of("- level: Metadata\n  verbs: [get, list, watch]\n") == Strings{"no-writes"});
  CHECK(of("- level: Metadata\n  nonResourceURLs: [\"*\"]\n") == Strings{"no-writes"});
  const std::string none =
      "- {level: None, verbs: [create, update, patch, delete, deletecollection], resources: [{group: ";
  const std::string pods = "- {level: Metadata, resources: [{group: \"\", resources: [pods]}]}\n- {level: None}\n";
  CHECK(of(none + "\"\"}]}\n" + pods) == Strings{"no-writes"});
  CHECK(of(none + "apps}]}\n" + pods).empty());
  CHECK(of(none + "\"*\", resources: [\"*\"]}]}\n- {level: Metadata}\n") == Strings{"no-writes"});
  CHECK(of("- level: Metadata\n  verbs: [delete]\n").empty());
}

TEST_CASE("apiserver pkg/endpoints/filters/audit.go: ResponseStarted is for requests that stay open, v0.20 to v0.37",
          "[lint]") {
  const auto of = [](const std::string& rule) {
    const std::string stages = "omitStages: [RequestReceived, ResponseComplete]\n";
    return codes(lint_text(k_head + stages + "rules:\n- level: Metadata\n" + rule)).at(0);
  };
  const std::string nothing = "nothing-recorded";
  const std::string streams = "outcome-omitted";
  CHECK(of("  verbs: [delete]\n  resources: [{group: \"\", resources: [secrets]}]\n") == nothing);
  CHECK(of("  verbs: [list, deletecollection]\n  namespaces: [a]\n") == nothing);
  CHECK(of("  verbs: [get]\n  resources: [{group: \"\", resources: [pods, \"*/status\"]}]\n") == nothing);
  CHECK(of("  nonResourceURLs: [\"/logs*\", /debug/pprof]\n") == nothing);
  CHECK(of("  resources: [{group: \"\", resources: [secrets]}]\n") == streams);  // watch
  CHECK(of("  verbs: [create]\n  resources: [{group: \"\", resources: [pods/exec]}]\n") == streams);
  CHECK(of("  verbs: [get]\n  resources: [{group: \"\", resources: [\"*/log\"]}]\n") == streams);
  CHECK(of("  verbs: [get]\n  resources: [{group: \"\", resources: [\"pods/*\"]}]\n") == streams);
  CHECK(of("  verbs: [get]\n  resources: [{group: \"\"}]\n") == streams);
  CHECK(of("  verbs: [get]\n  namespaces: [a]\n") == streams);
  CHECK(of("  nonResourceURLs: [\"/debug/*\"]\n") == streams);
  CHECK(of("  nonResourceURLs: [\"/debug/pprof/profile\"]\n") == streams);
  CHECK(of("") == streams);
}

TEST_CASE("a rule whose only stage its requests do not have is told that it writes nothing", "[lint]") {
  const auto messages = [](const std::string& rule) {
    Strings all;
    for (const auto& finding : lint_text(with_rules(rule + "  omitStages: [ResponseComplete]\n"))) {
      all.push_back(finding.code + ": " + finding.message);
    }
    return all;
  };
  const std::string start = "outcome-omitted: ";
  CHECK(messages("- level: Metadata\n  verbs: [delete]\n  resources: [{group: apps, resources: [deployments]}]\n") ==
        Strings{start + "the requests of rule 1 are not recorded at all: only requests that stay open have the stage "
                        "ResponseStarted"});
  CHECK(messages("- level: Metadata\n  users: [a]\n") ==
        Strings{start + "of the requests of rule 1 only those that stay open (watch, exec and the like) are recorded, "
                        "at ResponseStarted: of others there is no event"});
}

TEST_CASE("without an omitted RequestReceived every request is written twice", "[lint]") {
  const auto of = [](const std::string& text) { return codes(lint_text(k_head + text)); };
  CHECK(of("rules:\n- level: Metadata\n") == Strings{"request-received"});
  CHECK(of("omitStages: [ResponseStarted]\nrules:\n- level: Metadata\n") == Strings{"request-received"});
  CHECK(of("rules:\n- level: Metadata\n  omitStages: [RequestReceived]\n").empty());
  CHECK(of("omitStages: [ResponseComplete]\nrules:\n- level: Metadata\n") == Strings{"outcome-omitted"});  // once
  // one rule without the stage is not all of them
  CHECK(of("rules:\n- level: None\n  users: [a]\n  omitStages: [RequestReceived]\n- level: Metadata\n") ==
        Strings{"request-received"});
  CHECK(of("rules:\n- level: None\n  users: [a]\n- level: Metadata\n  omitStages: [RequestReceived]\n").empty());
  const auto some = lint_text(
      k_head + "rules:\n- level: Metadata\n  users: [a]\n  omitStages: [RequestReceived]\n- level: Metadata\n");
  REQUIRE(codes(some) == Strings{"request-received"});
  CHECK(some[0].field == "rules[1].omitStages");
  CHECK(some[0].message.starts_with("every request of rule 2 is written twice"));
}

TEST_CASE("a rule without ResponseComplete has no outcome; a watch has one before", "[lint]") {
  const auto of = [](const std::string& rule) { return codes(lint_text(with_rules(rule))); };
  CHECK(of("- level: Metadata\n  verbs: [get]\n  omitStages: [ResponseComplete]\n") == Strings{"outcome-omitted"});
  CHECK(of("- level: Metadata\n  verbs: [watch]\n  omitStages: [ResponseComplete]\n").empty());
  CHECK(of("- level: None\n  verbs: [get]\n  omitStages: [ResponseComplete]\n").empty());
}

TEST_CASE("managed fields are told of once, unless the policy or the rule decides", "[lint]") {
  const std::string rules =
      "rules:\n- level: Request\n  resources: [{group: apps}]\n- level: RequestResponse\n  resources: [{group: "
      "batch}]\n";
  const auto of = [&](const std::string& more, Version version = {1, 30}) {
    return codes(lint_text(k_head + "omitStages: [RequestReceived]\n" + more + rules, version));
  };
  CHECK(of("") == Strings{"managed-fields"});
  CHECK(of("omitManagedFields: true\n").empty());
  CHECK(of("omitManagedFields: false\n").empty());
  CHECK(of("", {1, 22}).empty());
}

TEST_CASE("conditions that are compared letter by letter have no wildcards", "[lint]") {
  const auto of = [](const std::string& condition) {
    return codes_and_hints(lint_text(with_rules("- level: None\n  verbs: [get]\n  " + condition + "\n")));
  };
  CHECK(of("users: [\"*\"]") == Strings{"literal-star: leave users out: a rule without users is for all of them"});
  CHECK(of("users: [\"system:serviceaccount:ci:*\"]") ==
        Strings{"literal-star: write `userGroups: [\"system:serviceaccounts:ci\"]`"});
  CHECK(of("users: [\"system:serviceaccount:*\"]") ==
        Strings{"literal-star: write `userGroups: [\"system:serviceaccounts\"]`"});
  CHECK(of("userGroups: [\"system:*\"]") == Strings{"literal-star: list the groups"});
  CHECK(of("namespaces: [\"kube-*\"]") == Strings{"literal-star: list the namespaces"});
  CHECK(of("resources: [{group: \"\", resources: [pods], resourceNames: [\"web-*\"]}]") ==
        Strings{"literal-star: list the names"});
  CHECK(of("nonResourceURLs: [\"*\"]").empty());
}

TEST_CASE("a list that is there and empty is no condition", "[lint]") {
  const auto of = [](const std::string& condition) {
    return codes(lint_text(with_rules("- level: None\n  verbs: [get]\n  " + condition + "\n")));
  };
  CHECK(of("users: []") == Strings{"empty-list"});
  CHECK(of("namespaces:") == Strings{"empty-list"});
  CHECK(of("resources: [{group: apps, resources: []}]") == Strings{"empty-list"});
  CHECK(of("resources: []") == Strings{"empty-list"});
  CHECK(of("resources:") == Strings{"empty-list"});
  CHECK(of("resources: [{group: apps}]").empty());
  CHECK(of("omitStages: []").empty());
  const auto last = lint_text(k_head + "omitStages: [RequestReceived]\nrules:\n- level: Metadata\n  resources: []\n");
  REQUIRE(codes(last) == Strings{"empty-list"});
  CHECK(last[0].field == "rules[0].resources");
  CHECK(last[0].message.find("every resource, and for URLs, too") != std::string::npos);
}

TEST_CASE("findings come in the order of the text and end after a thousand", "[lint]") {
  std::string verbs = "get";
  for (int i = 0; i < 3'000; ++i) verbs += ", \"*" + std::to_string(i) + "\"";
  const auto findings = lint_text(with_rules("- level: None\n  users: [\"*\"]\n  verbs: [" + verbs + "]\n"));
  REQUIRE(findings.size() == 1001);
  CHECK(std::is_sorted(findings.begin(), findings.end(),
                       [](const auto& a, const auto& b) { return a.offset < b.offset; }));
  CHECK(findings.front().field == "rules[0].users[0]");
  CHECK(findings.back().code == "more-findings");
}

TEST_CASE("long and strange texts are shown cut, whole characters each", "[lint]") {
  std::string verb;
  for (int i = 0; i < 100; ++i) verb += "ä";
  const auto findings = lint_text(with_rules("- level: None\n  verbs: [\"x" + verb + "\", \"a\\tb\"]\n"));
  REQUIRE(codes(findings) == Strings{"unknown-verb", "unknown-verb"});
  CHECK(findings[0].message.find("ä...'") != std::string::npos);
  CHECK(findings[1].message.find("'a?b'") != std::string::npos);
}
