#include <string_view>

#include "kaudit/decode/decode.hpp"
#include "trail.hpp"

namespace kaudit::cli {
namespace {

using decode::Value;

std::string text_in(const Value* value, std::string_view key) {
  const Value* found = value != nullptr ? value->find(key) : nullptr;
  return found != nullptr && found->string() != nullptr ? *found->string() : std::string();
}

/// The member `member` of the list's entry with this name.
const Value* named(const Value& config, std::string_view list, std::string_view name, std::string_view member) {
  const Value* entries = config.find(list);
  if (entries == nullptr || entries->array() == nullptr) return nullptr;
  for (const Value& entry : *entries->array()) {
    if (text_in(&entry, "name") == name) return entry.find(member);
  }
  return nullptr;
}

}  // namespace

std::string receiver_of(const std::string& webhook_config) {
  const auto config = decode::as_kubernetes_reads_it(text::Source("", webhook_config));
  if (!config) return {};
  const Value* context = named(*config, "contexts", text_in(&*config, "current-context"), "context");
  const std::string server = text_in(named(*config, "clusters", text_in(context, "cluster"), "cluster"), "server");
  std::string_view host = server;
  if (const std::size_t scheme = host.find("://"); scheme != std::string_view::npos) host.remove_prefix(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  return std::string(host);
}

}  // namespace kaudit::cli
