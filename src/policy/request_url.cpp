#include <algorithm>
#include <array>
#include <optional>

#include "kaudit/policy/request.hpp"

namespace kaudit::policy {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// net/url unescape; in a query, + is a blank. A bad escape stays as it is: the server would not have answered.
std::string unescaped(std::string_view text, char blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
    const int low = high >= 0 ? digit_of(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == blank ? ' ' : text[i];
    }
  }
  return out;
}

/// splitPath: no slashes at the ends, then parts between single ones.
std::vector<std::string> parts_of(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    parts.emplace_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

/// `metadata.name=x` of the query's fieldSelector, where it is an exact match.
std::optional<std::string> selected_name(std::string_view query) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    constexpr std::string_view k_key = "fieldSelector=";
    if (!pair.starts_with(k_key)) continue;
    const std::string selector = unescaped(pair.substr(k_key.size()), '+');
    std::string_view rest = selector;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      std::string_view term = rest.substr(0, comma);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      constexpr std::string_view k_name = "metadata.name=";
      if (!term.starts_with(k_name)) continue;
      term.remove_prefix(k_name.size());
      if (term.starts_with('=')) term.remove_prefix(1);
      const bool segment = term != "." && term != ".." && term.find_first_of("/%") == std::string_view::npos;
      if (segment && !term.empty()) return std::string(term);
    }
  }
  return std::nullopt;
}

/// Whether the verb stands in the path, as it did long ago: then the query is not read.
bool fill_resource(OwnedRequest& request, std::vector<std::string> parts) {
  bool verb_in_path = false;
  bool proxied = false;
  if (!parts.empty() && (parts.front() == "proxy" || parts.front() == "watch") && parts.size() > 1) {
    proxied = parts.front() == "proxy";
    verb_in_path = true;
    parts.erase(parts.begin());
  }
  if (!parts.empty() && parts.front() == "namespaces" && parts.size() > 1) {
    request.name_space = parts[1];
    if (parts.size() > 2 && parts[2] != "status" && parts[2] != "finalize")
      parts.erase(parts.begin(), parts.begin() + 2);
  }
  if (parts.size() >= 3 && !proxied) request.subresource = parts[2];
  if (parts.size() >= 2) request.name = parts[1];
  if (!parts.empty()) request.resource = parts[0];
  return verb_in_path;
}

}  // namespace

void fill_from_url(OwnedRequest& request, std::string_view url) {
  const std::size_t question = std::min(url.find('?'), url.size());
  const std::string_view query = url.substr(std::min(question + 1, url.size()));
  request.path = unescaped(url.substr(0, question), '%');
  request.kind = RequestKind::non_resource;
  std::vector<std::string> parts = parts_of(request.path);
  if (parts.size() < 3 || (parts[0] != "api" && parts[0] != "apis")) return;
  const bool grouped = parts[0] == "apis";
  if (grouped && parts.size() < 4) return;
  request.kind = RequestKind::resource;
  if (grouped) request.api_group = parts[1];
  parts.erase(parts.begin(), parts.begin() + (grouped ? 3 : 2));
  const bool verb_in_path = fill_resource(request, std::move(parts));
  if (!verb_in_path && request.name.empty() && (request.verb == "list" || request.verb == "watch")) {
    request.name = selected_name(query).value_or("");
  }
}

}  // namespace kaudit::policy
