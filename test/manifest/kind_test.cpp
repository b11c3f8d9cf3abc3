#include "kind.hpp"

#include "reading.hpp"

namespace {

std::string refusal(const std::string& text) {
  const auto problem = kaudit::manifest::not_a_pod(decoded(text));
  return problem ? problem->message + " | " + problem->hint : "a pod";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("what is no Pod is named, with what to do", "[kind]") {
  CHECK(refusal("apiVersion: v1\nkind: Pod\n") == "a pod");
  CHECK(contains(refusal("apiVersion: audit.k8s.io/v1\nkind: Policy\n"), "this is an audit policy"));
  CHECK(contains(refusal("apiVersion: audit.k8s.io/v1\nkind: Policy\n"), "--policy"));
  CHECK(contains(refusal("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"), "staticPodPath"));
  CHECK(contains(refusal("apiVersion: apps/v1\nkind: Deployment\n"), "this is a Deployment"));
  CHECK(contains(refusal("apiVersion: v1\nkind: List\nitems: []\n"), "this is a List"));
  CHECK(contains(refusal("apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n"), "kubeadm"));
  CHECK(contains(refusal("apiVersion: v1\nkind: Config\n"), "kubeconfig"));
  CHECK(contains(refusal("apiVersion: config.openshift.io/v1\nkind: APIServer\n"), "spec.audit.profile"));
  CHECK(contains(refusal("apiVersion: v1\nkind: ConfigMap\n"), "of kind \"ConfigMap\", not a Pod"));
  // Another Policy is not an audit policy.
  CHECK(contains(refusal("apiVersion: policy/v1\nkind: Policy\n"), "of kind \"Policy\", not a Pod"));
}

TEST_CASE("apiVersion and kind are needed, in the kubelet's words", "[kind]") {
  CHECK(contains(refusal("metadata: {}\n"), "Object 'Kind' is missing"));
  CHECK(contains(refusal("kind: Pod\n"), "Object 'apiVersion' is missing"));
  CHECK(contains(refusal("kind: Pod\napiVersion: v2\n"), "no kind \"Pod\" is registered for version \"v2\""));
  CHECK(contains(refusal("kind: pod\napiVersion: v1\n"), "of kind \"pod\", not a Pod"));
  CHECK(contains(refusal("kind: 1\napiVersion: v1\n"), "kind is no text"));
}

TEST_CASE("a document that is no object is told so", "[kind]") {
  CHECK(contains(refusal("# only a comment\n"), "Object 'Kind' is missing in 'null'"));
  CHECK(contains(refusal("- a\n"), "the file holds array, not an object"));
  CHECK(contains(refusal("just text\n"), "the file holds string, not an object"));
}
