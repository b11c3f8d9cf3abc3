// Any bytes: refused with a position, or a Document whose every collection can take one more member. After each such
// edit the text must be a Document again, with that one member more and everything else as it was, and no byte
// outside the edit changed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/text/unified_diff.hpp"
#include "kaudit/yaml/document.hpp"
#include "kaudit/yaml/editor.hpp"

namespace {

using kaudit::text::Source;
using kaudit::text::TextEdit;
using kaudit::yaml::Document;
using kaudit::yaml::Editor;
using kaudit::yaml::Kind;
using kaudit::yaml::Node;
using kaudit::yaml::NodeId;

/// Each costs a parse; the next inputs choose others.
constexpr std::size_t k_most_edits = 3;

[[noreturn]] void fail(const char* what, std::string_view before, std::string_view after) {
  std::fprintf(stderr, "%s\n--- before\n%.*s\n--- after\n%.*s\n", what, static_cast<int>(before.size()), before.data(),
               static_cast<int>(after.size()), after.data());
  std::abort();
}

/// Compares two trees, where node `grown` of the first has one member more at the end in the second.
bool same(const Document& a, NodeId x, const Document& b, NodeId y, NodeId grown) {
  const Node& left = a.node(x);
  const Node& right = b.node(y);
  const bool filled = x == grown && left.kind == Kind::null;
  if (!filled && (left.kind != right.kind || left.value != right.value)) return false;
  if (right.child_count != left.child_count + (x == grown ? 1U : 0U)) return false;
  for (std::size_t i = 0; i < left.child_count; ++i) {
    const auto& one = a.child(x, i);
    const auto& other = b.child(y, i);
    if (left.kind == Kind::mapping && !same(a, one.key, b, other.key, grown)) return false;
    if (!same(a, one.value, b, other.value, grown)) return false;
  }
  return true;
}

/// Every byte of the old text that no edit deletes stands in the new one, in order, between the inserted texts.
bool keeps_bytes(std::string_view before, std::string_view after, const std::vector<TextEdit>& edits) {
  std::size_t from = 0;
  for (const TextEdit& edit : edits) {
    const std::string_view kept = before.substr(from, edit.span.begin - from);
    if (after.substr(0, kept.size()) != kept) return false;
    after.remove_prefix(kept.size());
    if (after.substr(0, edit.replacement.size()) != edit.replacement) return false;
    after.remove_prefix(edit.replacement.size());
    from = edit.span.end;
  }
  return after == before.substr(from);
}

/// An insertion deletes at most an empty literal and white space.
bool deletes_nothing(std::string_view before, const std::vector<TextEdit>& edits) {
  return std::all_of(edits.begin(), edits.end(), [&](const TextEdit& edit) {
    const std::string_view deleted = before.substr(edit.span.begin, edit.span.size());
    return deleted.find_first_not_of(" \t\r\n[]{}~nulNUL") == std::string_view::npos;
  });
}

void grow(const Document& document, NodeId id) {
  const Node& node = document.node(id);
  const std::string key = "kaudit fuzz";
  if (document.find_entry(id, key)) return;
  Editor editor(document);
  if (node.kind == Kind::mapping) {
    editor.insert_entry(id, node.child_count, key, "--audit-log-path=/x");
  } else {
    editor.insert_item(id, node.child_count, "a: b");
  }
  const std::string_view before = document.source().bytes();
  const auto edits = editor.edits();
  if (!edits) {
    if (edits.error().status != kaudit::ExitStatus::refused || edits.error().line == 0)
      fail("bad refusal", before, to_text(edits.error()));
    return;
  }
  const auto after = kaudit::text::apply_edits(before, *edits);
  if (!after) fail("edits do not apply", before, to_text(after.error()));
  if (!keeps_bytes(before, *after, *edits) || !deletes_nothing(before, *edits)) fail("bytes lost", before, *after);
  const auto again = Document::parse(Source("f", *after));
  if (!again) fail("does not parse any more", before, *after + "\n" + to_text(again.error()));
  if (!same(document, 0, *again, 0, id)) fail("means something else", before, *after);
}

/// Removing any one member must leave a Document, too.
void shrink(const Document& document, NodeId id, std::size_t index) {
  Editor editor(document);
  editor.remove_item(id, index);
  const std::string_view before = document.source().bytes();
  const auto edits = editor.edits();
  if (!edits) return;
  const auto after = kaudit::text::apply_edits(before, *edits);
  if (!after) fail("edits do not apply", before, to_text(after.error()));
  const auto again = Document::parse(Source("f", *after));
  if (!again) fail("does not parse any more", before, *after + "\n" + to_text(again.error()));
  const std::string diff = kaudit::text::unified_diff({"a", "b"}, document.source(), *edits);
  if (diff.empty()) fail("no diff", before, *after);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = Document::parse(Source("f", std::string(data, data + size)));
  if (!document) {
    const kaudit::Error& error = document.error();
    if (error.status != kaudit::ExitStatus::refused || error.line == 0 || error.hint.empty()) std::abort();
    return 0;
  }
  std::vector<NodeId> targets;
  for (NodeId id = 0; id < document->node_count(); ++id) {
    const Node& node = document->node(id);
    const bool root_null = id == 0 && node.kind == Kind::null;
    const bool is_key = id != 0 && document->child(node.parent, node.index).key == id;
    const bool scalar = node.kind == Kind::scalar || node.kind == Kind::alias;
    if (!scalar && !root_null && !is_key) targets.push_back(id);
  }
  std::uint64_t chance = size;
  for (std::size_t i = 0; i < size; ++i) chance = chance * 31 + data[i];
  for (std::size_t i = 0; i < std::min(k_most_edits, targets.size()); ++i) {
    const NodeId id = targets[(chance + i) % targets.size()];
    grow(*document, id);
    const std::size_t members = document->node(id).child_count;
    if (members != 0) shrink(*document, id, (chance >> 8U) % members);
  }
  return 0;
}
