// testdata/policies/lint/CODE: a policy that triggers the finding, on the line marked `# <- here`, and a near-miss that
// does not. `# kubernetes-version: 1.30` in a line of its own is the version (else the newest), `# also: CODE` a
// finding that cannot but come along.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "support/catch.hpp"

#include "policy/lint_support.hpp"

namespace fs = std::filesystem;

namespace {

const std::string k_version_mark = "# kubernetes-version: ";
const std::string k_also_mark = "# also: ";
const std::string k_here_mark = "# <- here";

struct Golden {
  std::string text;
  kaudit::kube::Version version = kaudit::kube::k_newest_known;
  std::string also;
  std::vector<std::size_t> here;  ///< lines, from 1
};

Golden read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  Golden golden;
  golden.text.assign(std::istreambuf_iterator<char>(in), {});
  REQUIRE_FALSE(golden.text.empty());
  std::istringstream lines(golden.text);
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (line.rfind(k_version_mark, 0) == 0) {
      golden.version = *kaudit::kube::parse_version(line.substr(k_version_mark.size()));
    }
    if (line.rfind(k_also_mark, 0) == 0) golden.also = line.substr(k_also_mark.size());
    if (line.find(k_here_mark) != std::string::npos) golden.here.push_back(number);
  }
  return golden;
}

std::vector<std::string> all_codes() {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(fs::path(KAUDIT_TESTDATA) / "policies" / "lint")) {
    if (entry.is_directory()) found.push_back(entry.path().filename().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

fs::path file_of(const std::string& code, const std::string& name) {
  return fs::path(KAUDIT_TESTDATA) / "policies" / "lint" / code / name;
}

}  // namespace

TEST_CASE("every finding has a policy that triggers it, where its line says so, and nothing else there", "[lint]") {
  const std::vector<std::string> codes = all_codes();
  REQUIRE(codes.size() == 29);
  for (const std::string& code : codes) {
    INFO(code);
    const Golden golden = read(file_of(code, "triggers.yaml"));
    REQUIRE(golden.here.size() == 1);
    const kaudit::text::Source source("triggers.yaml", golden.text);
    CHECK(kaudit::policy::load(source, golden.version).verdict == kaudit::policy::Loading::Verdict::accepted);
    bool triggered = false;
    for (const auto& finding : kaudit::test::lint_text(golden.text, golden.version)) {
      INFO(finding.code << ": " << finding.message);
      CHECK((finding.code == code || finding.code == golden.also));
      CHECK_FALSE(finding.message.empty());
      CHECK_FALSE(finding.hint.empty());
      CHECK_FALSE(finding.field.empty());
      if (finding.code != code) continue;
      CHECK_FALSE(triggered);
      triggered = true;
      CHECK(source.position(finding.offset).line == golden.here.front());
    }
    CHECK(triggered);
  }
}

TEST_CASE("every finding has a near-miss, in which nothing at all is found", "[lint]") {
  for (const std::string& code : all_codes()) {
    INFO(code);
    const Golden golden = read(file_of(code, "near-miss.yaml"));
    const kaudit::text::Source source("near-miss.yaml", golden.text);
    CHECK(kaudit::policy::load(source, golden.version).verdict == kaudit::policy::Loading::Verdict::accepted);
    for (const auto& finding : kaudit::test::lint_text(golden.text, golden.version)) {
      FAIL_CHECK(finding.code << ": " << finding.field << ": " << finding.message);
    }
  }
}

TEST_CASE("every finding has a section in docs/lint.md", "[lint]") {
  std::ifstream in(fs::path(KAUDIT_TESTDATA).parent_path() / "docs" / "lint.md");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  std::vector<std::string> codes = all_codes();
  codes.insert(codes.end(), {"reach-open", "secret-bodies-open", "more-findings"});
  for (const std::string& code : codes) {
    INFO(code);
    CHECK(text.find("\n### " + code + "\n") != std::string::npos);
  }
}
