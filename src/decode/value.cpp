#include "kaudit/decode/value.hpp"

namespace kaudit::decode {
namespace {

bool holds_values(const Value& value) {
  if (const auto* array = value.array()) return !array->empty();
  if (const auto* object = value.object()) return !object->empty();
  return false;
}

/// Moves what `value` directly holds to the end of `out`, and leaves it empty.
void take_children(Value& value, std::vector<Value>& out) {
  if (auto* array = value.array()) {
    for (Value& item : *array) {
      if (holds_values(item)) out.push_back(std::move(item));
    }
    array->clear();
  } else if (auto* object = value.object()) {
    for (Value::Member& member : *object) {
      if (holds_values(member.value)) out.push_back(std::move(member.value));
    }
    object->clear();
  }
}

/// Copies one level: scalars whole, containers with null in place of their children, which are put on `work`.
/// The containers have their final size, so the addresses put there stay good.
void copy_level(const Value& from, Value& to, std::vector<std::pair<const Value*, Value*>>& work) {
  if (const auto* array = from.array()) {
    Value made(Value::Array(array->size()), from.offset());
    for (std::size_t i = 0; i < array->size(); ++i) work.emplace_back(&(*array)[i], &(*made.array())[i]);
    to = std::move(made);
  } else if (const auto* object = from.object()) {
    Value made(Value::Object(object->size()), from.offset());
    for (std::size_t i = 0; i < object->size(); ++i) {
      const Value::Member& member = (*object)[i];
      Value::Member& copy = (*made.object())[i];
      copy.key = member.key;
      copy.key_offset = member.key_offset;
      work.emplace_back(&member.value, &copy.value);
    }
    to = std::move(made);
  } else {
    to = Value(from.data(), from.offset());
  }
}

}  // namespace

Value::Value() = default;
Value::Value(Data data, std::size_t offset) : m_data(std::move(data)), m_offset(offset) {}
Value::Value(Value&& other) noexcept = default;

// The text may nest 10,000 levels deep (encoding/json's limit): copying and destroying go level by level over a
// list of their own, never down the call stack.

Value::Value(const Value& other) : m_offset(other.m_offset) {
  std::vector<std::pair<const Value*, Value*>> work;
  if (!holds_values(other)) {
    m_data = other.m_data;
    return;
  }
  copy_level(other, *this, work);
  while (!work.empty()) {
    const auto [from, to] = work.back();
    work.pop_back();
    copy_level(*from, *to, work);
  }
}

Value& Value::operator=(const Value& other) {
  if (this != &other) *this = Value(other);
  return *this;
}

Value& Value::operator=(Value&& other) noexcept {
  if (this != &other) {
    // `other` may lie inside what this value holds, so the old content goes last.
    Value old(std::move(*this));
    m_data = std::move(other.m_data);
    m_offset = other.m_offset;
  }
  return *this;
}

Value::~Value() {
  if (!holds_values(*this)) return;
  std::vector<Value> pending;
  take_children(*this, pending);
  while (!pending.empty()) {
    Value next = std::move(pending.back());
    pending.pop_back();
    take_children(next, pending);
  }
}

const Value* Value::find(std::string_view key) const noexcept {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  for (const Member& member : *members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Value* Value::find(std::string_view key) noexcept {
  Object* members = object();
  if (members == nullptr) return nullptr;
  for (Member& member : *members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::string_view Value::type_name() const noexcept {
  switch (m_data.index()) {
    case 0:
      return "null";
    case 1:
      return "bool";
    case 5:
      return "string";
    case 6:
      return "array";
    case 7:
      return "object";
    default:
      return "number";
  }
}

}  // namespace kaudit::decode
