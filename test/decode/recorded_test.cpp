// What Kubernetes' own code was recorded to say: testdata/decode (ours, made with test/reference, see the README
// there), and where the folder of KAUDIT_SHARED is present, its scalars, policies and verdicts, too.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "support/catch.hpp"

#include "support.hpp"

namespace {

using kaudit::decode::as_kubernetes_reads_it;
using kaudit::decode::equal;
using kaudit::decode::first_difference;
using kaudit::decode::read;
using kaudit::decode::Value;
namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  INFO(file.native());
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  INFO(file.native());
  REQUIRE(in);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> columns_of(const std::string& line) {
  std::vector<std::string> columns(1);
  for (const char c : line) {
    if (c == '\t') {
      columns.emplace_back();
    } else {
      columns.back() += c;
    }
  }
  return columns;
}

/// `\t` and `\n` in a table stand for the characters.
std::string unescaped(std::string text) {
  for (const auto& [from, to] : {std::pair{"\\t", "\t"}, std::pair{"\\n", "\n"}}) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1))
      text.replace(at, 2, to);
  }
  return text;
}

fs::path testdata() { return fs::path(KAUDIT_TESTDATA) / "decode"; }

/// The shared folder; empty where it is not there.
fs::path shared() {
  const char* named = std::getenv("KAUDIT_SHARED");  // NOLINT(concurrency-mt-unsafe)
  const fs::path folder = named != nullptr ? fs::path(named) : fs::path(KAUDIT_SHARED_DEFAULT);
  std::error_code none;
  return fs::is_directory(folder / "policy-cases", none) ? folder / "policy-cases" : fs::path{};
}

/// Go's answer, any JSON text, as a value.
Value recorded_value(const std::string& json) {
  if (json.front() == '{') {
    auto value = read(json);
    REQUIRE(value);
    return *std::move(value);
  }
  auto value = read("{\"v\":" + json + "}");
  REQUIRE(value);
  return *value->find("v");
}

/// Chance, or the types that it is decoded into, make of it what they will. Nothing of YAML's syntax is.
bool is_not_for_us_to_say(const kaudit::Error& error) {
  if (error.code != "not-modelled") return false;
  for (const char* words : {"stands twice", "become the same text", "larger than a 64-bit float", "!!timestamp"}) {
    if (error.message.find(words) != std::string::npos) return true;
  }
  return false;
}

/// One text against what Go says of it: a JSON text, or "refused".
void check_answer(const std::string& text, const std::string& recorded) {
  const auto ours = read(text);
  if (recorded == "refused") {
    CHECK_FALSE(ours);
    return;
  }
  if (!ours) {
    INFO(ours.error().message);
    CHECK(is_not_for_us_to_say(ours.error()));
    return;
  }
  CHECK(first_difference(*ours, recorded_value(recorded)).value_or("none") == "none");
}

/// Whether everything in `part` is in `whole`: a policy as it was loaded, in the text it was loaded from.
std::string missing(const Value& part, const Value& whole, const std::string& path) {
  if (const auto* object = part.object()) {
    for (const Value::Member& member : *object) {
      const Value* counterpart = whole.find(member.key);
      if (counterpart == nullptr) return path + "." + member.key + " is not there";
      if (auto text = missing(member.value, *counterpart, path + "." + member.key); !text.empty()) return text;
    }
    return {};
  }
  if (const auto* array = part.array()) {
    if (whole.array() == nullptr || whole.array()->size() != array->size()) return path + " has another size";
    for (std::size_t i = 0; i < array->size(); ++i) {
      auto text = missing((*array)[i], (*whole.array())[i], path + "[" + std::to_string(i) + "]");
      if (!text.empty()) return text;
    }
    return {};
  }
  // A null where a string is wanted is the empty string; nothing else becomes a string.
  if (whole.is_null() && part.string() != nullptr && part.string()->empty()) return {};
  return equal(part, whole) ? std::string{} : path + ": " + first_difference(part, whole).value_or("");
}

}  // namespace

TEST_CASE("every case of testdata/decode is read as Go was recorded to read it") {
  const std::vector<std::string> answers = lines_of(testdata() / "answers.jsonl");
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(testdata() / "cases")) files += entry.is_regular_file() ? 1U : 0U;
  CHECK(files >= 60);
  CHECK(answers.size() == files);
  for (const std::string& line : answers) {
    const auto answer = read(line);
    REQUIRE(answer);
    const std::string& file = *answer->find("file")->string();
    INFO(file);
    const std::string text = bytes_of(testdata() / file);
    const auto ours = as_kubernetes_reads_it(kaudit::text::Source(file, text));
    const Value* code = answer->find("ours");
    if (code != nullptr) {
      REQUIRE_FALSE(ours);
      CHECK(ours.error().code == *code->string());
    } else if (answer->find("error") != nullptr) {
      CHECK_FALSE(ours);
    } else {
      REQUIRE(ours);
      const Value theirs = recorded_value(*answer->find("json")->string());
      CHECK(first_difference(*ours, theirs).value_or("none") == "none");
    }
  }
}

TEST_CASE("every scalar of testdata/decode/scalars.tsv becomes what Go makes of it, as value and as key") {
  const std::vector<std::string> lines = lines_of(testdata() / "scalars.tsv");
  CHECK(lines.size() > 200);
  for (const std::string& line : lines) {
    INFO(line);
    const std::vector<std::string> columns = columns_of(line);
    REQUIRE(columns.size() == 3);
    check_answer("v: " + unescaped(columns[0]) + "\n", columns[1]);
    check_answer(unescaped(columns[0]) + ": v\n", columns[2]);
  }
}

TEST_CASE("the shared table of scalars agrees") {
  if (shared().empty()) {
    WARN("not checked: the folder of KAUDIT_SHARED is not there");
    return;
  }
  const std::vector<std::string> lines = lines_of(shared() / "scalars.tsv");
  CHECK(lines.size() > 250);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    INFO(lines[i]);
    const std::vector<std::string> columns = columns_of(lines[i]);
    REQUIRE(columns.size() >= 3);
    const auto value = read("v:\n- " + unescaped(columns[0]) + "\n");
    const bool refused = columns[1].substr(0, 5) == "ERROR";
    CHECK(!value == refused);
    if (!value || refused) continue;
    REQUIRE(value->find("v")->array() != nullptr);
    const std::string type(value->find("v")->array()->front().type_name());
    if (columns[1] == "bool" || columns[1] == "number" || columns[1] == "array" || columns[1] == "object") {
      CHECK(type == columns[1]);
    } else {
      // "str" and `str=""`; null reads as "" where a string is wanted.
      CHECK((type == "string" || type == "null"));
    }
    const auto as_key = read("v:\n  " + unescaped(columns[0]) + ": v\n");
    if (as_key && columns[2].front() == '"') {
      const auto key = read("{\"k\":" + columns[2] + "}");
      REQUIRE(key);
      REQUIRE(as_key->find("v")->object() != nullptr);
      CHECK((*as_key->find("v")->object())[0].key == *key->find("k")->string());
    }
  }
}

TEST_CASE("the shared policies are read as the real kube-apiserver was recorded to load them") {
  if (shared().empty()) {
    WARN("not checked: the folder of KAUDIT_SHARED is not there");
    return;
  }
  std::size_t compared = 0;
  std::size_t refused = 0;
  for (const std::string& line : lines_of(shared() / "verdicts-adversarial.jsonl")) {
    const auto recorded = read(line);
    REQUIRE(recorded);
    const std::string& file = *recorded->find("file")->string();
    INFO(file);
    const Value& answer = *recorded->find("answers")->array()->back().find("answer");
    const auto ours = read(bytes_of(shared() / "adversarial" / file));
    if (const Value* error = answer.find("error"); error != nullptr && error->string() != nullptr) {
      // kube-apiserver's words for what the YAML or JSON reader refuses.
      for (const char* words :
           {"failed decoding: yaml: ", "json parse error: invalid character", "unsupported value"}) {
        if (error->string()->find(words) == std::string::npos) continue;
        CHECK_FALSE(ours);
        ++refused;
      }
    }
    const Value* policy = answer.find("policy");
    if (policy == nullptr || policy->object() == nullptr) continue;
    if (!ours) {
      INFO(ours.error().message);
      CHECK(is_not_for_us_to_say(ours.error()));
      continue;
    }
    ++compared;
    // metadata is normalised by its own type (dates, empty maps).
    for (const char* field : {"rules", "omitStages", "omitManagedFields"}) {
      if (const Value* part = policy->find(field)) {
        const Value* whole = ours->find(field);
        REQUIRE(whole != nullptr);
        CHECK(missing(*part, *whole, field).empty());
      }
    }
  }
  CHECK(compared > 80);
  CHECK(refused > 30);
}
