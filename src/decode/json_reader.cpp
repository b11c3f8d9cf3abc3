#include "json_reader.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "json_string.hpp"
#include "kaudit/base/ascii.hpp"
#include "kaudit/text/diagnostic.hpp"
#include "limits.hpp"
#include "numbers.hpp"

namespace kaudit::decode {
namespace {

/// scanner.go quoteChar: a byte in a message.
std::string quoted(char c) {
  if (c == '\'') return R"('\'')";
  if (c == '"') return R"('"')";
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte < 0x7F) return "'" + std::string(1, c) + "'";
  constexpr std::string_view k_hex = "0123456789abcdef";
  return std::string("'\\x") + k_hex[byte >> 4U] + k_hex[byte & 0xFU] + "'";
}

constexpr const char* k_hint =
    "Kubernetes takes a file that begins with { for JSON: quote every key and text, or write YAML that begins "
    "otherwise";

constexpr double k_infinite = std::numeric_limits<double>::infinity();

/// What the text must go on with.
enum class Next : std::uint8_t { value, key, separator };

struct Level {
  Value value;
  /// The key whose value comes next.
  std::string key;
  std::size_t key_offset = 0;
};

class Reader {
 public:
  Reader(const text::Source& source, TypeDependent what) : m_source(source), m_text(source.bytes()), m_what(what) {}

  Result<Value> run() {
    do {
      KAUDIT_TRY_DO(m_next == Next::value ? read_value() : m_next == Next::key ? read_key() : read_separator());
    } while (!m_levels.empty());
    skip_space();
    if (m_at < m_text.size()) return unexpected("after top-level value");
    return std::move(m_result);
  }

 private:
  [[nodiscard]] Error refuse(std::size_t offset, std::string code, std::string message, std::string hint = {}) const {
    return text::refuse(m_source,
                        {text::Severity::error, std::move(code), {}, std::move(message), std::move(hint), offset});
  }

  /// The character here is not one that may stand here, or the text has ended.
  [[nodiscard]] Error unexpected(std::string_view where) const {
    if (m_at >= m_text.size()) return refuse(m_text.size(), "json-syntax", "unexpected end of JSON input", k_hint);
    return refuse(m_at, "json-syntax", "invalid character " + quoted(m_text[m_at]) + " " + std::string(where), k_hint);
  }

  void skip_space() {
    while (m_at < m_text.size() && std::string_view(" \t\r\n").find(m_text[m_at]) != std::string_view::npos) ++m_at;
  }

  [[nodiscard]] bool next_is(char c) const { return m_at < m_text.size() && m_text[m_at] == c; }

  void deliver(Value value) {
    m_next = Next::separator;
    if (m_levels.empty()) {
      m_result = std::move(value);
    } else if (auto* array = m_levels.back().value.array()) {
      array->push_back(std::move(value));
    } else {
      Level& level = m_levels.back();
      level.value.object()->push_back({std::move(level.key), std::move(value), level.key_offset});
    }
  }

  /// A scalar, or the opening bracket of a container.
  Status read_value() {
    skip_space();
    if (m_at >= m_text.size()) return unexpected({});
    switch (m_text[m_at]) {
      case '{':
        return open(Value::Object{});
      case '[':
        return open(Value::Array{});
      case '"':
        return read_string_value();
      case 't':
        return read_word("true", true);
      case 'f':
        return read_word("false", false);
      case 'n':
        return read_word("null", Value::Null{});
      default:
        return read_number();
    }
  }

  Status open(Value::Data container) {
    if (m_levels.size() == k_deepest)
      return refuse(m_at, "too-deep", "json: exceeded max depth", "this is no file for Kubernetes");
    m_levels.push_back({Value(std::move(container), m_at), {}, 0});
    ++m_at;
    skip_space();
    const bool object = m_levels.back().value.object() != nullptr;
    if (next_is(object ? '}' : ']')) return close();
    m_next = object ? Next::key : Next::value;
    return Done{};
  }

  Status close() {
    ++m_at;
    Value value = std::move(m_levels.back().value);
    m_levels.pop_back();
    if (const auto* object = value.object(); object != nullptr && m_what == TypeDependent::refused) {
      KAUDIT_TRY_DO(check_keys(*object));
    }
    deliver(std::move(value));
    return Done{};
  }

  /// What follows a value in a container.
  Status read_separator() {
    skip_space();
    const bool object = m_levels.back().value.object() != nullptr;
    if (next_is(object ? '}' : ']')) return close();
    if (!next_is(',')) return unexpected(object ? "after object key:value pair" : "after array element");
    ++m_at;
    m_next = object ? Next::key : Next::value;
    return Done{};
  }

  Status read_key() {
    skip_space();
    if (!next_is('"')) return unexpected("looking for beginning of object key string");
    const std::size_t offset = m_at;
    KAUDIT_TRY(key, read_string());
    m_levels.back().key = std::move(key);
    m_levels.back().key_offset = offset;
    skip_space();
    if (!next_is(':')) return unexpected("after object key");
    ++m_at;
    m_next = Next::value;
    return Done{};
  }

  Result<std::string> read_string() {
    JsonString string = read_json_string(m_text, m_at);
    m_at = string.end;
    if (!string.problem.empty()) return unexpected(string.problem);
    return std::move(string.value);
  }

  Status read_string_value() {
    const std::size_t offset = m_at;
    KAUDIT_TRY(string, read_string());
    deliver(Value(std::move(string), offset));
    return Done{};
  }

  Status read_word(std::string_view word, Value::Data value) {
    const std::size_t offset = m_at;
    for (const char c : word) {
      if (!next_is(c)) return unexpected("in literal " + std::string(word) + " (expecting " + quoted(c) + ")");
      ++m_at;
    }
    deliver(Value(std::move(value), offset));
    return Done{};
  }

  /// Digits from here on; false when there is none.
  bool read_digits() {
    const std::size_t start = m_at;
    while (m_at < m_text.size() && is_digit(m_text[m_at])) ++m_at;
    return m_at > start;
  }

  Status read_number() {
    const std::size_t start = m_at;
    const bool negative = next_is('-');
    if (negative) ++m_at;
    if (next_is('0')) {
      ++m_at;
    } else if (!read_digits()) {
      return unexpected(negative ? "in numeric literal" : "looking for beginning of value");
    }
    bool whole = true;
    if (next_is('.')) {
      whole = false;
      ++m_at;
      if (!read_digits()) return unexpected("after decimal point in numeric literal");
    }
    if (next_is('e') || next_is('E')) {
      whole = false;
      ++m_at;
      if (next_is('+') || next_is('-')) ++m_at;
      if (!read_digits()) return unexpected("in exponent of numeric literal");
    }
    return deliver_number(m_text.substr(start, m_at - start), start, whole);
  }

  Status deliver_number(std::string_view text, std::size_t offset, bool whole) {
    const char* const end = text.data() + text.size();
    std::int64_t integer = 0;
    std::uint64_t large = 0;
    if (whole && std::from_chars(text.data(), end, integer).ec == std::errc{}) {
      deliver(Value(integer, offset));
    } else if (whole && text.front() != '-' && std::from_chars(text.data(), end, large).ec == std::errc{}) {
      deliver(Value(large, offset));
    } else if (const auto number = go_float(text)) {
      deliver(Value(*number, offset));
    } else if (m_what == TypeDependent::kept) {
      deliver(Value(text.front() == '-' ? -k_infinite : k_infinite, offset));
    } else {
      return refuse(offset, "not-modelled",
                    "not known how Kubernetes reads this: a number larger than a 64-bit float is an error only where "
                    "a number is wanted");
    }
    return Done{};
  }

  [[nodiscard]] Status check_keys(const Value::Object& object) const {
    std::vector<const Value::Member*> members;
    members.reserve(object.size());
    for (const Value::Member& member : object) members.push_back(&member);
    std::sort(members.begin(), members.end(), [](const Value::Member* a, const Value::Member* b) {
      return a->key != b->key ? a->key < b->key : a->key_offset < b->key_offset;
    });
    const auto same = [](const Value::Member* a, const Value::Member* b) { return a->key == b->key; };
    const auto found = std::adjacent_find(members.begin(), members.end(), same);
    if (found == members.end()) return Done{};
    const Value::Member& later = **(found + 1);
    const std::size_t first_line = m_source.position((*found)->key_offset).line;
    return refuse(later.key_offset, "not-modelled",
                  "not known how Kubernetes reads this: the key \"" + later.key + "\" stands twice, first in line " +
                      std::to_string(first_line),
                  "keep one of them; in JSON, Kubernetes may merge their values");
  }

  const text::Source& m_source;
  std::string_view m_text;
  TypeDependent m_what;
  std::size_t m_at = 0;
  Next m_next = Next::value;
  std::vector<Level> m_levels;
  Value m_result;
};

}  // namespace

Result<Value> read_json(const text::Source& source, TypeDependent what) { return Reader(source, what).run(); }

}  // namespace kaudit::decode
