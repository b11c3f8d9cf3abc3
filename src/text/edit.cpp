#include "kaudit/text/edit.hpp"

#include <algorithm>

namespace kaudit::text {
namespace {

std::string describe(const TextEdit& edit) {
  return "[" + std::to_string(edit.span.begin) + "," + std::to_string(edit.span.end) + ")+" +
         std::to_string(edit.replacement.size());
}

}  // namespace

void sort_edits(std::vector<TextEdit>& edits) {
  std::stable_sort(edits.begin(), edits.end(), [](const TextEdit& a, const TextEdit& b) {
    if (a.span.begin != b.span.begin) return a.span.begin < b.span.begin;
    return a.span.empty() && !b.span.empty();
  });
}

Result<std::string> apply_edits(std::string_view original, const std::vector<TextEdit>& edits) {
  std::size_t size = original.size();
  for (const TextEdit& edit : edits) {
    if (edit.span.begin > edit.span.end || edit.span.end > original.size()) {
      return internal_error("edit " + describe(edit) + " lies outside a text of " + std::to_string(original.size()) +
                            " bytes");
    }
    size += edit.replacement.size();
  }
  std::string text;
  text.reserve(size);
  std::size_t copied = 0;
  const TextEdit* previous = nullptr;
  for (const TextEdit& edit : edits) {
    if (edit.span.begin < copied) {
      return internal_error("edit " + describe(edit) + " overlaps or precedes edit " + describe(*previous));
    }
    text += original.substr(copied, edit.span.begin - copied);
    text += edit.replacement;
    copied = edit.span.end;
    previous = &edit;
  }
  text += original.substr(copied);
  return text;
}

}  // namespace kaudit::text
