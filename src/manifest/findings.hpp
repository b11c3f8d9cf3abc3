#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "kaudit/decode/named_entry.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/text/diagnostic.hpp"

namespace kaudit::manifest {

/// Where in the pod something stands: its field path as Kubernetes spells it, and its offset in the text.
struct Where {
  std::string field;
  std::size_t offset = 0;
};

[[nodiscard]] inline std::string item(const std::string& field, std::size_t index) {
  return field + "[" + std::to_string(index) + "]";
}

/// The findings of one look at a pod, in the order they were made.
class Findings {
 public:
  void error(std::string code, Where where, std::string message, std::string hint) {
    add(text::Severity::error, std::move(code), std::move(where), std::move(message), std::move(hint));
  }
  void warning(std::string code, Where where, std::string message, std::string hint) {
    add(text::Severity::warning, std::move(code), std::move(where), std::move(message), std::move(hint));
  }
  [[nodiscard]] bool empty() const noexcept { return m_all.empty(); }
  [[nodiscard]] std::vector<text::Diagnostic> take() { return std::move(m_all); }

 private:
  void add(text::Severity severity, std::string code, Where where, std::string message, std::string hint) {
    m_all.push_back(
        {severity, std::move(code), std::move(where.field), std::move(message), std::move(hint), where.offset});
  }

  std::vector<text::Diagnostic> m_all;
};

using decode::text_of;

/// Member `key` as text.
[[nodiscard]] inline std::string text_at(const decode::Value& object, std::string_view key) {
  return text_of(object.find(key));
}

/// Items of a list; none for anything else (a null, or a type the shape check has reported).
[[nodiscard]] inline const decode::Value::Array& items_of(const decode::Value* value) {
  static const decode::Value::Array k_none;
  return value != nullptr && value->array() != nullptr ? *value->array() : k_none;
}

[[nodiscard]] inline const decode::Value::Object& members_of(const decode::Value* value) {
  static const decode::Value::Object k_none;
  return value != nullptr && value->object() != nullptr ? *value->object() : k_none;
}

/// Whether a member is there and not null: what Go sees as a set pointer.
[[nodiscard]] inline bool is_set(const decode::Value& object, std::string_view key) {
  const decode::Value* value = object.find(key);
  return value != nullptr && !value->is_null();
}

/// Where member `key` of `object` stands; the object itself when it has no such member.
[[nodiscard]] inline Where where(const decode::Value& object, const std::string& field, std::string_view key) {
  const decode::Value* value = object.find(key);
  return {field + "." + std::string(key), value == nullptr ? object.offset() : value->offset()};
}

}  // namespace kaudit::manifest
