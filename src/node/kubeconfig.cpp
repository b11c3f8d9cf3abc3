#include "kaudit/node/kubeconfig.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "kaudit/decode/base64.hpp"
#include "kaudit/decode/decode.hpp"
#include "kaudit/decode/named_entry.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/text/diagnostic.hpp"
#include "kaudit/text/source.hpp"
#include "node_file.hpp"

namespace kaudit::node {
namespace {

using decode::find_named;
using decode::text_of;
using decode::Value;
using Entry = decode::NamedEntry;

Error refuse(const text::Source& source, std::size_t offset, std::string field, std::string message,
             std::string hint = {}) {
  return text::refuse_unseen(
      source, {text::Severity::error, "kubeconfig", std::move(field), std::move(message), std::move(hint), offset});
}

/// The current context's user, and what of it shows who one is.
class User {
 public:
  User(const host::Root& root, const text::Source& source, std::string node_path, Entry entry)
      : m_root(&root), m_source(&source), m_node_path(std::move(node_path)), m_entry(std::move(entry)) {}

  [[nodiscard]] Status check_no_other_way() const;
  /// `<name>-data`, base64, or else the file `name`; "" if neither is given.
  [[nodiscard]] Result<std::string> pem(const std::string& name) const;
  [[nodiscard]] Result<std::string> token() const;
  [[nodiscard]] Error refuse_here(std::string message, std::string hint) const {
    return refuse(*m_source, m_entry.value->offset(), m_entry.path, std::move(message), std::move(hint));
  }

 private:
  [[nodiscard]] Result<std::string> file(const Value& name, const std::string& key) const;

  const host::Root* m_root;
  const text::Source* m_source;
  std::string m_node_path;
  Entry m_entry;
};

Status User::check_no_other_way() const {
  constexpr std::string_view k_hint = "name another kubeconfig, one with a client certificate or a token";
  constexpr std::array<std::pair<const char*, const char*>, 4> k_others = {
      {{"exec", "its credential plugin is a program, which is not run"},
       {"auth-provider", "its credential plugin is part of kubectl, and not of this program"},
       {"username", "no API server takes a password any more"},
       {"password", "no API server takes a password any more"}}};
  for (const auto& [key, why] : k_others) {
    const Value* value = m_entry.value->find(key);
    const bool is_empty =
        value == nullptr || value->is_null() || (value->string() != nullptr && value->string()->empty());
    if (is_empty) continue;
    return refuse(*m_source, value->offset(), m_entry.path + "." + key, why, std::string(k_hint));
  }
  return Done{};
}

Result<std::string> User::file(const Value& name, const std::string& key) const {
  const std::string& path = *name.string();
  const std::string whole = path.starts_with('/') ? path : m_node_path.substr(0, m_node_path.rfind('/') + 1) + path;
  auto bytes = read_node_file(*m_root, whole);
  if (bytes) return std::move(bytes).value();
  const Error& why = bytes.error();
  Error error = refuse(*m_source, name.offset(), m_entry.path + "." + key,
                       (why.file.empty() ? m_root->shown(whole) : why.file) + ": " + why.message, why.hint);
  error.status = why.status;
  return error;
}

Result<std::string> User::pem(const std::string& name) const {
  const std::string data_key = name + "-data";
  const Value* data = m_entry.value->find(data_key);
  if (const std::string text = text_of(data); !text.empty()) {
    auto bytes = decode::go_base64(text);
    if (bytes) return *std::move(bytes);
    return refuse(*m_source, data->offset(), m_entry.path + "." + data_key, "this is no base64");
  }
  const Value* path = m_entry.value->find(name);
  if (text_of(path).empty()) return std::string();
  return file(*path, name);
}

Result<std::string> User::token() const {
  std::string token = text_of(m_entry.value->find("token"));
  const Value* path = m_entry.value->find("tokenFile");
  if (text_of(path).empty()) return token;
  auto read = file(*path, "tokenFile");
  if (!read && !token.empty()) return token;
  KAUDIT_TRY(bytes, std::move(read));
  constexpr std::string_view k_blank = " \t\r\n";
  bytes.erase(0, bytes.find_first_not_of(k_blank));
  bytes.erase(bytes.find_last_not_of(k_blank) + 1);
  return std::move(bytes);
}

Result<Entry> current_user(const text::Source& source, const Value& config) {
  if (config.object() == nullptr || text_of(config.find("kind")) != "Config") {
    const Value* kind = config.find("kind");
    return refuse(source, kind != nullptr ? kind->offset() : config.offset(), "kind", "this is no kubeconfig",
                  "a kubeconfig begins with apiVersion: v1, kind: Config");
  }
  const Value* current = config.find("current-context");
  const std::string name = text_of(current);
  const std::size_t offset = current != nullptr ? current->offset() : config.offset();
  if (name.empty()) return refuse(source, offset, "current-context", "no context has been chosen");
  const Entry context = find_named(config, "contexts", name, "context");
  if (context.value == nullptr) return refuse(source, offset, "current-context", "context does not exist");
  const std::string user_name = text_of(context.value->find("user"));
  Entry user = find_named(config, "users", user_name, "user");
  if (user_name.empty() || user.value == nullptr || user.value->object() == nullptr) {
    return refuse(source, context.value->offset(), context.path + ".user", "there is no user of this name");
  }
  return user;
}

}  // namespace

std::string usual_kubeconfig(const host::Root& root) {
  for (const char* path : {k_admin_kubeconfig, k_super_admin_kubeconfig}) {
    const auto place = root.locate(path);
    const auto owner = place ? host::read_owner(*place) : Result<std::optional<host::Metadata>>(place.error());
    if (owner && *owner) return path;
  }
  return {};
}

Result<AdminAccess> read_kubeconfig(const host::Root& root, const std::string& path) {
  KAUDIT_TRY(bytes, read_node_file(root, path));
  const text::Source source(root.shown(path), std::move(bytes));
  auto config = decode::as_kubernetes_reads_it(source);
  if (!config) {
    // The parser's words may quote what is secret.
    Error error = std::move(config).error();
    error.code = "kubeconfig";
    error.message = "this cannot be read as YAML or JSON (nothing of it is shown, it may be secret)";
    error.hint = "look at this place of the file";
    error.excerpt.clear();
    error.also.clear();
    return error;
  }
  KAUDIT_TRY(entry, current_user(source, *config));
  const User user(root, source, path, entry);
  KAUDIT_TRY_DO(user.check_no_other_way());
  KAUDIT_TRY(certificate, user.pem("client-certificate"));
  KAUDIT_TRY(key, user.pem("client-key"));
  KAUDIT_TRY(token, user.token());
  if (certificate.empty() != key.empty()) {
    return user.refuse_here("it has one of client certificate and client key, not both", {});
  }
  if (certificate.empty() && token.empty()) {
    return user.refuse_here("it has neither a client certificate nor a token", "name another kubeconfig");
  }
  return AdminAccess{{std::move(certificate), std::move(key)}, std::move(token), path};
}

host::HttpAnswer ask_as(const host::Root& root, const ApiServer& server, const AdminAccess& access,
                        host::HttpRequest request) {
  request.identity = access.identity;
  if (!access.bearer_token.empty()) {
    if (server.certificate_files.empty()) {
      host::HttpAnswer answer;
      answer.detail = "a token is not shown to a server whose certificate this node has no file of";
      return answer;
    }
    request.headers.emplace_back("Authorization", "Bearer " + access.bearer_token);
  }
  return ask_server(root, server, std::move(request));
}

}  // namespace kaudit::node
