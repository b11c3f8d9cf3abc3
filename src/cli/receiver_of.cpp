#include <string_view>

#include "kaudit/decode/decode.hpp"
#include "kaudit/decode/named_entry.hpp"
#include "trail.hpp"

namespace kaudit::cli {

using decode::find_named;
using decode::text_of;
using decode::Value;

std::string receiver_of(const std::string& webhook_config) {
  const auto config = decode::as_kubernetes_reads_it(text::Source("", webhook_config));
  if (!config) return {};
  const Value* context = find_named(*config, "contexts", text_of(config->find("current-context")), "context").value;
  if (context == nullptr) return {};
  const Value* cluster = find_named(*config, "clusters", text_of(context->find("cluster")), "cluster").value;
  const std::string server = cluster != nullptr ? text_of(cluster->find("server")) : std::string();
  std::string_view host = server;
  if (const std::size_t scheme = host.find("://"); scheme != std::string_view::npos) host.remove_prefix(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  return std::string(host);
}

}  // namespace kaudit::cli
