#include "kaudit/kube/pod_rules.hpp"

#include "support/catch.hpp"

using namespace kaudit::kube;
using Words = std::vector<std::string>;

namespace {
constexpr const char* k_label_words =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an "
    "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
}

TEST_CASE("IsDNS1123Label: letters, digits and inner dashes, 63 at most", "[pod-rules]") {
  for (const char* good : {"a", "0", "audit-log", "a--b", "1-2"}) CHECK(dns1123_label_problems(good).empty());
  for (const char* bad : {"", "-a", "a-", "Audit", "x_y", "a b", "a..b", ".a", "\xC3\xA9"}) {
    CAPTURE(bad);
    CHECK(dns1123_label_problems(bad) == Words{k_label_words});
  }
  CHECK(dns1123_label_problems("a.b") == Words{"must not contain dots"});
  CHECK(dns1123_label_problems(std::string(63, 'a')).empty());
  CHECK(dns1123_label_problems(std::string(64, 'a')) == Words{"must be no more than 63 characters"});
  CHECK(dns1123_label_problems(std::string(64, 'A')) == Words{"must be no more than 63 characters", k_label_words});
}

TEST_CASE("IsDNS1123Subdomain: labels joined by dots, 253 at most", "[pod-rules]") {
  CHECK(dns1123_subdomain_problems("kube-apiserver.node1").empty());
  CHECK(dns1123_subdomain_problems("a..b").size() == 1);
  CHECK(dns1123_subdomain_problems(std::string(254, 'a')) == Words{"must be no more than 253 characters"});
}

TEST_CASE("hostPath types are the eight of the API, and others are named with them", "[pod-rules]") {
  for (const char* good :
       {"", "File", "FileOrCreate", "Directory", "DirectoryOrCreate", "Socket", "CharDevice", "BlockDevice"}) {
    CHECK(is_host_path_type(good));
  }
  CHECK_FALSE(is_host_path_type("file"));
  CHECK(unsupported_host_path_type("Dir") ==
        "Unsupported value: \"Dir\": supported values: \"\", \"BlockDevice\", \"CharDevice\", \"Directory\", "
        "\"DirectoryOrCreate\", \"File\", \"FileOrCreate\", \"Socket\"");
}

TEST_CASE("only a whole .. element is a parent reference", "[pod-rules]") {
  for (const char* bad : {"..", "/..", "/a/../b", "../a", "/a/.."}) CHECK(has_parent_reference(bad));
  for (const char* good : {"", "/", "/a..b", "/...", "/a/..b", "/.a/."}) CHECK_FALSE(has_parent_reference(good));
}

TEST_CASE("IsQualifiedName: an optional DNS prefix and a name", "[pod-rules]") {
  for (const char* good :
       {"a", "kaudit/policy-sha256", "kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint", "A_b.c"}) {
    CAPTURE(good);
    CHECK(qualified_name_problems(good).empty());
  }
  CHECK(qualified_name_problems("/a") == Words{"prefix part must be non-empty"});
  CHECK(qualified_name_problems("a/").front() == "name part must be non-empty");
  CHECK(qualified_name_problems("a/b/c").front().starts_with("a qualified name must consist of"));
  CHECK(qualified_name_problems("A.b/c").front().starts_with("prefix part a lowercase RFC 1123 subdomain"));
  CHECK(qualified_name_problems("-a").front().starts_with("name part must consist of alphanumeric characters"));
  CHECK(qualified_name_problems(std::string(64, 'a')) == Words{"name part must be no more than 63 characters"});
}

TEST_CASE("field errors have the words of apimachinery", "[pod-rules]") {
  CHECK(duplicate_value("audit-log") == "Duplicate value: \"audit-log\"");
  CHECK(not_found("audit") == "Not found: \"audit\"");
  CHECK(invalid_value("/a", "must be unique") == "Invalid value: \"/a\": must be unique");
  CHECK(required_value() == "Required value");
  CHECK(required_value("must specify a volume type") == "Required value: must specify a volume type");
  CHECK(forbidden("may not specify more than 1 volume type") == "Forbidden: may not specify more than 1 volume type");
}

TEST_CASE("text is quoted as Go's %q does", "[pod-rules]") {
  CHECK(go_quote("a\\b\"c") == "\"a\\\\b\\\"c\"");
  CHECK(go_quote("\t\n\x01\x7f") == "\"\\t\\n\\x01\\x7f\"");
  CHECK(go_quote("\xC3\xA9\xE2\x82\xAC") == "\"\xC3\xA9\xE2\x82\xAC\"");
  CHECK(go_quote("\xC2\xA0\xEF\xBB\xBF") == "\"\\u00a0\\ufeff\"");
  CHECK(go_quote("\xFF\xC3") == "\"\\xff\\xc3\"");
}
