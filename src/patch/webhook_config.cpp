#include "kaudit/patch/webhook_config.hpp"

#include <string_view>

#include "kaudit/text/diagnostic.hpp"

namespace kaudit::patch {
namespace {

using decode::Value;

/// Position and field, but no source line: it may hold a token.
Error refuse(const text::Source& source, std::size_t offset, std::string field, std::string message,
             std::string hint = {}) {
  text::Diagnostic finding;
  finding.code = "webhook-config";
  finding.field = std::move(field);
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  finding.offset = offset;
  Error error = text::refuse(source, finding);
  error.excerpt.clear();
  return error;
}

std::string text_of(const Value* value) {
  const std::string* text = value != nullptr ? value->string() : nullptr;
  return text != nullptr ? *text : std::string();
}

/// The entry `name` of a kubeconfig's list of named things, and its path.
struct Entry {
  const Value* value = nullptr;
  std::string path;
};

Entry find_named(const Value& config, std::string_view list, std::string_view name, std::string_view member) {
  const Value* entries = config.find(list);
  if (entries == nullptr || entries->array() == nullptr) return {};
  for (std::size_t i = 0; i < entries->array()->size(); ++i) {
    const Value& entry = (*entries->array())[i];
    if (text_of(entry.find("name")) != name) continue;
    const std::string path = std::string(list) + "[" + std::to_string(i) + "]." + std::string(member);
    return {entry.find(member), path};
  }
  return {};
}

void add_file(std::vector<NamedFile>& files, const Entry& owner, const char* key, const char* volume) {
  const Value* value = owner.value->find(key);
  const std::string name = text_of(value);
  if (!name.empty()) files.push_back({name, volume, owner.path + "." + key, value->offset()});
}

Status check_user(const text::Source& source, const Entry& user) {
  for (const char* plugin : {"exec", "auth-provider"}) {
    const Value* value = user.value->find(plugin);
    if (value == nullptr || value->is_null()) continue;
    return refuse(source, value->offset(), user.path + "." + plugin,
                  "kube-apiserver cannot run a credential plugin: its container does not hold the program",
                  "use a client certificate, a token or a tokenFile");
  }
  return Done{};
}

}  // namespace

Result<std::vector<NamedFile>> files_named_by(const text::Source& source, const Value& value) {
  if (value.object() == nullptr || text_of(value.find("kind")) != "Config") {
    return refuse(source, value.offset(), "kind", "this is no kubeconfig",
                  "a webhook config begins with apiVersion: v1, kind: Config");
  }
  const Value* current = value.find("current-context");
  const std::string name = text_of(current);
  if (name.empty()) {
    return refuse(source, current != nullptr ? current->offset() : value.offset(), "current-context",
                  "no context has been chosen", "name the context of the webhook in current-context");
  }
  const Entry context = find_named(value, "contexts", name, "context");
  if (context.value == nullptr) {
    return refuse(source, current->offset(), "current-context", "context does not exist");
  }
  const Entry cluster = find_named(value, "clusters", text_of(context.value->find("cluster")), "cluster");
  if (cluster.value == nullptr || text_of(cluster.value->find("server")).empty()) {
    return refuse(source, context.value->offset(), context.path + ".cluster", "no cluster with a server of this name");
  }
  std::vector<NamedFile> files;
  add_file(files, cluster, "certificate-authority", "audit-webhook-ca");
  const std::string user_name = text_of(context.value->find("user"));
  if (user_name.empty()) return files;
  const Entry user = find_named(value, "users", user_name, "user");
  if (user.value == nullptr) {
    return refuse(source, context.value->offset(), context.path + ".user", "no user of this name");
  }
  KAUDIT_TRY_DO(check_user(source, user));
  add_file(files, user, "client-certificate", "audit-webhook-cert");
  add_file(files, user, "client-key", "audit-webhook-key");
  add_file(files, user, "tokenFile", "audit-webhook-token");
  return files;
}

}  // namespace kaudit::patch
