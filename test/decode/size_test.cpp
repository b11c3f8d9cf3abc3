// Large inputs: right answers, no recursion. How long they take is measured elsewhere.

#include "support/catch.hpp"

#include "support.hpp"

using kaudit::decode::code_of;
using kaudit::decode::read;
using kaudit::decode::repeated;

TEST_CASE("a mapping of 100,000 keys is read, each once") {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "key" + std::to_string(i) + ": " + std::to_string(i) + "\n";
  text += "key7: last\n";
  const auto value = read(text);
  REQUIRE(value);
  CHECK(value->object()->size() == 100000);
  CHECK(*value->find("key7")->string() == "last");
  CHECK(std::get<std::int64_t>(value->find("key99999")->data()) == 99999);
}

TEST_CASE("a JSON object of 100,000 keys is read, and a key twice among them is found") {
  std::string text = "{";
  for (int i = 0; i < 100000; ++i) text += "\"key" + std::to_string(i) + "\": 1,\n";
  const auto value = read(text + "\"x\": 1}");
  REQUIRE(value);
  CHECK(value->object()->size() == 100001);
  CHECK(code_of(text + "\"key7\": 1}") == "not-modelled");
}

TEST_CASE("a block scalar of 5 MiB keeps every byte") {
  const std::string line = "0123456789 abcdefghijklmnopqrstuvwxyz \"/\\\" # no comment\n";
  const std::size_t lines = (5 << 20) / line.size();
  const auto value = read("a: |\n" + repeated("  " + line, lines) + "b: 1\n");
  REQUIRE(value);
  CHECK(*value->find("a")->string() == repeated(line, lines));
  CHECK(value->find("b") != nullptr);
}

TEST_CASE("a list of 200,000 items and a text of 100,000 comments are read") {
  const auto list = read("a:\n" + repeated("- --flag=value\n", 200000));
  REQUIRE(list);
  CHECK(list->find("a")->array()->size() == 200000);
  const auto comments = read("a: 1\n" + repeated("# a comment\n", 100000) + "b: 2\n");
  REQUIRE(comments);
  CHECK(comments->object()->size() == 2);
}

TEST_CASE("10,000 merges of one mapping are read") {
  std::string text = "base: &b {level: None}\nrules:\n";
  text += repeated("- <<: *b\n  users: [a]\n", 10000);
  const auto value = read(text);
  REQUIRE(value);
  CHECK(value->find("rules")->array()->size() == 10000);
}
