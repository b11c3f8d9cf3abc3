#include <algorithm>

#include "kaudit/policy/request.hpp"
#include "list_options.hpp"

namespace kaudit::policy {
namespace {

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
  request.path = unescaped(url.substr(0, question), Plus::itself).text;
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
    request.name = name_selected(query);
  }
}

}  // namespace kaudit::policy
