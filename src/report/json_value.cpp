#include "json_value.hpp"

namespace kaudit::report {

JsonValue::JsonValue() = default;
JsonValue::JsonValue(Data data) : value(std::move(data)) {}
JsonValue::JsonValue(const JsonValue& other) = default;
JsonValue::JsonValue(JsonValue&& other) noexcept = default;
JsonValue& JsonValue::operator=(const JsonValue& other) = default;
JsonValue& JsonValue::operator=(JsonValue&& other) noexcept = default;
JsonValue::~JsonValue() = default;

JsonValue string_value(std::string_view value) { return {std::string(value)}; }

JsonValue string_or_null(const std::string& value) { return value.empty() ? JsonValue{} : JsonValue{value}; }

JsonValue bool_value(bool value) { return {value}; }

JsonValue whole_value(std::uint64_t value) { return {static_cast<std::int64_t>(value)}; }

JsonValue number_or_null(std::optional<double> value) { return value ? JsonValue{*value} : JsonValue{}; }

}  // namespace kaudit::report
