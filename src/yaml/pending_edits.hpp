#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/text/edit.hpp"
#include "kaudit/yaml/document.hpp"

namespace kaudit::yaml {

/// Edits as they are made, before the end of the file is looked at. Whole lines are inserted and deleted as if the
/// last line of the text had an ending; finish() then keeps a file that ends without one as it is.
class PendingEdits {
 public:
  explicit PendingEdits(const Document& document) : m_document(document) {}

  void insert(std::size_t offset, std::string text) { replace({offset, offset}, std::move(text)); }
  void replace(text::Span span, std::string text);
  /// `lines` are whole lines, each with its ending; `offset` is the begin of a line or the end of the text.
  void insert_lines(std::size_t offset, std::string lines);
  /// From the begin of a line to behind the ending of one.
  void delete_lines(text::Span span);

  /// All edits in order. Refuses an insertion that would give a block scalar at the end of the file the line ending
  /// it does not have: its value would change (`a: |` and `  x` without a line feed is "x", with one it is "x\n").
  [[nodiscard]] Result<std::vector<text::TextEdit>> finish() &&;

 private:
  enum class Unit { text, lines };
  struct Pending {
    text::TextEdit edit;
    Unit unit;
  };

  void sort();
  void part_comments();
  [[nodiscard]] Status end_without_ending();
  [[nodiscard]] const Node* block_scalar_ending_at(std::size_t offset) const;

  const Document& m_document;
  std::vector<Pending> m_edits;
};

}  // namespace kaudit::yaml
