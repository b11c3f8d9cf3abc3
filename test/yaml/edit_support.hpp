#pragma once

#include <string>
#include <string_view>

#include "support/catch.hpp"

#include "kaudit/yaml/document.hpp"
#include "kaudit/yaml/editor.hpp"

namespace kaudit::yaml {

inline Document parsed(std::string_view text) {
  auto document = Document::parse(text::Source("f", std::string(text)));
  INFO(text);
  if (!document) FAIL(to_text(document.error()));
  return *std::move(document);
}

/// Node at `a/b/0/c`.
inline NodeId at(const Document& document, std::string_view way) {
  NodeId id = document.root();
  while (!way.empty()) {
    const std::string_view step = way.substr(0, way.find('/'));
    way.remove_prefix(std::min(step.size() + 1, way.size()));
    if (document.node(id).kind == Kind::sequence) {
      id = document.child(id, std::stoul(std::string(step))).value;
    } else {
      const auto found = document.find(id, step);
      INFO("key " << step);
      REQUIRE(found);
      id = *found;
    }
  }
  return id;
}

/// The text after `change(document, editor)`; it must still be a Document.
template <typename Change>
std::string edited(std::string_view text, Change change) {
  const Document document = parsed(text);
  Editor editor(document);
  change(document, editor);
  const auto edits = editor.edits();
  if (!edits) FAIL(to_text(edits.error()));
  auto result = text::apply_edits(text, *edits);
  if (!result) FAIL(to_text(result.error()));
  (void)parsed(*result);
  return *result;
}

template <typename Change>
Error edit_error(std::string_view text, Change change) {
  const Document document = parsed(text);
  Editor editor(document);
  change(document, editor);
  const auto edits = editor.edits();
  REQUIRE_FALSE(edits);
  return edits.error();
}

}  // namespace kaudit::yaml
