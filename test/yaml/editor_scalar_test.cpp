#include "edit_support.hpp"

using kaudit::yaml::at;
using kaudit::yaml::Document;
using kaudit::yaml::edited;
using kaudit::yaml::Editor;
using kaudit::yaml::Fragment;

namespace {

std::string replaced(const std::string& text, const Fragment& value) {
  return edited(text, [&](const Document& d, Editor& e) { e.replace(at(d, "a"), value); });
}

std::string item(const std::string& value) {
  return edited("a:\n- b\n", [&](const Document& d, Editor& e) { e.insert_item(at(d, "a"), 1, value); }).substr(7);
}

}  // namespace

TEST_CASE("a replaced scalar keeps its quoting style where the value allows", "[editor][scalar]") {
  CHECK(replaced("a: x # c\n", "w") == "a: w # c\n");
  CHECK(replaced("a: 'x'\n", "it's") == "a: 'it''s'\n");
  CHECK(replaced("a: \"x\"\n", "w") == "a: \"w\"\n");
  CHECK(replaced("a: x\n", "10") == "a: \"10\"\n");
  CHECK(replaced("a: 'x'\n", "two\nlines") == "a: \"two\\nlines\"\n");
  CHECK(replaced("a: x\n  y\nb: 1\n", "z") == "a: z\nb: 1\n");
  CHECK(replaced("a: |\n  x\n  y\nb: 1\n", "z") == "a: z\nb: 1\n");
  CHECK(replaced("a: >-\n  x\nb: 1\n", "z z") == "a: \"z z\"\nb: 1\n");
}

TEST_CASE("a boolean is written plain whatever stood there", "[editor][scalar]") {
  CHECK(replaced("a: \"x\"\n", true) == "a: true\n");
  CHECK(replaced("{\"a\": \"true\"}", false) == "{\"a\": false}");
}

TEST_CASE("nothing and null are replaced, too", "[editor][scalar]") {
  CHECK(replaced("a:\nb: 1\n", "w") == "a: w\nb: 1\n");
  CHECK(replaced("a: # c\nb: 1\n", "w") == "a: w # c\nb: 1\n");
  CHECK(replaced("a: ~\n", "w") == "a: w\n");
  CHECK(replaced("a: null\n", Fragment::List{"x"}) == "a: [\"x\"]\n");
}

TEST_CASE("in JSON a replaced scalar stays JSON", "[editor][scalar]") {
  CHECK(replaced("{\"a\": 1}", "w") == "{\"a\": \"w\"}");
  CHECK(replaced("{\"a\": null}", "w") == "{\"a\": \"w\"}");
  CHECK(replaced("{\"a\":true}", "w") == "{\"a\":\"w\"}");
  CHECK(replaced("{a: x}", "w") == "{a: w}");
  CHECK(replaced("{a: x}", "y,z") == "{a: \"y,z\"}");
}

TEST_CASE("flags, paths and names are written plain", "[editor][scalar]") {
  for (const std::string value : {"--audit-log-path=/var/log/x.log", "/etc/kubernetes/a.yaml", "DirectoryOrCreate",
                                  "a:b", "--x=a,b=c", "kaudit.io/policy"}) {
    CHECK(item(value) == "- " + value + "\n");
  }
}

// YAML 1.1 types bool, null, int, float, timestamp, merge, value; and what ends or starts a plain scalar.
TEST_CASE("whatever some YAML reader takes for something else is quoted", "[editor][scalar]") {
  for (const std::string value :
       {"",    "yes",   "No",   "ON",         "off",  "y",    "N",   "true", "False", "null",      "~",  "1",   "0x1F",
        "1e3", "1_000", "1:30", "2020-01-01", ".inf", ".NaN", "-1",  "+1",   "<<",    "=",         "--", "---", "...",
        "-",   "- a",   "a: b", "a:",         "a #b", "#a",   "&a",  "*a",   "!a",    "|",         ">",  "%a",  "@a",
        "`a",  "?",     "[a",   "{a",         "a ",   " a",   "a b", "'a",   "a'",    "http://x y"}) {
    CAPTURE(value);
    CHECK(item(value) == "- \"" + value + "\"\n");
  }
}

TEST_CASE("double quotes escape what must not stand raw, in JSON's way", "[editor][scalar]") {
  CHECK(item("a\"b\\c\n\t\x01\x7f") == "- \"a\\\"b\\\\c\\n\\t\\u0001\\u007f\"\n");
  CHECK(item("\xC2\x85\xE2\x80\xA8\xE2\x80\xA9\xEF\xBB\xBF") == "- \"\\u0085\\u2028\\u2029\\ufeff\"\n");
  CHECK(item("\xC3\xA9\xF0\x9F\x98\x80") == "- \"\xC3\xA9\xF0\x9F\x98\x80\"\n");
}

TEST_CASE("what is written reads back as it was given", "[editor][scalar]") {
  for (const std::string value :
       {"a\nb", "\t", "\x01", "it's", "\"", "\\", "\xC2\x85", "a: b", "yes", "\xF0\x9F\x98\x80", "/\xEF\xBF\xBF"}) {
    for (const std::string text : {"a: x\n", "a: 'x'\n", "a: \"x\"\n", "{a: x}", "a: |\n  x\n"}) {
      CAPTURE(value, text);
      const Document again = kaudit::yaml::parsed(replaced(text, value));
      CHECK(again.node(at(again, "a")).value == value);
    }
  }
}
