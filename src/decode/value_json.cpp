#include <algorithm>
#include <array>

#include "kaudit/decode/value.hpp"
#include "numbers.hpp"

namespace kaudit::decode {
namespace {

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          constexpr std::string_view k_hex = "0123456789abcdef";
          const auto byte = static_cast<unsigned char>(c);
          out += "\\u00";
          out += k_hex[byte >> 4U];
          out += k_hex[byte & 0xFU];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

/// A container being written: its next child, and for an object the order of its keys.
struct OpenContainer {
  const Value* container = nullptr;
  std::vector<std::size_t> order;
  std::size_t next = 0;
};

std::vector<std::size_t> by_key(const Value::Object& object) {
  std::vector<std::size_t> order(object.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return object[a].key < object[b].key; });
  return order;
}

void append_scalar(std::string& out, const Value& value) {
  if (value.is_null()) out += "null";
  if (const bool* boolean = value.boolean()) out += *boolean ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value.data())) out += std::to_string(*number);
  if (const auto* number = std::get_if<std::uint64_t>(&value.data())) out += std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value.data())) out += json_double(*number);
  if (const auto* string = value.string()) append_string(out, *string);
}

/// Writes a scalar, or the bracket of a container that it puts on `levels`.
void open(std::string& out, const Value& value, std::vector<OpenContainer>& levels) {
  if (value.array() != nullptr) {
    out += '[';
    levels.push_back({&value, {}, 0});
  } else if (const auto* object = value.object()) {
    out += '{';
    levels.push_back({&value, by_key(*object), 0});
  } else {
    append_scalar(out, value);
  }
}

}  // namespace

std::string to_json(const Value& value) {
  std::string out;
  std::vector<OpenContainer> levels;
  open(out, value, levels);
  while (!levels.empty()) {
    OpenContainer& level = levels.back();
    const std::size_t index = level.next++;
    const auto* array = level.container->array();
    const auto* object = level.container->object();
    if (index == (array != nullptr ? array->size() : object->size())) {
      out += array != nullptr ? ']' : '}';
      levels.pop_back();
      continue;
    }
    if (index > 0) out += ',';
    if (array != nullptr) {
      open(out, (*array)[index], levels);
    } else {
      const Value::Member& member = (*object)[level.order[index]];
      append_string(out, member.key);
      out += ':';
      open(out, member.value, levels);
    }
  }
  return out;
}

}  // namespace kaudit::decode
