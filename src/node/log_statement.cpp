#include "log_statement.hpp"

#include <algorithm>
#include <optional>

#include "kaudit/base/ascii.hpp"
#include "kaudit/decode/decode.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::node {
namespace {

/// `E1125 `: severity, month and day.
bool has_klog_header(std::string_view line) {
  constexpr std::size_t k_date_end = 5;
  return line.size() > k_date_end && std::string_view("IWEF").find(line.front()) != std::string_view::npos &&
         std::all_of(line.begin() + 1, line.begin() + k_date_end, is_digit) && line[k_date_end] == ' ';
}

Statement::Severity severity_of(char letter) {
  switch (letter) {
    case 'I':
      return Statement::Severity::info;
    case 'W':
      return Statement::Severity::warning;
    case 'E':
      return Statement::Severity::error;
    default:
      return Statement::Severity::fatal;
  }
}

/// The place of the quote that closes a quoted text, or the text's end.
std::size_t closing_quote(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at;
    }
  }
  return text.size();
}

/// The value of ` err=` behind the quoted message.
std::string error_in(std::string_view fields) {
  constexpr std::string_view k_key = "err=";
  while (!fields.empty()) {
    fields.remove_prefix(std::min(fields.find_first_not_of(' '), fields.size()));
    const std::size_t equals = fields.find('=');
    if (equals == std::string_view::npos) return {};
    const bool is_error = fields.substr(0, equals + 1) == k_key;
    fields.remove_prefix(equals + 1);
    const bool is_quoted = fields.starts_with('"');
    const std::size_t end = is_quoted ? closing_quote(fields) + 1 : fields.find(' ');
    if (is_error) return is_quoted ? unquoted(fields) : std::string(fields.substr(0, end));
    fields.remove_prefix(std::min(end, fields.size()));
  }
  return {};
}

Statement from_klog(const std::string& line) {
  Statement statement;
  statement.severity = severity_of(line.front());
  statement.line = line;
  const std::size_t header_end = line.find("] ");
  const std::string_view body =
      header_end == std::string::npos ? std::string_view() : std::string_view(line).substr(header_end + 2);
  statement.message = unquoted(body);
  if (body.starts_with('"')) statement.error = error_in(body.substr(std::min(closing_quote(body) + 1, body.size())));
  return statement;
}

std::string text_of(const decode::Value& value, std::string_view key) {
  const decode::Value* found = value.find(key);
  return found != nullptr && found->string() != nullptr ? *found->string() : std::string();
}

std::optional<Statement> from_json(const std::string& line) {
  if (!line.starts_with("{\"")) return std::nullopt;
  const auto value = decode::as_kubernetes_reads_it(text::Source("", line));
  if (!value || value->find("msg") == nullptr) return std::nullopt;
  Statement statement;
  statement.line = line;
  statement.message = text_of(*value, "msg");
  statement.error = text_of(*value, "err");
  // Only what is no error has a verbosity.
  statement.severity = value->find("v") == nullptr ? Statement::Severity::error : Statement::Severity::info;
  return statement;
}

Statement statement_of(const std::string& line) {
  if (has_klog_header(line)) return from_klog(line);
  if (auto statement = from_json(line)) return *std::move(statement);
  Statement statement;
  statement.message = line;
  statement.line = line;
  return statement;
}

/// `… err=<`, then indented lines, then ` >` and what follows: one line with a quoted value.
std::string joined_block(const std::vector<std::string>& lines, std::size_t& at) {
  std::string line = lines[at];
  while (has_klog_header(line) && line.ends_with("=<")) {
    line.back() = '"';
    bool is_first = true;
    for (++at; at < lines.size() && !lines[at].starts_with(" >") && !has_klog_header(lines[at]); ++at) {
      const std::size_t begin = std::min(lines[at].find_first_not_of(' '), lines[at].size());
      if (!is_first) line += ' ';
      is_first = false;
      for (const char c : lines[at].substr(begin)) {
        if (c == '"' || c == '\\') line += '\\';
        line += c;
      }
    }
    line += '"';
    if (at == lines.size() || !lines[at].starts_with(" >")) {
      --at;
      return line;
    }
    line += lines[at].substr(2);
  }
  return line;
}

}  // namespace

std::vector<Statement> statements_of(const std::vector<std::string>& lines) {
  std::vector<Statement> statements;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const std::string line = joined_block(lines, at);
    if (!line.empty()) statements.push_back(statement_of(line));
  }
  return statements;
}

bool starts_statement(std::string_view line) {
  return has_klog_header(line) || line.starts_with("{\"ts\":") || line.starts_with("Error: ") ||
         line.starts_with("panic: ");
}

std::string unquoted(std::string_view text) {
  if (!text.starts_with('"')) return std::string(text);
  const std::size_t end = closing_quote(text);
  std::string plain;
  for (std::size_t at = 1; at < end; ++at) {
    if (text[at] != '\\' || at + 1 >= end) {
      plain += text[at];
      continue;
    }
    ++at;
    if (text[at] == 'n' || text[at] == 't') {
      plain += ' ';
    } else if (text[at] == '"' || text[at] == '\\') {
      plain += text[at];
    } else {
      plain += '\\';
      plain += text[at];
    }
  }
  return plain;
}

}  // namespace kaudit::node
