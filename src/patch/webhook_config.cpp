#include "kaudit/patch/webhook_config.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "kaudit/decode/base64.hpp"
#include "kaudit/decode/named_entry.hpp"
#include "kaudit/patch/paths.hpp"
#include "kaudit/text/diagnostic.hpp"
#include "webhook_rules.hpp"

namespace kaudit::patch {
namespace {

using decode::find_named;
using decode::text_of;
using decode::Value;
using Entry = decode::NamedEntry;

void add_file(std::vector<NamedFile>& files, const Entry& owner, const char* key, const char* volume) {
  const Value* value = owner.value->find(key);
  const std::string name = text_of(value);
  if (!name.empty()) files.push_back({name, volume, owner.path + "." + key, value->offset()});
}

/// The cluster and the user of the current context; a user without a name is none.
struct Current {
  Entry cluster;
  Entry user;
};

Result<Current> current_of(const text::Source& source, const Value& value) {
  if (value.object() == nullptr || text_of(value.find("kind")) != "Config") {
    return refuse_webhook(source, value.offset(), "kind", "this is no kubeconfig",
                          "a webhook config begins with apiVersion: v1, kind: Config");
  }
  const Value* current = value.find("current-context");
  const std::string name = text_of(current);
  if (name.empty()) {
    return refuse_webhook(source, current != nullptr ? current->offset() : value.offset(), "current-context",
                          "no context has been chosen", "name the context of the webhook in current-context");
  }
  const Entry context = find_named(value, "contexts", name, "context");
  if (context.value == nullptr) {
    return refuse_webhook(source, current->offset(), "current-context", "context does not exist");
  }
  Current found;
  found.cluster = find_named(value, "clusters", text_of(context.value->find("cluster")), "cluster");
  if (found.cluster.value == nullptr || text_of(found.cluster.value->find("server")).empty()) {
    return refuse_webhook(source, context.value->offset(), context.path + ".cluster",
                          "no cluster with a server of this name");
  }
  const std::string user_name = text_of(context.value->find("user"));
  if (user_name.empty()) return found;
  found.user = find_named(value, "users", user_name, "user");
  if (found.user.value == nullptr) {
    return refuse_webhook(source, context.value->offset(), context.path + ".user", "no user of this name");
  }
  return found;
}

bool has_any(const Entry& entry, std::initializer_list<const char*> keys) {
  return entry.value != nullptr && std::any_of(keys.begin(), keys.end(), [&](const char* key) {
           return !text_of(entry.value->find(key)).empty();
         });
}

Place place_of(const Entry& entry, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const Value* value = entry.value->find(key);
    if (!text_of(value).empty()) return {entry.path + "." + key, value->offset()};
  }
  return {};
}

void take_trust(const Entry& entry, Receiver& receiver) {
  const Value& cluster = *entry.value;
  receiver.authority_place = place_of(entry, {"certificate-authority-data", "certificate-authority"});
  const std::string data = text_of(cluster.find("certificate-authority-data"));
  receiver.authority_file = data.empty() ? text_of(cluster.find("certificate-authority")) : std::string();
  receiver.authority = decode::go_base64(data).value_or(std::string());
  receiver.server_name = text_of(cluster.find("tls-server-name"));
  if (is_on(cluster, "insecure-skip-tls-verify")) {
    receiver.trust = Receiver::Trust::anybody;
  } else if (!data.empty() || !receiver.authority_file.empty()) {
    receiver.trust = Receiver::Trust::authority;
  }
}

void take_identity(const Entry& user, Receiver& receiver) {
  const auto data = [&](const char* key) { return decode::go_base64(text_of(user.value->find(key))).value_or(""); };
  receiver.certificate = data("client-certificate-data");
  receiver.key = data("client-key-data");
  receiver.certificate_place = place_of(user, {"client-certificate-data", "client-certificate"});
}

Error no_url(const text::Source& source, const Value& value, std::string field) {
  return refuse_webhook(source, value.offset(), std::move(field), "this is no URL with a host that can be connected to",
                        "write it as https://HOST:PORT/PATH; the address itself is not shown, it may hold credentials");
}

}  // namespace

Error refuse_webhook(const text::Source& source, std::size_t offset, std::string field, std::string message,
                     std::string hint) {
  return text::refuse_unseen(
      source, {text::Severity::error, "webhook-config", std::move(field), std::move(message), std::move(hint), offset});
}

bool is_beside_config(const NamedFile& named) { return !named.name.starts_with('/'); }

std::string path_of(const NamedFile& named, std::string_view config) {
  return is_beside_config(named) ? join_path(directory_of(config), named.name) : normalise_path(named.name);
}

Result<std::vector<NamedFile>> files_named_by(const text::Source& source, const Value& value) {
  KAUDIT_TRY(current, current_of(source, value));
  KAUDIT_TRY_DO(check_types(source, value));
  KAUDIT_TRY_DO(check_cluster(source, current.cluster));
  std::vector<NamedFile> files;
  add_file(files, current.cluster, "certificate-authority", "audit-webhook-ca");
  if (current.user.value == nullptr) return files;
  KAUDIT_TRY_DO(check_user(source, current.user));
  add_file(files, current.user, "client-certificate", "audit-webhook-cert");
  add_file(files, current.user, "client-key", "audit-webhook-key");
  add_file(files, current.user, "tokenFile", "audit-webhook-token");
  return files;
}

Result<Receiver> receiver_of(const text::Source& source, const Value& value) {
  KAUDIT_TRY(current, current_of(source, value));
  const Value& cluster = *current.cluster.value;
  const Value& server = *cluster.find("server");
  Receiver receiver;
  receiver.field = current.cluster.path + ".server";
  receiver.offset = server.offset();
  take_trust(current.cluster, receiver);
  const bool has_certificate = has_any(current.user, {"client-certificate", "client-certificate-data"});
  const bool says_tls = receiver.trust != Receiver::Trust::machine || has_certificate;
  const auto address = address_of(text_of(&server), says_tls ? "https" : "http");
  if (!address || (address->scheme != "http" && address->scheme != "https")) {
    return no_url(source, server, receiver.field);
  }
  receiver.address = *address;
  if (current.user.value != nullptr) take_identity(current.user, receiver);
  receiver.has_credentials = address->has_credentials || has_certificate ||
                             has_any(current.user, {"token", "tokenFile", "username", "password"});
  const Value* proxy = cluster.find("proxy-url");
  if (text_of(proxy).empty()) return receiver;
  receiver.proxy = address_of(text_of(proxy), "");
  if (!receiver.proxy) return no_url(source, *proxy, current.cluster.path + ".proxy-url");
  return receiver;
}

}  // namespace kaudit::patch
