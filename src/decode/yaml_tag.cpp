#include <algorithm>
#include <array>
#include <utility>

#include "yaml_tape.hpp"

namespace kaudit::decode {

Tag tag_of(std::string_view tag) {
  constexpr std::string_view k_prefix = "tag:yaml.org,2002:";
  if (tag.empty()) return Tag::none;
  if (tag.substr(0, k_prefix.size()) != k_prefix) return Tag::other;
  const std::string_view name = tag.substr(k_prefix.size());
  constexpr std::array<std::pair<std::string_view, Tag>, 8> k_tags{{{"str", Tag::str},
                                                                    {"bool", Tag::boolean},
                                                                    {"int", Tag::integer},
                                                                    {"float", Tag::real},
                                                                    {"null", Tag::null},
                                                                    {"timestamp", Tag::timestamp},
                                                                    {"binary", Tag::binary},
                                                                    {"merge", Tag::merge}}};
  const auto* const found =
      std::find_if(k_tags.begin(), k_tags.end(), [&](const auto& entry) { return entry.first == name; });
  return found == k_tags.end() ? Tag::other : found->second;
}

}  // namespace kaudit::decode
