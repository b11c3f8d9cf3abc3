#include "kaudit/policy/load.hpp"

#include "support/catch.hpp"

using namespace kaudit;
using policy::Loading;

namespace {

const std::string k_policy_head = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";
const std::string k_rules = "rules:\n- level: Metadata\n";

Loading load(const std::string& text, int minor = 36) {
  return policy::load(text::Source("policy.yaml", text), kube::Version{1, minor});
}

/// "" for an accepted policy.
std::string error_of(const std::string& text, int minor = 36) { return load(text, minor).server_error; }

bool accepts(const std::string& text, int minor = 36) {
  const Loading loading = load(text, minor);
  return loading.verdict == Loading::Verdict::accepted && loading.server_error.empty() && loading.problems.empty();
}

std::string warning_of(const std::string& text, int minor = 36) {
  const Loading loading = load(text, minor);
  return loading.server_warnings.empty() ? "" : loading.server_warnings.front();
}

const std::string k_strict = "Audit policy contains errors, falling back to lenient decoding: strict decoding error: ";

}  // namespace

TEST_CASE("a policy with a version and a rule is accepted; the kind may be left out, the version may not", "[load]") {
  CHECK(accepts(k_policy_head + k_rules));
  CHECK(accepts("apiVersion: audit.k8s.io/v1\n" + k_rules));
  CHECK(error_of("kind: Policy\n" + k_rules) ==
        "unknown group version field audit.k8s.io/__internal, Kind=Policy in policy");
  CHECK(error_of("") == "unknown group version field audit.k8s.io/__internal, Kind=Policy in policy");
}

TEST_CASE("v1beta1 and v1alpha1 are warned about from 1.21 and gone since 1.24", "[load]") {
  const std::string text = "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\n" + k_rules;
  CHECK(accepts(text, 20));
  CHECK(warning_of(text, 20).empty());
  CHECK(warning_of(text, 21) ==
        "\"audit.k8s.io/v1beta1\" is deprecated and will be removed in a future release, use \"audit.k8s.io/v1\" "
        "instead");
  CHECK(
      error_of(text, 24).starts_with("failed decoding: no kind \"Policy\" is registered for version "
                                     "\"audit.k8s.io/v1beta1\" in scheme"));
}

TEST_CASE("apiVersion and kind are found whatever the case of their keys", "[load]") {
  CHECK(accepts("APIVERSION: audit.k8s.io/v1\n\u212Aind: Policy\n" + k_rules));
  CHECK(warning_of("Kind: Policy\napiVersion: audit.k8s.io/v1\n" + k_rules) == k_strict + "unknown field \"Kind\"");
}

TEST_CASE("a kind that the group has but that is no policy cannot be converted", "[load]") {
  CHECK(error_of("apiVersion: audit.k8s.io/v1\nkind: Event\n") ==
        "failed decoding: converting (v1.Event) to (audit.Policy): unknown conversion");
  CHECK(error_of("apiVersion: v1\nkind: ConfigMap\n").starts_with("failed decoding: no kind \"ConfigMap\""));
  CHECK(error_of("apiVersion: a/b/c\nkind: Policy\n") == "failed decoding: unexpected GroupVersion string: a/b/c");
}

TEST_CASE("texts are not made from other types; the first mismatch is told with its Go field", "[load]") {
  CHECK(error_of(k_policy_head + "rules:\n- level: 1\n") ==
        "failed decoding: json: cannot unmarshal number into Go struct field PolicyRule.rules.level of type v1.Level");
  CHECK(error_of(k_policy_head + "rules:\n- level: None\n  verbs: [get, no]\n") ==
        "failed decoding: json: cannot unmarshal bool into Go struct field PolicyRule.rules.verbs of type string");
  CHECK(error_of(k_policy_head + "rules: {}\n") ==
        "failed decoding: json: cannot unmarshal object into Go struct field Policy.rules of type []v1.PolicyRule");
  const Loading loading = load(k_policy_head + "rules:\n- level: None\n  verbs: [get, no]\n");
  REQUIRE(loading.problems.size() == 1);
  CHECK(loading.problems[0].line == 5);
  CHECK(loading.problems[0].column == 16);
  CHECK(loading.problems[0].field == "rules[0].verbs[1]");
}

TEST_CASE("unknown and repeated fields are dropped, and warned about since 1.26", "[load]") {
  const std::string text = k_policy_head + "rules:\n- level: None\n  verb: [get]\n  level: Metadata\n";
  CHECK(warning_of(text, 25).empty());
  CHECK(warning_of(text, 26) ==
        k_strict +
            "yaml: unmarshal errors:\n  line 6: key \"level\" already set in map, unknown field "
            "\"rules[0].verb\"");
  const Loading loading = load(text, 20);
  REQUIRE(loading.policy);
  CHECK(loading.policy->rules[0].level.value == "Metadata");
  REQUIRE(loading.dropped.size() == 2);
  CHECK(loading.dropped[0].path == "rules[0].level");
  CHECK(loading.dropped[1].path == "rules[0].verb");
}

TEST_CASE("repeated members of JSON merge, those of YAML do not", "[load]") {
  const std::string json =
      R"({"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{"level":"None","users":["a"]}],"rules":[{"verbs":["get"]}]})";
  const Loading merged = load(json);
  REQUIRE(merged.policy);
  REQUIRE(merged.policy->rules.size() == 1);
  CHECK(merged.policy->rules[0].level.value == "None");
  CHECK(merged.policy->rules[0].users.items.size() == 1);
  CHECK(merged.policy->rules[0].verbs.items.size() == 1);
  CHECK(merged.server_warnings[0] == k_strict + "duplicate field \"rules\"");
}

TEST_CASE("omitManagedFields is an unknown field before 1.23", "[load]") {
  const std::string text = k_policy_head + "omitManagedFields: true\n" + k_rules;
  CHECK(load(text, 22).dropped.size() == 1);
  CHECK(load(text, 23).dropped.empty());
  CHECK(accepts(k_policy_head + "omitManagedFields: [1]\n" + k_rules, 22));
  CHECK_FALSE(accepts(k_policy_head + "omitManagedFields: [1]\n" + k_rules, 23));
}

TEST_CASE("validation says all it has to say, once, in brackets if it is more than one thing", "[load]") {
  CHECK(error_of(k_policy_head + "rules:\n- users: [a]\n") == "rules[0].level: Required value");
  CHECK(error_of(k_policy_head + "omitStages: [X]\nrules:\n- level: None\n  nonResourceURLs: [a, '/*/b']\n") ==
        "[omitStages[0]: Invalid value: \"X\": allowed stages are "
        "RequestReceived,ResponseStarted,ResponseComplete,Panic, rules[0].nonResourceURLs[0]: Invalid value: \"a\": "
        "non-resource URL rules must begin with a '/' character, rules[0].nonResourceURLs[1]: Invalid value: "
        "\"/*/b\": non-resource URL wildcards '*' must be the final character of the rule]");
  CHECK(error_of(k_policy_head + "rules: []\n") == "loaded illegal policy with 0 rules");
}

TEST_CASE("values are printed as Go before 1.34 and as JSON since", "[load]") {
  const std::string text = k_policy_head + "rules:\n- level: None\n  namespaces: [a]\n  nonResourceURLs: [/x, /y]\n";
  const std::string end = ": rules cannot apply to both regular resources and non-resource URLs";
  CHECK(error_of(text, 33) == "rules[0].nonResourceURLs: Invalid value: []string{\"/x\", \"/y\"}" + end);
  CHECK(error_of(text, 34) == "rules[0].nonResourceURLs: Invalid value: [\"/x\",\"/y\"]" + end);
  CHECK(error_of(k_policy_head + "rules:\n- level: <a&b>\n", 34).find("\"\\u003ca\\u0026b\\u003e\"") !=
        std::string::npos);
}

TEST_CASE("group * is taken since 1.36", "[load]") {
  const std::string text = k_policy_head + "rules:\n- level: None\n  resources: [{group: '*'}]\n";
  CHECK_FALSE(accepts(text, 35));
  CHECK(accepts(text, 36));
}

TEST_CASE("the times of the metadata are checked, the rest of it only by type", "[load]") {
  CHECK(accepts(k_policy_head + "metadata: {creationTimestamp: '2024-01-01T1:00:00,5+02:00'}\n" + k_rules));
  CHECK_FALSE(accepts(k_policy_head + "metadata: {creationTimestamp: 2023-02-29T00:00:00Z}\n" + k_rules));
  CHECK_FALSE(accepts(k_policy_head + "metadata: {labels: {a: 1}}\n" + k_rules));
  CHECK(accepts(k_policy_head + "metadata: {generation: 1.0}\n" + k_rules));
  CHECK_FALSE(accepts(k_policy_head + "metadata: {generation: 1.5}\n" + k_rules));
}

TEST_CASE("an unknown version is the strictest of all", "[load]") {
  const auto strictest = [](const std::string& text) {
    return policy::load_strictest(text::Source("policy.yaml", text)).verdict == Loading::Verdict::accepted;
  };
  CHECK(strictest(k_policy_head + k_rules));
  CHECK_FALSE(strictest(k_policy_head + "rules:\n- level: None\n  resources: [{group: '*'}]\n"));
  CHECK_FALSE(strictest("apiVersion: audit.k8s.io/v1beta1\nkind: Policy\n" + k_rules));
  CHECK_FALSE(strictest(k_policy_head + "omitManagedFields: [1]\n" + k_rules));
}
