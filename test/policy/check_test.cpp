#include "kaudit/policy/check.hpp"

#include "support/catch.hpp"

#include "kaudit/decode/decode.hpp"

namespace {

kaudit::Status check(const std::string& text,
                     std::optional<kaudit::kube::Version> version = kaudit::kube::Version{1, 36}) {
  const kaudit::text::Source source("policy.yaml", text);
  KAUDIT_TRY(value, kaudit::decode::as_kubernetes_reads_it(source));
  return kaudit::policy::check(source, value, version);
}

const std::string k_rules = "rules:\n- level: Metadata\n";

}  // namespace

TEST_CASE("a policy with a version and a rule is one", "[policy]") {
  CHECK(check("apiVersion: audit.k8s.io/v1\nkind: Policy\n" + k_rules));
}

TEST_CASE("the kind may be left out when the version is given", "[policy]") {
  CHECK(check("apiVersion: audit.k8s.io/v1\n" + k_rules));
}

TEST_CASE("v1beta1 and v1alpha1 are gone since 1.24", "[policy]") {
  const std::string text = "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\n" + k_rules;
  CHECK(check(text, kaudit::kube::Version{1, 23}));
  CHECK_FALSE(check(text, kaudit::kube::Version{1, 24}));
  CHECK_FALSE(check(text, std::nullopt));
}

TEST_CASE("an unknown level is refused in kube-apiserver's words, where it stands", "[policy]") {
  const auto result = check("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: MetaData\n");
  REQUIRE_FALSE(result);
  CHECK(result.error().line == 4);
  CHECK(result.error().column == 10);
  CHECK(result.error().field == "rules[0].level");
  CHECK(result.error().message ==
        "Unsupported value: \"MetaData\": supported values: \"None\", \"Metadata\", \"Request\", \"RequestResponse\"");
  CHECK(result.error().hint == "did you mean Metadata?");
}

TEST_CASE("what is no policy is refused", "[policy]") {
  CHECK_FALSE(check("apiVersion: v1\nkind: Pod\n"));
  CHECK_FALSE(check("apiVersion: audit.k8s.io/v1\nkind: Event\n" + k_rules));
  CHECK_FALSE(check("kind: Policy\n" + k_rules));
  CHECK_FALSE(check("- a\n"));
  CHECK_FALSE(check("apiVersion: audit.k8s.io/v1\nkind: Policy\n"));
  CHECK_FALSE(check("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: []\n"));
  CHECK_FALSE(check("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: {}\n"));
  CHECK_FALSE(check("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- users: [x]\n"));
}
