#include <fmt/format.h>

#include "kaudit/decode/decode.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/patch/paths.hpp"
#include "kaudit/patch/webhook_config.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

std::string directory_of_given(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Error bad_name(const NodeFile& config, const patch::NamedFile& named, const std::string& message) {
  Error error = host::file_error(ExitStatus::refused, "webhook-config", config.origin, message,
                                 "name it by an absolute path of the node, or put it beside the webhook config");
  error.field = named.field;
  return error;
}

/// An absolute name is a path of the node and must be there already.
Result<std::string> read_absolute(const Session& session, const NodeFile& config, const patch::NamedFile& named,
                                  const std::string& path) {
  KAUDIT_TRY(place, session.root.locate(path));
  KAUDIT_TRY(file, host::read_file(place, k_input_limit));
  if (!file) return bad_name(config, named, fmt::format("there is no file {}", place.path));
  return std::move(file->bytes);
}

Status add_named(Session& session, const ManifestInput& input, WebhookInput& webhook, const patch::NamedFile& named) {
  const bool absolute = named.name.starts_with('/');
  const std::string path =
      patch::normalise_path(absolute ? named.name : patch::directory_of(webhook.config.node_path) + "/" + named.name);
  if ((path + "/").find("/../") != std::string::npos) {
    return bad_name(webhook.config, named, fmt::format("{} leads out of the config's directory", named.name));
  }
  webhook.mounted.push_back({named.volume_name, path});
  const bool is_authority = !webhook.receiver.authority_file.empty() && named.name == webhook.receiver.authority_file;
  if (absolute) {
    KAUDIT_TRY(bytes, read_absolute(session, webhook.config, named, path));
    if (is_authority) webhook.authority = std::move(bytes);
    return Done{};
  }
  Placement placement{rollout::Role::webhook_file, directory_of_given(webhook.config.origin) + "/" + named.name, path,
                      "audit-webhook-config-file", webhook.config.node_path};
  auto file = place_file(session, input, placement);
  if (!file && file.error().code == "missing") {
    return bad_name(webhook.config, named, fmt::format("there is no file {}", placement.given));
  }
  if (!file) return std::move(file).error();
  if (is_authority) webhook.authority = file->bytes;
  webhook.installed.push_back(std::move(file).value());
  return Done{};
}

}  // namespace

Result<std::optional<WebhookInput>> read_webhook(Session& session, const EnableOptions& options,
                                                 const ManifestInput& input) {
  if (!options.webhook_config) return std::optional<WebhookInput>();
  WebhookInput webhook;
  KAUDIT_TRY(config, place_file(session, input,
                                {rollout::Role::webhook_config, *options.webhook_config, std::nullopt,
                                 "audit-webhook-config-file"}));
  webhook.config = std::move(config);
  const text::Source source(webhook.config.origin, webhook.config.bytes);
  auto value = decode::as_kubernetes_reads_it(source);
  if (!value) {
    // The line that does not parse may hold a token, and the parser's words may quote it.
    value.error().excerpt.clear();
    value.error().message = "Kubernetes cannot read this as YAML or JSON (nothing of it is shown, it may be secret)";
    value.error().hint = "look at this place of the file";
    return std::move(value).error();
  }
  KAUDIT_TRY(named, patch::files_named_by(source, *value));
  KAUDIT_TRY(receiver, patch::receiver_of(source, *value));
  webhook.receiver = std::move(receiver);
  webhook.authority = webhook.receiver.authority;
  for (const patch::NamedFile& file : named) KAUDIT_TRY_DO(add_named(session, input, webhook, file));
  return std::optional(std::move(webhook));
}

}  // namespace kaudit::cli
