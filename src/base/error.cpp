#include "kaudit/base/error.hpp"

#include <algorithm>
#include <utility>

#include "kaudit/base/ascii.hpp"

namespace kaudit {
namespace {

/// Longest part of a source line that is shown; a longer one (one-line JSON, embedded blobs) is cut around the caret.
constexpr std::size_t k_excerpt_width = 120;

std::string first_line(const Error& error) {
  std::string line;
  if (!error.file.empty()) {
    line += one_line(error.file);
    if (error.line != 0) line += ":" + std::to_string(error.line) + ":" + std::to_string(error.column);
    line += ": ";
  }
  if (!error.field.empty()) line += one_line(error.field) + ": ";
  return line + error.message + "\n";
}

/// The source line and a caret under the column. Tabs stay tabs in the caret's line, so that both line up.
std::string source_and_caret(const Error& error) {
  if (error.excerpt.empty() || error.column == 0) return {};
  const std::size_t at = std::min(error.column - 1, error.excerpt.size());
  const std::size_t from = at > k_excerpt_width / 2 ? at - k_excerpt_width / 2 : 0;
  const std::string shown = error.excerpt.substr(from, k_excerpt_width);
  std::string pad;
  for (std::size_t i = from; i < at; ++i) {
    const auto byte = static_cast<unsigned char>(error.excerpt[i]);
    if ((byte & 0xC0U) == 0x80U) continue;  // one blank per UTF-8 character, not per byte
    pad += error.excerpt[i] == '\t' ? '\t' : ' ';
  }
  return "  " + one_line(shown, "\t") + "\n  " + pad + "^\n";
}

}  // namespace

Error internal_error(std::string message) {
  Error error;
  error.status = ExitStatus::internal;
  error.code = "internal";
  error.message = "internal error: " + std::move(message);
  error.hint = "this is a defect of kaudit, nothing was written; please report it with the command and the manifest";
  return error;
}

Error usage_error(std::string message, std::string hint) {
  Error error;
  error.status = ExitStatus::usage;
  error.code = "usage";
  error.message = std::move(message);
  error.hint = std::move(hint);
  return error;
}

std::string to_text(const Error& error) {
  std::string text = first_line(error) + source_and_caret(error);
  for (const std::string& line : error.also) text += "  " + line + "\n";
  if (!error.hint.empty()) text += "  hint: " + error.hint + "\n";
  return text;
}

}  // namespace kaudit
