#include "agreement.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

namespace kaudit::manifest {
namespace {

using decode::Value;
using yaml::NodeId;

std::string_view kind_name(yaml::Kind kind) {
  switch (kind) {
    case yaml::Kind::scalar:
      return "text";
    case yaml::Kind::sequence:
      return "a list";
    case yaml::Kind::mapping:
      return "a mapping";
    case yaml::Kind::null:
      return "nothing";
    case yaml::Kind::alias:
      return "an alias";
  }
  return "";
}

template <std::size_t N>
bool is_one_of_in_any_case(const std::array<std::string_view, N>& words, std::string_view text) {
  return std::ranges::any_of(words, [text](std::string_view word) {
    return std::ranges::equal(text, word, [](char one, char other) { return (one | 0x20) == other; });
  });
}

bool looks_like_null(std::string_view text) {
  return text.empty() || text == "~" || is_one_of_in_any_case(std::array<std::string_view, 1>{"null"}, text);
}

bool looks_like_boolean(std::string_view text) {
  static constexpr std::array<std::string_view, 8> k_words{"y", "n", "yes", "no", "on", "off", "true", "false"};
  return is_one_of_in_any_case(k_words, text);
}

bool looks_like_number(std::string_view text) {
  return !text.empty() && std::string_view("0123456789+-.").find(text.front()) != std::string_view::npos;
}

/// Whether YAML 1.1 may make something else than text of a plain scalar. What exactly is the judge's business alone.
bool may_be_resolved(std::string_view text) {
  return looks_like_null(text) || looks_like_boolean(text) || looks_like_number(text);
}

class Comparison {
 public:
  explicit Comparison(const yaml::Document& document) : m_document(document) {}

  /// Whether the two agree; the first place where they do not is kept.
  bool same(NodeId id, const Value& value) {
    const yaml::Node& node = m_document.node(id);
    if (node.kind == yaml::Kind::alias) return true;
    if (text(node.property).find('!') != std::string_view::npos) return true;
    switch (node.kind) {
      case yaml::Kind::mapping:
        return same_mapping(id, value);
      case yaml::Kind::sequence:
        return same_sequence(id, value);
      case yaml::Kind::null:
        return value.is_null() || differ(id, value);
      case yaml::Kind::scalar:
        return same_scalar(node, value) || differ(id, value);
      case yaml::Kind::alias:
        break;
    }
    return true;
  }

  [[nodiscard]] std::optional<text::Diagnostic> take() { return std::move(m_finding); }

 private:
  [[nodiscard]] std::string_view text(text::Span span) const { return m_document.source().text(span); }

  bool differ(NodeId id, const Value& value) {
    const yaml::Node& node = m_document.node(id);
    text::Diagnostic finding;
    finding.code = "parsers-disagree";
    finding.field = m_document.path(id);
    finding.message = "YAML parsers read this differently: one as " + std::string(kind_name(node.kind)) +
                      ", the one of Kubernetes as " + std::string(value.type_name()) + " or with other content";
    finding.hint = "write it in a plainer way: one key or item a line, text in double quotes";
    finding.offset = node.span.begin;
    m_finding = std::move(finding);
    return false;
  }

  static bool same_scalar(const yaml::Node& node, const Value& value) {
    if (const std::string* string = value.string()) return *string == node.value;
    if (node.style != yaml::Style::plain || value.array() != nullptr || value.object() != nullptr) return false;
    if (value.is_null()) return looks_like_null(node.value);
    return value.boolean() != nullptr ? looks_like_boolean(node.value) : looks_like_number(node.value);
  }

  /// A plain key that is no text (`1:`, `yes:`) is spelled anew by Kubernetes; then its place tells.
  static bool same_key(const yaml::Node& key, const Value::Member& member) {
    if (member.key == key.value) return true;
    return key.style == yaml::Style::plain && may_be_resolved(key.value) && member.key_offset == key.span.begin;
  }

  bool same_sequence(NodeId id, const Value& value) {
    const Value::Array* array = value.array();
    const std::size_t count = m_document.node(id).child_count;
    if (array == nullptr || array->size() != count) return differ(id, value);
    for (std::size_t i = 0; i < count; ++i) {
      if (!same(m_document.child(id, i).value, (*array)[i])) return false;
    }
    return true;
  }

  [[nodiscard]] bool has_merge_key(NodeId id) const {
    for (std::size_t i = 0; i < m_document.node(id).child_count; ++i) {
      if (m_document.node(m_document.child(id, i).key).value == "<<") return true;
    }
    return false;
  }

  bool same_mapping(NodeId id, const Value& value) {
    if (has_merge_key(id)) return true;
    const Value::Object* object = value.object();
    const std::size_t count = m_document.node(id).child_count;
    if (object == nullptr || object->size() != count) return differ(id, value);
    std::unordered_map<std::string_view, const Value*> by_key;  // made when the order is not the same
    for (std::size_t i = 0; i < count; ++i) {
      const yaml::Child& child = m_document.child(id, i);
      const yaml::Node& key = m_document.node(child.key);
      const Value::Member& neighbour = (*object)[i];
      if (same_key(key, neighbour)) {
        if (!same(child.value, neighbour.value)) return false;
        continue;
      }
      if (by_key.empty()) {
        for (const Value::Member& member : *object) by_key.emplace(member.key, &member.value);
      }
      const auto found = by_key.find(key.value);
      if (found == by_key.end()) return differ(child.key, value);
      if (!same(child.value, *found->second)) return false;
    }
    return true;
  }

  const yaml::Document& m_document;
  std::optional<text::Diagnostic> m_finding;
};

}  // namespace

std::optional<text::Diagnostic> disagreement(const yaml::Document& document, const decode::Value& value) {
  Comparison comparison(document);
  static_cast<void>(comparison.same(document.root(), value));
  return comparison.take();
}

}  // namespace kaudit::manifest
