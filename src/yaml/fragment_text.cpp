#include "fragment_text.hpp"

#include <algorithm>
#include <variant>

#include "kaudit/text/utf8.hpp"
#include "scalar_text.hpp"

namespace kaudit::yaml {
namespace {

/// Lines of a mapping or list, all at `column`, joined; the first without its indentation.
std::string block_collection(const Fragment& fragment, std::size_t column, const BlockLayout& layout) {
  const std::string separator = std::string(layout.eol) + std::string(column, ' ');
  std::string text;
  const auto add = [&](const std::string& member) { text += (text.empty() ? "" : separator) + member; };
  if (const auto* list = std::get_if<Fragment::List>(&fragment.value())) {
    for (const Fragment& item : *list) add(block_item(item, column, layout));
  } else if (const auto* map = std::get_if<Fragment::Map>(&fragment.value())) {
    for (const auto& [key, value] : *map) add(block_entry(key, value, column, layout));
  }
  return text;
}

bool is_empty(const Fragment& fragment) {
  const auto* list = std::get_if<Fragment::List>(&fragment.value());
  const auto* map = std::get_if<Fragment::Map>(&fragment.value());
  return (list != nullptr && list->empty()) || (map != nullptr && map->empty());
}

bool is_scalar(const Fragment& fragment) {
  return std::holds_alternative<std::string>(fragment.value()) || std::holds_alternative<bool>(fragment.value());
}

/// A scalar, `[]` or `{}`: what fits behind `- ` or `key: `.
std::string one_line(const Fragment& fragment) {
  if (const auto* text = std::get_if<std::string>(&fragment.value())) return plain_or_quoted(*text);
  return flow_value(fragment, {});
}

}  // namespace

std::string block_item(const Fragment& item, std::size_t column, const BlockLayout& layout) {
  if (is_scalar(item) || is_empty(item)) return "- " + one_line(item);
  return "- " + block_collection(item, column + 2, layout);
}

std::string block_entry(std::string_view key, const Fragment& value, std::size_t column, const BlockLayout& layout) {
  const std::string start = plain_or_quoted(key) + ":";
  if (is_scalar(value) || is_empty(value)) return start + " " + one_line(value);
  const bool list = std::holds_alternative<Fragment::List>(value.value());
  const std::size_t inner = column + (list ? layout.list_offset : layout.map_step);
  return start + std::string(layout.eol) + std::string(inner, ' ') + block_collection(value, inner, layout);
}

std::string flow_entry(std::string_view key, const Fragment& value, const FlowLayout& layout) {
  return double_quoted(key) + std::string(layout.colon) + flow_value(value, layout);
}

std::string flow_value(const Fragment& value, const FlowLayout& layout) {
  if (const auto* text = std::get_if<std::string>(&value.value())) return double_quoted(*text);
  if (const auto* boolean = std::get_if<bool>(&value.value())) return *boolean ? "true" : "false";
  std::string members;
  const auto add = [&](const std::string& member) {
    members += (members.empty() ? "" : std::string(layout.comma)) + member;
  };
  if (const auto* list = std::get_if<Fragment::List>(&value.value())) {
    for (const Fragment& item : *list) add(flow_value(item, layout));
    return "[" + members + "]";
  }
  for (const auto& [key, member] : std::get<Fragment::Map>(value.value())) add(flow_entry(key, member, layout));
  return "{" + members + "}";
}

bool is_utf8(const Fragment& value) {
  const auto good = [](const std::string& text) { return text::valid_utf8_prefix(text) == text.size(); };
  if (const auto* text = std::get_if<std::string>(&value.value())) return good(*text);
  if (const auto* list = std::get_if<Fragment::List>(&value.value()))
    return std::all_of(list->begin(), list->end(), is_utf8);
  if (const auto* map = std::get_if<Fragment::Map>(&value.value())) {
    return std::all_of(map->begin(), map->end(),
                       [&](const auto& entry) { return good(entry.first) && is_utf8(entry.second); });
  }
  return true;
}

}  // namespace kaudit::yaml
