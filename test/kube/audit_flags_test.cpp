#include "kaudit/kube/audit_flags.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace kaudit::kube;

TEST_CASE("the table has the 32 audit flags of kube-apiserver, sorted by name", "[flags]") {
  CHECK(audit_flags().size() == 32);
  CHECK(std::ranges::is_sorted(audit_flags(), {}, &AuditFlag::name));
}

TEST_CASE("the rotation defaults changed in 1.36", "[flags]") {
  struct Case {
    const char* name;
    const char* since_1_36;
  };
  for (const Case& one :
       {Case{"audit-log-maxage", "366"}, {"audit-log-maxbackup", "100"}, {"audit-log-maxsize", "100"}}) {
    const AuditFlag* flag = find_audit_flag(one.name, Version{1, 36});
    REQUIRE(flag != nullptr);
    CHECK(default_of(*flag, Version{1, 35}) == "0");
    CHECK(default_of(*flag, Version{1, 36}) == one.since_1_36);
    CHECK(default_of(*flag, Version{1, 40}) == one.since_1_36);
  }
}

TEST_CASE("webhook and log backends have their own defaults", "[flags]") {
  const auto value = [](const char* name) {
    const AuditFlag* flag = find_audit_flag(name, Version{1, 30});
    return flag == nullptr ? std::string_view("no such flag") : default_of(*flag, Version{1, 30});
  };
  CHECK(value("audit-log-mode") == "blocking");
  CHECK(value("audit-webhook-mode") == "batch");
  CHECK(value("audit-log-batch-max-size") == "1");
  CHECK(value("audit-webhook-batch-max-size") == "400");
  CHECK(value("audit-log-batch-throttle-enable") == "false");
  CHECK(value("audit-webhook-batch-throttle-enable") == "true");
  CHECK(value("audit-log-truncate-max-batch-size") == "10485760");
  CHECK(value("audit-webhook-batch-initial-backoff") == "10s");
}

TEST_CASE("--audit-dynamic-configuration is no flag of any known version", "[flags]") {
  CHECK(find_audit_flag("audit-dynamic-configuration", k_oldest_known) == nullptr);
}

TEST_CASE("a misspelt flag has a nearest real one, a foreign word has none", "[flags]") {
  const Version version{1, 30};
  CHECK(nearest_audit_flag("audit-log-max-age", version) == "audit-log-maxage");
  CHECK(nearest_audit_flag("audit-log-maxbackups", version) == "audit-log-maxbackup");
  CHECK(nearest_audit_flag("audit-lgo-path", version) == "audit-log-path");
  CHECK(nearest_audit_flag("audit-policy", version) == "audit-policy-file");
  CHECK(nearest_audit_flag("audit-webhook-config", version) == "audit-webhook-config-file");
  CHECK(nearest_audit_flag("audit-banana", version).empty());
  CHECK(nearest_audit_flag("", version).empty());
}

TEST_CASE("an underscore in a flag's name is a dash", "[flags]") {
  CHECK(normalise_flag_name("audit_log_path") == "audit-log-path");
}

TEST_CASE("two spellings of one value are the same to kube-apiserver", "[flags]") {
  const auto same = [](const char* name, const std::optional<std::string>& left,
                       const std::optional<std::string>& right) {
    const AuditFlag* flag = find_audit_flag(name, Version{1, 30});
    REQUIRE(flag != nullptr);
    return same_flag_value(*flag, left, right);
  };
  CHECK(same("audit-log-maxage", "010", "8"));
  CHECK(same("audit-log-maxage", "0x1e", "30"));
  CHECK(same("audit-log-maxage", "+30", "30"));
  CHECK_FALSE(same("audit-log-maxage", "30", "31"));
  CHECK_FALSE(same("audit-log-maxage", "x", "y"));
  CHECK(same("audit-log-compress", std::nullopt, "true"));
  CHECK(same("audit-log-compress", "1", "True"));
  CHECK_FALSE(same("audit-log-compress", std::nullopt, "false"));
  CHECK(same("audit-webhook-batch-max-wait", "60s", "1m"));
  CHECK_FALSE(same("audit-webhook-batch-max-wait", "60s", "60"));
  CHECK(same("audit-webhook-batch-throttle-qps", "10", "1e1"));
  CHECK_FALSE(same("audit-log-path", "/a", "/a/"));
  CHECK_FALSE(same("audit-log-path", std::nullopt, ""));
  CHECK(same("audit-log-path", "/a", "/a"));
}
