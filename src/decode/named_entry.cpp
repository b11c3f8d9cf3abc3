#include "kaudit/decode/named_entry.hpp"

namespace kaudit::decode {

std::string text_of(const Value* value) {
  const std::string* text = value != nullptr ? value->string() : nullptr;
  return text != nullptr ? *text : std::string();
}

NamedEntry find_named(const Value& object, std::string_view list, std::string_view name, std::string_view member) {
  const Value* entries = object.find(list);
  if (entries == nullptr || entries->array() == nullptr) return {};
  for (std::size_t i = 0; i < entries->array()->size(); ++i) {
    const Value& entry = (*entries->array())[i];
    if (text_of(entry.find("name")) != name) continue;
    return {entry.find(member), std::string(list) + "[" + std::to_string(i) + "]." + std::string(member)};
  }
  return {};
}

}  // namespace kaudit::decode
