#include "kaudit/kube/pod_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace kaudit::kube {
namespace {

constexpr std::size_t k_longest_label = 63;
constexpr std::size_t k_longest_subdomain = 253;
constexpr std::size_t k_longest_qualified_name = 63;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_letter_or_digit(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z'); }

/// [a-z0-9]([-a-z0-9]*[a-z0-9])?
bool is_label(std::string_view text) {
  if (text.empty() || !is_lower_or_digit(text.front()) || !is_lower_or_digit(text.back())) return false;
  return std::ranges::all_of(text, [](char c) { return c == '-' || is_lower_or_digit(c); });
}

bool is_subdomain(std::string_view text) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

/// ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]
bool is_qualified(std::string_view text) {
  if (text.empty() || !is_letter_or_digit(text.front()) || !is_letter_or_digit(text.back())) return false;
  return std::ranges::all_of(text, [](char c) { return c == '-' || c == '_' || c == '.' || is_letter_or_digit(c); });
}

/// apimachinery's MaxLenError
std::string too_long(std::size_t limit) { return "must be no more than " + std::to_string(limit) + " characters"; }

constexpr std::string_view k_label_words =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
    "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr std::string_view k_subdomain_words =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
    "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr std::string_view k_qualified_words =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

constexpr std::array<std::string_view, 8> k_host_path_types{
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"};

}  // namespace

std::vector<std::string> dns1123_label_problems(std::string_view name) {
  std::vector<std::string> problems;
  if (name.size() > k_longest_label) problems.push_back(too_long(k_longest_label));
  if (!is_label(name)) {
    if (is_subdomain(name)) {
      problems.emplace_back("must not contain dots");
    } else {
      problems.emplace_back(k_label_words);
    }
  }
  return problems;
}

std::vector<std::string> dns1123_subdomain_problems(std::string_view name) {
  std::vector<std::string> problems;
  if (name.size() > k_longest_subdomain) problems.push_back(too_long(k_longest_subdomain));
  if (!is_subdomain(name)) problems.emplace_back(k_subdomain_words);
  return problems;
}

bool is_host_path_type(std::string_view type) {
  return std::ranges::find(k_host_path_types, type) != k_host_path_types.end();
}

std::string unsupported_host_path_type(std::string_view type) {
  std::string list;
  for (const std::string_view known : k_host_path_types) list += (list.empty() ? "" : ", ") + go_quote(known);
  return "Unsupported value: " + go_quote(type) + ": supported values: " + list;
}

bool has_parent_reference(std::string_view path) {
  for (;;) {
    const std::size_t slash = path.find('/');
    if (path.substr(0, slash) == "..") return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

std::vector<std::string> qualified_name_problems(std::string_view key) {
  std::vector<std::string> problems;
  std::string_view name = key;
  const std::size_t slash = key.find('/');
  if (slash != std::string_view::npos) {
    if (key.find('/', slash + 1) != std::string_view::npos) {
      return {"a qualified name " + std::string(k_qualified_words) +
              " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"};
    }
    const std::string_view prefix = key.substr(0, slash);
    name = key.substr(slash + 1);
    if (prefix.empty()) {
      problems.emplace_back("prefix part must be non-empty");
    } else {
      for (const std::string& problem : dns1123_subdomain_problems(prefix)) {
        problems.push_back("prefix part " + problem);
      }
    }
  }
  if (name.empty()) problems.emplace_back("name part must be non-empty");
  if (name.size() > k_longest_qualified_name) problems.push_back("name part " + too_long(k_longest_qualified_name));
  if (!is_qualified(name)) problems.push_back("name part " + std::string(k_qualified_words));
  return problems;
}

std::string duplicate_value(std::string_view value) { return "Duplicate value: " + go_quote(value); }

std::string not_found(std::string_view value) { return "Not found: " + go_quote(value); }

std::string invalid_value(std::string_view value, std::string_view detail) {
  return "Invalid value: " + go_quote(value) + ": " + std::string(detail);
}

std::string required_value(std::string_view detail) {
  return detail.empty() ? "Required value" : "Required value: " + std::string(detail);
}

std::string forbidden(std::string_view detail) { return "Forbidden: " + std::string(detail); }

}  // namespace kaudit::kube
