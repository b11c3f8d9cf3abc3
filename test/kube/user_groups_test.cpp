#include "kaudit/kube/user_groups.hpp"

#include "support/catch.hpp"

using namespace kaudit::kube;

using Groups = std::vector<std::string>;

TEST_CASE("the groups of a user are those that kube-apiserver 1.20 to 1.37 gives to its name", "[user-groups]") {
  CHECK(groups_by_name("jane", {1, 37}) == Groups{"system:authenticated"});
  CHECK(groups_by_name("system:anonymous", {1, 37}) == Groups{"system:unauthenticated"});
  CHECK(groups_by_name("system:serviceaccount:ci:deployer", {1, 37}) ==
        Groups{"system:serviceaccounts", "system:serviceaccounts:ci", "system:authenticated"});
  CHECK(groups_by_name("system:serviceaccount:ci", {1, 37}) == Groups{"system:authenticated"});
  CHECK(groups_by_name("system:node:n1", {1, 37}) == Groups{"system:nodes", "system:authenticated"});
  CHECK(groups_by_name("system:nodes", {1, 37}) == Groups{"system:authenticated"});
  CHECK(groups_by_name("system:bootstrap:abcdef", {1, 37}) == Groups{"system:bootstrappers", "system:authenticated"});
  CHECK(groups_by_name("system:apiserver", {1, 28}) == Groups{"system:masters"});
  CHECK(groups_by_name("system:apiserver", {1, 29}) == Groups{"system:masters", "system:authenticated"});
}
