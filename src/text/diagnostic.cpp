#include "kaudit/text/diagnostic.hpp"

#include <algorithm>
#include <string_view>

#include "kaudit/text/utf8.hpp"
#include "kaudit/text/yaml_lines.hpp"

namespace kaudit::text {
namespace {

/// Longest source line an error carries in full; of a longer one (a manifest on one line) only what is around the
/// column is of use, and errors are copied about.
constexpr std::size_t k_longest_excerpt = 4096;
/// Further right than this, the position has to do: a file may be one line of 10 MiB and have a thousand findings.
constexpr std::size_t k_deepest_excerpt = 16384;

/// The line for people and for JSON: bytes that are not UTF-8 become '?', one each, so that columns stay right.
std::string printable(std::string_view line) {
  std::string text(line);
  std::size_t at = valid_utf8_prefix(text);
  while (at < text.size()) {
    text[at] = '?';
    at += 1;
    at += valid_utf8_prefix(std::string_view(text).substr(at));
  }
  return text;
}

/// All but place and source line.
Error error_of(const Source& source, const Diagnostic& finding, const Position& position) {
  Error error;
  error.status = ExitStatus::refused;
  error.code = finding.code;
  error.message = finding.message;
  error.hint = finding.hint;
  error.file = source.name();
  error.line = position.line;
  error.column = position.column;
  error.field = finding.field;
  return error;
}

std::string excerpt_of(std::string_view line, std::size_t column) {
  if (column > k_deepest_excerpt) return {};
  if (line.size() > k_longest_excerpt) line = line.substr(0, column + k_longest_excerpt);
  return printable(line);
}

Warning warning_of(const Source& source, const Diagnostic& finding, const Position& position) {
  const std::string message = finding.hint.empty() ? finding.message : finding.message + "; " + finding.hint;
  return {finding.code, message, finding.field, source.name(), position.line, position.column};
}

std::size_t offset_in(const Source& source, const Diagnostic& finding) {
  return std::min(finding.offset, source.bytes().size());
}

}  // namespace

Error refuse(const Source& source, const Diagnostic& finding) {
  const Position position = source.position(offset_in(source, finding));
  Error error = error_of(source, finding, position);
  std::string_view line = source.line_text(position.line - 1);
  if (position.line == 1) line.remove_prefix(source.bom_size());
  error.excerpt = excerpt_of(line, position.column);
  return error;
}

Error refuse(const YamlLines& lines, const Diagnostic& finding) {
  const Position position = lines.position(offset_in(lines.source(), finding));
  Error error = error_of(lines.source(), finding, position);
  if (position.column <= k_deepest_excerpt) {
    error.excerpt = excerpt_of(lines.line_text(position.line - 1), position.column);
  }
  return error;
}

Error refuse_unseen(const Source& source, const Diagnostic& finding) {
  Error error = refuse(source, finding);
  error.excerpt.clear();
  return error;
}

Warning warn(const Source& source, const Diagnostic& finding) {
  return warning_of(source, finding, source.position(offset_in(source, finding)));
}

Warning warn(const YamlLines& lines, const Diagnostic& finding) {
  return warning_of(lines.source(), finding, lines.position(offset_in(lines.source(), finding)));
}

}  // namespace kaudit::text
