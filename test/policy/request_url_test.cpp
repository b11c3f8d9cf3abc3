#include <string>
#include <utility>

#include "support/catch.hpp"

#include "kaudit/policy/request.hpp"

using namespace kaudit::policy;

namespace {

/// The name that a list of secrets gets from this query.
std::string name_from(const std::string& query) {
  OwnedRequest request;
  request.verb = "list";
  fill_from_url(request, "/api/v1/namespaces/d/secrets?" + query);
  return request.name;
}

std::string path_of(const std::string& url) {
  OwnedRequest request;
  fill_from_url(request, url);
  return request.path;
}

}  // namespace

TEST_CASE("the name of a list is that of its fieldSelector: apiserver 1.20 to 1.37 NewRequestInfo", "[request]") {
  CHECK(name_from("fieldSelector=metadata.name%3Dx") == "x");
  CHECK(name_from("fieldSelector=metadata.name==x") == "x");
  CHECK(name_from("a=b&field%53elector=metadata.name%3Dx") == "x");
  CHECK(name_from("fieldSelector=type%3Da,,metadata.name%3Dx") == "x");
  CHECK(name_from("fieldSelector=metadata.name%3Dx%5C,y") == "x,y");
  CHECK(name_from("fieldSelector=metadata.name!=x").empty());
  CHECK(name_from("fieldSelector=+metadata.name=x").empty());
  CHECK(name_from("fieldselector=metadata.name=x").empty());
}

TEST_CASE("the first value of an option counts", "[request]") {
  CHECK(name_from("fieldSelector=type%3Da&fieldSelector=metadata.name%3Dx").empty());
  CHECK(name_from("fieldSelector=metadata.name%3Dx&fieldSelector=metadata.name%3Dy") == "x");
  CHECK(name_from("fieldSelector=metadata.name%3Dx&limit=5&limit=a") == "x");
  // net/url leaves out what it cannot read.
  CHECK(name_from("fieldSelector=%zz&fieldSelector=metadata.name%3Dx") == "x");
  CHECK(name_from("fieldSelector=type=a;b&fieldSelector=metadata.name%3Dx") == "x");
}

TEST_CASE("an option that cannot be read makes the server forget all", "[request]") {
  for (const char* bad : {"limit=abc", "limit=", "limit=1_0", "limit=+-1", "timeoutSeconds=9223372036854775808",
                          "labelSelector=a%3D%3D%3Db", "labelSelector=a+b", "labelSelector=-a", "labelSelector=a%3E1x",
                          "labelSelector=a%00b"}) {
    INFO(bad);
    CHECK(name_from(std::string(bad) + "&fieldSelector=metadata.name%3Dx").empty());
  }
  for (const char* good : {"limit=500", "limit=-1", "limit=%2B7", "timeoutSeconds=9223372036854775807", "watch=maybe",
                           "labelSelector=a,!b,c+in+(d,e),f!=g", "labelSelector=", "labelSelector=a%3E1",
                           "labelSelector=k8s.io/a+notin+()", "labelSelector=%00x!!", "continue=%25"}) {
    INFO(good);
    CHECK(name_from(std::string(good) + "&fieldSelector=metadata.name%3Dx") == "x");
  }
}

TEST_CASE("of a fieldSelector every term must be readable, and the first in their order counts", "[request]") {
  CHECK(name_from("fieldSelector=bad,metadata.name=x").empty());
  CHECK(name_from("fieldSelector=metadata.name=x%5Cy").empty());
  CHECK(name_from("fieldSelector=metadata.name=x,a=b=c").empty());
  CHECK(name_from("fieldSelector=metadata.name%3D%2Cmetadata.name%3Dx").empty());
  CHECK(name_from("fieldSelector=metadata.name=z,metadata.name=x") == "x");
  CHECK(name_from("fieldSelector=metadata.name=x,metadata.name==z") == "z");
  for (const char* name : {".", "..", "a/b", "a%2525"}) {
    INFO(name);
    CHECK(name_from(std::string("fieldSelector=metadata.name=") + name).empty());
  }
}

TEST_CASE("what is no escape stays as it is", "[request]") {
  CHECK(path_of("/a%") == "/a%");
  CHECK(path_of("/a%4") == "/a%4");
  CHECK(path_of("/%zz+%41") == "/%zz+A");
}
