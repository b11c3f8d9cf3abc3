#include <array>
#include <optional>
#include <string_view>

#include "kaudit/node/reason.hpp"
#include "log_statement.hpp"
#include "text_lines.hpp"

namespace kaudit::node {
namespace {

using Code = Reason::Code;
using Lasting = Reason::Lasting;
using Severity = Statement::Severity;

/// Words by which a reason is known.
struct Sign {
  std::string_view words;
  Code code;
  /// Whether what stands before them is left out.
  enum class Text : std::uint8_t { all, from_words } text;
};

/// The first that fits counts: what the policy or webhook config says may hold any other words.
/// Source: k8s.io/apiserver pkg/server/options/audit.go, spf13/pflag, k8s.io/component-base, v1.20 to v1.37.
constexpr std::array<Sign, 20> k_signs{{
    {"loading audit policy file: ", Code::policy, Sign::Text::from_words},
    {"initializing audit webhook: ", Code::webhook_config, Sign::Text::from_words},
    {"ensureLogFile: ", Code::log_file, Sign::Text::from_words},
    {"bind: address already in use", Code::port_taken, Sign::Text::all},
    {"unknown flag: ", Code::flag, Sign::Text::all},
    {"unknown shorthand flag: ", Code::flag, Sign::Text::all},
    {"bad flag syntax: ", Code::flag, Sign::Text::all},
    {"flag needs an argument: ", Code::flag, Sign::Text::all},
    {"invalid argument \"", Code::flag, Sign::Text::all},
    {"invalid audit log ", Code::flag, Sign::Text::all},
    {"invalid audit webhook ", Code::flag, Sign::Text::all},
    {"invalid audit batch ", Code::flag, Sign::Text::all},
    {"invalid audit truncate ", Code::flag, Sign::Text::all},
    {"can't be a negative number", Code::flag, Sign::Text::all},
    {"invalid group version, allowed versions are", Code::flag, Sign::Text::all},
    {"unexpected GroupVersion string: ", Code::flag, Sign::Text::all},
    {"does not take any arguments, got", Code::flag, Sign::Text::all},
    {"unrecognized feature gate: ", Code::flag, Sign::Text::all},
    {"is a required flag", Code::flag, Sign::Text::all},
    {"must be between 1 and 65535", Code::flag, Sign::Text::all},
}};

Lasting lasting(Code code) {
  return code == Code::port_taken || code == Code::etcd || code == Code::crash ? Lasting::no : Lasting::yes;
}

Reason server_said(Code code, std::string text) { return {code, shortened(std::move(text)), lasting(code)}; }

std::optional<Reason> by_signs(const std::string& words) {
  for (const Sign& sign : k_signs) {
    const std::size_t at = words.find(sign.words);
    if (at == std::string::npos) continue;
    return server_said(sign.code, sign.text == Sign::Text::all ? words : words.substr(at));
  }
  return std::nullopt;
}

/// grpc's words for an etcd that does not answer; "dial unix" would be a KMS plugin.
bool is_about_etcd(std::string_view text) {
  return (has(text, "Error while dialing") && has(text, "dial tcp ")) ||
         (has(text, ":2379") && has(text, "connection refused"));
}

/// "dial tcp 127.0.0.1:2379: connect: connection refused", the newest; "": none.
std::string failed_dial(const std::vector<Statement>& statements) {
  for (auto statement = statements.rbegin(); statement != statements.rend(); ++statement) {
    if (!is_about_etcd(statement->line)) continue;
    const std::size_t begin = statement->line.find("dial tcp ");
    if (begin == std::string::npos) continue;
    return statement->line.substr(begin, statement->line.find_first_of("\"\\", begin) - begin);
  }
  return {};
}

Reason etcd_reason(const std::string& words, const std::vector<Statement>& statements) {
  const std::string dial = failed_dial(statements);
  std::string text = "does not reach etcd: " + (words.empty() ? dial : words);
  if (!words.empty() && !dial.empty() && !has(words, dial)) text += " (" + dial + ")";
  return server_said(Code::etcd, std::move(text));
}

/// The words with which a process ends; nothing: it may have said this and gone on.
std::optional<std::string> final_words(const Statement& statement) {
  if (statement.severity == Severity::fatal) {
    return statement.error.empty() ? statement.message : statement.message + ": " + statement.error;
  }
  if (statement.severity != Severity::none) {
    if (statement.message == "command failed" && !statement.error.empty()) return statement.error;
    return std::nullopt;
  }
  for (const std::string_view prefix : {"Error: ", "error: "}) {
    if (statement.message.starts_with(prefix)) return statement.message.substr(prefix.size());
  }
  if (statement.message.starts_with("panic: ") || statement.message.starts_with("fatal error: ")) {
    return statement.message;
  }
  return std::nullopt;
}

Reason by_final_words(const std::string& words, const std::vector<Statement>& statements) {
  if (auto known = by_signs(words)) return *std::move(known);
  if (has(words, "context deadline exceeded") || is_about_etcd(words)) return etcd_reason(words, statements);
  return server_said(Code::crash, words);
}

/// Words that nobody marked as the last ones. What a running server logs may name a flag in passing: only lines that
/// no logging package made are looked at for flags.
std::optional<Reason> by_passing_words(const std::vector<Statement>& statements) {
  for (auto statement = statements.rbegin(); statement != statements.rend(); ++statement) {
    if (statement->severity == Severity::none) {
      if (auto known = by_signs(statement->message)) return known;
    }
    if (has(statement->line, "bind: address already in use")) return server_said(Code::port_taken, statement->words());
    if (is_about_etcd(statement->line)) return etcd_reason({}, statements);
  }
  return std::nullopt;
}

std::optional<Reason> by_last_error(const std::vector<Statement>& statements) {
  for (const Severity severity : {Severity::error, Severity::none}) {
    for (auto statement = statements.rbegin(); statement != statements.rend(); ++statement) {
      if (statement->severity != severity) continue;
      return server_said(Code::crash,
                         statement->error.empty() ? statement->message : statement->message + ": " + statement->error);
    }
  }
  return std::nullopt;
}

}  // namespace

Reason reason_in_last_words(const std::vector<std::string>& words) {
  const std::vector<Statement> statements = statements_of(words);
  for (auto statement = statements.rbegin(); statement != statements.rend(); ++statement) {
    if (const auto last = final_words(*statement)) return by_final_words(*last, statements);
  }
  if (auto passing = by_passing_words(statements)) return *std::move(passing);
  return by_last_error(statements).value_or(Reason{});
}

}  // namespace kaudit::node
