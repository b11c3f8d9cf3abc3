// diff_samples FOLDER COUNT: before/N.yaml, after/N.yaml and all.diff, for COUNT manifests with random changes.

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "support/manifest_generator.hpp"

#include "kaudit/text/unified_diff.hpp"
#include "kaudit/yaml/document.hpp"
#include "kaudit/yaml/editor.hpp"
#include "yaml/random_changes.hpp"

namespace {

void write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// One sample; returns its diff. Empty where the changes are refused.
std::string sample(const std::filesystem::path& folder, std::uint64_t seed) {
  const std::string name = std::to_string(seed) + ".yaml";
  const kaudit::text::Source source(name, kaudit::test::generate_manifest(seed));
  const auto document = kaudit::yaml::Document::parse(source);
  if (!document) return {};
  kaudit::test::Random random(seed);
  kaudit::test::RandomChanges changes(*document, random);
  for (std::size_t i = random.below(6) + 6; i > 0; --i) changes.add(kaudit::test::Removals::yes);
  kaudit::yaml::Editor editor(*document);
  changes.tell(editor);
  const auto edits = editor.edits();
  if (!edits || edits->empty()) return {};
  const auto after = kaudit::text::apply_edits(source.bytes(), *edits);
  if (!after) return {};
  write(folder / "before" / name, source.bytes());
  write(folder / "after" / name, *after);
  return kaudit::text::unified_diff({"a/" + name, "b/" + name}, source, *edits, seed % 5);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return EXIT_FAILURE;
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder / "before");
  std::filesystem::create_directories(folder / "after");
  std::string all;
  for (std::uint64_t seed = 0; seed < std::strtoull(argv[2], nullptr, 10); ++seed) all += sample(folder, seed);
  write(folder / "all.diff", all);
  return EXIT_SUCCESS;
}
