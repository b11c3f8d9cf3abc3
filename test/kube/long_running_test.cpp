#include "kaudit/kube/long_running.hpp"

#include "support/catch.hpp"

using namespace kaudit::kube;

TEST_CASE("long-running requests are those of kube-apiserver 1.20 to 1.37", "[long-running]") {
  for (const char* verb : {"watch", "proxy"}) CHECK(is_long_running(verb, ""));
  for (const char* subresource : {"attach", "exec", "proxy", "log", "portforward"}) {
    CHECK(is_long_running("get", subresource));
    CHECK(is_long_running("create", subresource));
  }
  for (const char* verb : {"get", "list", "create", "update", "patch", "delete", "deletecollection", "exec"}) {
    CHECK_FALSE(is_long_running(verb, ""));
  }
  for (const char* subresource : {"status", "scale", "eviction", "token", "watch", "logs"}) {
    CHECK_FALSE(is_long_running("get", subresource));
  }
  CHECK(is_long_running_path("/debug/pprof/heap"));
  CHECK_FALSE(is_long_running_path("/debug/pprof"));
  CHECK_FALSE(is_long_running_path("/healthz"));
}
