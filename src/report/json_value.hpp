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

/// A JSON value to be written, for the parts of this module that do not know the library that writes it. Its parts are
/// functions, not inline: a document is one long expression.
struct JsonValue {
  using List = std::vector<JsonValue>;
  using Members = std::vector<std::pair<std::string, JsonValue>>;
  using Data = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Members>;

  JsonValue();
  JsonValue(Data data);  // NOLINT(google-explicit-constructor)
  JsonValue(const JsonValue& other);
  JsonValue(JsonValue&& other) noexcept;
  JsonValue& operator=(const JsonValue& other);
  JsonValue& operator=(JsonValue&& other) noexcept;
  ~JsonValue();

  Data value = nullptr;
};

/// An object, its members in the order given. `string_value()` and the others say what a value is; nothing and "" are
/// null.
using JsonMembers = JsonValue::Members;
using JsonList = JsonValue::List;

[[nodiscard]] JsonValue string_value(std::string_view value);
[[nodiscard]] JsonValue string_or_null(const std::string& value);
[[nodiscard]] JsonValue bool_value(bool value);
[[nodiscard]] JsonValue whole_value(std::uint64_t value);
[[nodiscard]] JsonValue number_or_null(std::optional<double> value);

/// The document, indented, bytes that are no UTF-8 replaced by U+FFFD. `format_version` comes first, by itself.
[[nodiscard]] std::string document_of(JsonMembers members);

}  // namespace kaudit::report
