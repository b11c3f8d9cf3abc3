#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "kaudit/decode/decode.hpp"
#include "kaudit/host/certificate.hpp"
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

/// What the files of the webhook config hold, by the name of their volume.
using Contents = std::map<std::string, std::string>;

Status add_named(Session& session, const ManifestInput& input, WebhookInput& webhook, const patch::NamedFile& named,
                 Contents& contents) {
  const std::string path = patch::path_of(named, webhook.config.node_path);
  if ((path + "/").find("/../") != std::string::npos) {
    return bad_name(webhook.config, named, fmt::format("{} leads out of the config's directory", named.name));
  }
  const auto same = std::find_if(webhook.mounted.begin(), webhook.mounted.end(),
                                 [&](const patch::MountedFile& other) { return other.path == path; });
  if (same != webhook.mounted.end()) {  // a certificate and its key in one file: one mount is enough
    contents[named.volume_name] = contents[same->volume_name];
    return Done{};
  }
  webhook.mounted.push_back({named.volume_name, path});
  if (!patch::is_beside_config(named)) {
    KAUDIT_TRY(bytes, read_absolute(session, webhook.config, named, path));
    contents[named.volume_name] = std::move(bytes);
    return Done{};
  }
  Placement placement{rollout::Role::webhook_file, directory_of_given(webhook.config.origin) + "/" + named.name, path,
                      "audit-webhook-config-file", webhook.config.node_path};
  auto file = place_file(session, input, placement);
  if (!file && file.error().code == "missing") {
    return bad_name(webhook.config, named, fmt::format("there is no file {}", placement.given));
  }
  if (!file) return std::move(file).error();
  contents[named.volume_name] = file->bytes;
  webhook.installed.push_back(std::move(file).value());
  return Done{};
}

/// What stands in the files, or in the config in their place. With the first two kube-apiserver would not start; a pair
/// of files it reads when it connects first. Source: k8s.io/client-go transport/transport.go TLSConfigFor and
/// rootCertPool, token_source.go, v0.20 to v0.37.
Status check_contents(const text::Source& source, const WebhookInput& webhook,
                      const std::vector<patch::NamedFile>& named, const Contents& contents) {
  const patch::Receiver& receiver = webhook.receiver;
  const auto of = [&](const char* volume, const std::string& data) {
    const auto file = contents.find(volume);
    return file != contents.end() ? file->second : data;
  };
  if (!webhook.authority.empty() && !host::subject_of(webhook.authority)) {
    return patch::refuse_webhook(source, receiver.authority_place.offset, receiver.authority_place.field,
                                 "no certificate that can be read is in the certificate-authority",
                                 "give the certificate of the authority that signed the receiver's, as PEM");
  }
  for (const patch::NamedFile& file : named) {
    if (file.volume_name != "audit-webhook-token" ||
        contents.at(file.volume_name).find_first_not_of(" \t\r\n\v\f") != std::string::npos) {
      continue;
    }
    return patch::refuse_webhook(source, file.offset, file.field, "the tokenFile is empty",
                                 "write the token into it first");
  }
  const std::string certificate = of("audit-webhook-cert", receiver.certificate);
  const std::string key = of("audit-webhook-key", receiver.key);
  const bool is_named = contents.count("audit-webhook-cert") != 0 || !certificate.empty();
  if (!is_named) return Done{};
  if (const auto problem = host::pair_problem(certificate, key)) {
    return patch::refuse_webhook(source, receiver.certificate_place.offset, receiver.certificate_place.field,
                                 "the client certificate and its key cannot be used together: " + *problem,
                                 "give the certificate and its own private key, both as PEM and without a passphrase");
  }
  return Done{};
}

}  // namespace

std::string digest_of(const std::vector<ListedFile>& files) {
  std::string list;
  for (const ListedFile& file : files) list += file.digest + "  " + file.node_path + "\n";  // as sha256sum(1) prints it
  return files.empty() ? std::string() : host::sha256(list);
}

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
  Contents contents;
  for (const patch::NamedFile& file : named) KAUDIT_TRY_DO(add_named(session, input, webhook, file, contents));
  if (const auto file = contents.find("audit-webhook-ca"); file != contents.end()) webhook.authority = file->second;
  KAUDIT_TRY_DO(check_contents(source, webhook, named, contents));
  return std::optional(std::move(webhook));
}

}  // namespace kaudit::cli
