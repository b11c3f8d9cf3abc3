#include "kaudit/kube/version.hpp"

#include "support/catch.hpp"

using kaudit::kube::parse_version;
using kaudit::kube::Version;
using kaudit::kube::version_of_image;

TEST_CASE("a version is read with and without v, patch release and what builders append", "[version]") {
  CHECK(parse_version("1.30") == Version{1, 30});
  CHECK(parse_version("v1.30.2") == Version{1, 30});
  CHECK(parse_version("1.30.2+rke2r1") == Version{1, 30});
  CHECK(parse_version("v1.6.0_coreos.0") == Version{1, 6});
  CHECK(parse_version("v1.30.2-gke.1") == Version{1, 30});
  CHECK(parse_version("v1.10.0-alpha.3.469_86561079f5613d-dirty") == Version{1, 10});
  CHECK(parse_version("v1.36-rc") == Version{1, 36});
}

TEST_CASE("what only starts like a version is none", "[version]") {
  for (const char* text : {"", "v", "1", "1.", "1.x", "v${VERSION}", "v{{ k8s_ver }}_coreos.0", "1.30x", "1.30.",
                           "1.30.x", "2.1", "v4.0", "11.30", "1.030", "1.99999", "latest", " 1.30", "1.30 ", "-1.30"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_version(text));
  }
}

TEST_CASE("the version of an image is its tag's, digest or not", "[version]") {
  CHECK(version_of_image("registry.k8s.io/kube-apiserver:v1.36.1") == Version{1, 36});
  CHECK(version_of_image("quay.io/coreos/hyperkube:v1.6.0_coreos.0") == Version{1, 6});
  CHECK(version_of_image("kube-apiserver:v1.28.2@sha256:745173c0b0fc62cfa10cead1e93f") == Version{1, 28});
  CHECK(version_of_image("localhost:5000/kube-apiserver:v1.30.0") == Version{1, 30});
  CHECK(version_of_image("rancher/hardened-kubernetes:v1.30.2-rke2r1-build20240619") == Version{1, 30});
}

TEST_CASE("an image without a readable tag has no version, and a registry's port is no tag", "[version]") {
  for (const char* image :
       {"", "kube-apiserver", "registry.k8s.io/kube-apiserver", "localhost:5000/kube-apiserver", "localhost:1.30/x",
        "kube-apiserver:latest", "kube-apiserver@sha256:745173c0b0", "kube-apiserver:v${VERSION}", "${IMAGE}:$TAG",
        "localhost:5000/kube-apiserver.scalability"}) {
    CAPTURE(image);
    CHECK_FALSE(version_of_image(image));
  }
}

TEST_CASE("versions compare by number", "[version]") {
  CHECK(Version{1, 9} < Version{1, 10});
  CHECK(kaudit::kube::to_string(Version{1, 30}) == "1.30");
}
