#include "yaml/meaning.hpp"

#include <string_view>
#include <variant>

namespace kaudit::test {

using yaml::Document;
using yaml::Fragment;
using yaml::NodeId;

Meaning meaning_alone(const Document& document, NodeId id) {
  const yaml::Node& node = document.node(id);
  switch (node.kind) {
    case yaml::Kind::null:
      return {};
    case yaml::Kind::sequence:
      return {Meaning::Kind::list, {}, {}, {}};
    case yaml::Kind::mapping:
      return {Meaning::Kind::map, {}, {}, {}};
    case yaml::Kind::alias:
      return {Meaning::Kind::word, "*" + std::string(node.value), {}, {}};
    case yaml::Kind::scalar:
      break;
  }
  const std::string text(node.value);
  const bool word =
      node.style == yaml::Style::plain &&
      (text == "true" || text == "false" || std::string_view("0123456789.+").find(text[0]) != std::string_view::npos);
  return {word ? Meaning::Kind::word : Meaning::Kind::string, text, {}, {}};
}

Meaning meaning_of(const Document& document, NodeId id) {
  Meaning meaning = meaning_alone(document, id);
  for (std::size_t i = 0; i < document.node(id).child_count; ++i) {
    const yaml::Child& child = document.child(id, i);
    if (meaning.kind == Meaning::Kind::list) {
      meaning.items.push_back(meaning_of(document, child.value));
    } else {
      meaning.entries.emplace_back(document.node(child.key).value, meaning_of(document, child.value));
    }
  }
  return meaning;
}

Meaning meaning_of(const Fragment& fragment) {
  Meaning meaning;
  if (const auto* text = std::get_if<std::string>(&fragment.value())) return {Meaning::Kind::string, *text, {}, {}};
  if (const auto* boolean = std::get_if<bool>(&fragment.value()))
    return {Meaning::Kind::word, *boolean ? "true" : "false", {}, {}};
  if (const auto* list = std::get_if<Fragment::List>(&fragment.value())) {
    meaning.kind = Meaning::Kind::list;
    for (const Fragment& item : *list) meaning.items.push_back(meaning_of(item));
    return meaning;
  }
  meaning.kind = Meaning::Kind::map;
  for (const auto& [key, value] : std::get<Fragment::Map>(fragment.value()))
    meaning.entries.emplace_back(key, meaning_of(value));
  return meaning;
}

std::string to_text(const Meaning& meaning) {
  switch (meaning.kind) {
    case Meaning::Kind::null:
      return "null";
    case Meaning::Kind::word:
      return meaning.text;
    case Meaning::Kind::string:
      return "\"" + meaning.text + "\"";
    case Meaning::Kind::list:
    case Meaning::Kind::map:
      break;
  }
  std::string members;
  for (const Meaning& item : meaning.items) members += to_text(item) + ", ";
  for (const auto& [key, value] : meaning.entries) members += "\"" + key + "\": " + to_text(value) + ", ";
  return meaning.kind == Meaning::Kind::list ? "[" + members + "]" : "{" + members + "}";
}

}  // namespace kaudit::test
