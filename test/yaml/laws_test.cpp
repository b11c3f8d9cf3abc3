#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/manifest_generator.hpp"

#include "kaudit/text/unified_diff.hpp"
#include "kaudit/yaml/document.hpp"
#include "kaudit/yaml/editor.hpp"
#include "text/apply_diff.hpp"
#include "yaml/meaning.hpp"
#include "yaml/random_changes.hpp"

using kaudit::test::generate_manifest;
using kaudit::test::meaning_of;
using kaudit::test::Random;
using kaudit::test::RandomChanges;
using kaudit::test::Removals;
using kaudit::text::TextEdit;
using kaudit::yaml::Document;
using kaudit::yaml::Editor;
using kaudit::yaml::Kind;
using kaudit::yaml::Node;
using kaudit::yaml::NodeId;
using kaudit::yaml::Style;

namespace {

/// How many manifests; KAUDIT_LAW_SEEDS asks for more.
std::uint64_t seeds() {
  const char* wanted = std::getenv("KAUDIT_LAW_SEEDS");
  return wanted == nullptr ? 3000 : std::strtoull(wanted, nullptr, 10);
}

Document parsed(const std::string& text) {
  auto document = Document::parse(kaudit::text::Source("f", text));
  INFO(text);
  if (!document) FAIL(to_text(document.error()));
  return *std::move(document);
}

/// The text with every node's own text, every indicator and every comment blanked out, each of them checked for being
/// what it should be. What is left must be blank.
std::string without_nodes(const Document& document) {
  std::string rest(document.source().bytes());
  const auto blank = [&](std::size_t begin, std::size_t end) {
    std::fill(rest.begin() + static_cast<std::ptrdiff_t>(begin), rest.begin() + static_cast<std::ptrdiff_t>(end), ' ');
  };
  const auto indicator = [&](std::size_t offset, char expected) {
    CHECK(rest[offset] == expected);
    blank(offset, offset + 1);
  };
  for (NodeId id = 0; id < document.node_count(); ++id) {
    const Node& node = document.node(id);
    blank(node.property.begin, node.property.end);
    const bool collection = node.kind == Kind::sequence || node.kind == Kind::mapping;
    if (!collection) {
      blank(node.span.begin, node.span.end);
    } else if (node.style == Style::flow) {
      indicator(node.span.begin, node.kind == Kind::sequence ? '[' : '{');
      indicator(node.span.end - 1, node.kind == Kind::sequence ? ']' : '}');
    }
    for (std::size_t i = 0; collection && i < node.child_count; ++i) {
      const std::size_t offset = document.child(id, i).indicator;
      if (node.kind == Kind::mapping) indicator(offset, ':');
      if (node.kind == Kind::sequence && node.style == Style::block) indicator(offset, '-');
    }
  }
  for (std::size_t at = rest.find('#'); at != std::string::npos; at = rest.find('#', at)) {
    blank(at, std::min(rest.find('\n', at), rest.size()));
  }
  return rest;
}

struct Outcome {
  std::string text;
  std::vector<TextEdit> edits;
};

/// The text after the changes; nothing if the editor refuses them for one of the two reasons it may have.
std::optional<Outcome> outcome_of(const Document& document, const RandomChanges& changes) {
  Editor editor(document);
  changes.tell(editor);
  auto edits = editor.edits();
  if (!edits) {
    INFO(to_text(edits.error()));
    CHECK((edits.error().code == "no-final-line-ending" || edits.error().code == "comment-below-block-scalar"));
    return std::nullopt;
  }
  auto text = kaudit::text::apply_edits(document.source().bytes(), *edits);
  if (!text) FAIL(to_text(text.error()));
  return Outcome{*std::move(text), *std::move(edits)};
}

void check_meaning(const Document& before, const RandomChanges& changes, const Outcome& outcome) {
  const Document after = parsed(outcome.text);
  const kaudit::test::Meaning meant = changes.expected();
  const kaudit::test::Meaning found = meaning_of(after, after.root());
  if (meant == found) return;
  INFO(before.source().bytes());
  INFO(outcome.text);
  INFO(to_text(meant));
  INFO(to_text(found));
  CHECK(meant == found);
}

/// `patch` and `patch -R` with the diff lead from one text to the other.
void check_diff(const Document& before, const Outcome& outcome) {
  const std::string old(before.source().bytes());
  const std::string diff = kaudit::text::unified_diff({"a/f", "b/f"}, before.source(), outcome.edits);
  INFO(diff);
  CHECK(kaudit::test::apply_diff(old, diff, kaudit::test::Direction::forward) == outcome.text);
  CHECK(kaudit::test::apply_diff(outcome.text, diff, kaudit::test::Direction::reverse) == old);
}

/// Line endings stay of one kind, a missing final one stays missing (but below a block scalar that needs it).
void check_line_endings(const Document& before, const Outcome& outcome) {
  const auto lone_feeds = [](std::string_view text) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) count += text[i] == '\n' && (i == 0 || text[i - 1] != '\r') ? 1U : 0U;
    return count;
  };
  const std::string_view old = before.source().bytes();
  const bool crlf = old.find("\r\n") != std::string_view::npos;
  INFO(outcome.text);
  if (crlf && lone_feeds(old) == 0) CHECK(lone_feeds(outcome.text) == 0);
  if (!crlf) CHECK(outcome.text.find('\r') == std::string::npos);
  if (old.back() == '\n') CHECK(outcome.text.back() == '\n');
}

}  // namespace

TEST_CASE("law: outside nodes and indicators there is nothing but white space, comments, commas and markers",
          "[laws]") {
  for (std::uint64_t seed = 0, count = seeds(); seed < count; ++seed) {
    const std::string text = generate_manifest(seed);
    CAPTURE(seed, text);
    std::string rest = without_nodes(parsed(text));
    if (rest.substr(0, 3) == "\xEF\xBB\xBF") rest.erase(0, 3);
    for (const std::string marker : {"---", "..."}) {
      if (const std::size_t at = rest.find(marker); at != std::string::npos) rest.erase(at, 3);
    }
    rest.erase(std::remove(rest.begin(), rest.end(), ','), rest.end());
    CHECK(rest.find_first_not_of(" \t\r\n") == std::string::npos);
  }
}

TEST_CASE("law: a round of any changes gives the document that they describe", "[laws]") {
  std::size_t made = 0;
  for (std::uint64_t seed = 0, count = seeds(); seed < count; ++seed) {
    const std::string text = generate_manifest(seed);
    const Document document = parsed(text);
    Random random(seed + 77);
    for (int round = 0; round < 3; ++round) {
      CAPTURE(seed, round);
      RandomChanges changes(document, random);
      for (std::size_t i = random.below(9) + 1; i > 0; --i) changes.add(Removals::yes);
      const auto outcome = outcome_of(document, changes);
      if (!outcome) continue;
      ++made;
      check_meaning(document, changes, *outcome);
      check_diff(document, *outcome);
      check_line_endings(document, *outcome);
    }
  }
  CHECK(made > seeds() * 5 / 2);
}

TEST_CASE("law: insertions delete nothing but the literals that they fill", "[laws]") {
  for (std::uint64_t seed = 0, count = seeds(); seed < count; ++seed) {
    const std::string text = generate_manifest(seed);
    const Document document = parsed(text);
    Random random(seed + 99);
    CAPTURE(seed, text);
    RandomChanges changes(document, random);
    for (std::size_t i = random.below(9) + 1; i > 0; --i) changes.add(Removals::no);
    const auto outcome = outcome_of(document, changes);
    if (!outcome) continue;
    check_meaning(document, changes, *outcome);
    for (const TextEdit& edit : outcome->edits) {
      std::string deleted(document.source().text(edit.span));
      deleted.erase(
          std::remove_if(deleted.begin(), deleted.end(),
                         [](char c) { return std::string_view(" \t\r\n").find(c) != std::string_view::npos; }),
          deleted.end());
      const std::vector<std::string> literals = {"", "[]", "{}", "null", "Null", "NULL", "~"};
      CAPTURE(deleted);
      CHECK(std::find(literals.begin(), literals.end(), deleted) != literals.end());
    }
  }
}

TEST_CASE("law: every collection takes one more member at its end", "[laws]") {
  for (std::uint64_t seed = 0, count = seeds() / 5; seed < count; ++seed) {
    const std::string text = generate_manifest(seed);
    const Document document = parsed(text);
    Random random(seed);
    for (NodeId id = 0; id < document.node_count(); ++id) {
      const Node& node = document.node(id);
      if (node.kind != Kind::sequence && node.kind != Kind::mapping) continue;
      CAPTURE(seed, id);
      RandomChanges changes(document, random);
      changes.append_to(id);
      const auto outcome = outcome_of(document, changes);
      if (outcome) check_meaning(document, changes, *outcome);
    }
  }
}
