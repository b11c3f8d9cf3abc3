#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kaudit::node {

/// What a component of Kubernetes says in one go: a line of klog, plain (`E1125 … file.go:1] text`) or structured
/// (`… "text" err="…"`), a line of its JSON format, or a line that no logging package made.
/// Source: k8s.io/klog/v2 internal/serialize, k8s.io/component-base logs/json, v1.20 to v1.37.
struct Statement {
  enum class Severity : std::uint8_t { none, info, warning, error, fatal } severity = Severity::none;
  std::string message;  ///< without header and quotes
  std::string error;    ///< of its `err`, unquoted; "": it has none
  std::string line;     ///< all of it
  /// `error` if there is one, else `message`.
  [[nodiscard]] const std::string& words() const { return error.empty() ? message : error; }
};

/// The statements in these lines, in order; a value over several lines (`err=<`) is joined.
[[nodiscard]] std::vector<Statement> statements_of(const std::vector<std::string>& lines);

/// Whether a line is the beginning of one, for sure: klog's header, the JSON format, `Error: `, `panic: `.
[[nodiscard]] bool starts_statement(std::string_view line);

/// strconv.Unquote for a text that begins with a double quote, up to its closing one; every other text is as it is.
/// Escapes that stand for no printable character stay as they are written.
[[nodiscard]] std::string unquoted(std::string_view text);

}  // namespace kaudit::node
