#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kaudit::report {

/// A JSON value to be written, for the parts of this module that do not know the library that writes it.
struct JsonValue {
  using List = std::vector<JsonValue>;
  using Members = std::vector<std::pair<std::string, JsonValue>>;
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Members> value = nullptr;
};

/// An object, its members in the order given. `string_value()` and the others say what a value is; nothing and "" are
/// null.
using JsonMembers = JsonValue::Members;
using JsonList = JsonValue::List;

[[nodiscard]] inline JsonValue string_value(std::string_view value) { return {std::string(value)}; }
[[nodiscard]] inline JsonValue string_or_null(const std::string& value) {
  return value.empty() ? JsonValue{} : JsonValue{value};
}
[[nodiscard]] inline JsonValue bool_value(bool value) { return {value}; }
[[nodiscard]] inline JsonValue whole_value(std::uint64_t value) { return {static_cast<std::int64_t>(value)}; }
[[nodiscard]] inline JsonValue number_or_null(std::optional<double> value) {
  return value ? JsonValue{*value} : JsonValue{};
}

/// The document, indented, bytes that are no UTF-8 replaced by U+FFFD. `format_version` comes first, by itself.
[[nodiscard]] std::string document_of(JsonMembers members);

}  // namespace kaudit::report
