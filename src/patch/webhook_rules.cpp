#include "webhook_rules.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kaudit/decode/base64.hpp"
#include "kaudit/patch/address.hpp"
#include "kaudit/patch/webhook_config.hpp"

namespace kaudit::patch {
namespace {

using decode::text_of;
using decode::Value;
using Entry = decode::NamedEntry;

enum class Type : std::uint8_t { string, boolean, bytes, list, map };

struct Field {
  std::string_view name;
  Type type;
};

struct Entries {
  std::string_view list;
  std::string_view member;
  std::array<Field, 12> fields;  // those behind the last have no name
};

constexpr std::array<Entries, 3> k_entries = {
    {{"clusters",
      "cluster",
      {{{"server", Type::string},
        {"tls-server-name", Type::string},
        {"insecure-skip-tls-verify", Type::boolean},
        {"certificate-authority", Type::string},
        {"certificate-authority-data", Type::bytes},
        {"proxy-url", Type::string},
        {"disable-compression", Type::boolean}}}},
     {"users",
      "user",
      {{{"client-certificate", Type::string},
        {"client-certificate-data", Type::bytes},
        {"client-key", Type::string},
        {"client-key-data", Type::bytes},
        {"token", Type::string},
        {"tokenFile", Type::string},
        {"as", Type::string},
        {"as-uid", Type::string},
        {"as-groups", Type::list},
        {"as-user-extra", Type::map},
        {"username", Type::string},
        {"password", Type::string}}}},
     {"contexts", "context", {{{"cluster", Type::string}, {"user", Type::string}, {"namespace", Type::string}}}}}};

constexpr std::string_view k_use = "kube-apiserver would not start with it";

/// What is wrong with a value; nothing if Go takes it.
std::optional<std::string> misfit(const Value& value, Type type) {
  if (value.is_null()) return std::nullopt;
  const auto wants = [&](bool fits, const char* name) -> std::optional<std::string> {
    if (fits) return std::nullopt;
    return "this is of type " + std::string(value.type_name()) + ", not " + name + ": " + std::string(k_use);
  };
  switch (type) {
    case Type::boolean:
      return wants(value.boolean() != nullptr, "bool");
    case Type::list:
      return wants(value.array() != nullptr, "array");
    case Type::map:
      return wants(value.object() != nullptr, "object");
    case Type::bytes:
      if (value.string() == nullptr || decode::go_base64(*value.string())) break;
      return "this is no base64: " + std::string(k_use);
    case Type::string:
      break;
  }
  return wants(value.string() != nullptr, "string");
}

Status check_fields(const text::Source& source, const Value& entry, const std::string& path, const Entries& known) {
  const Value* member = entry.find(known.member);
  if (member == nullptr) return Done{};
  for (const Field& field : known.fields) {
    const Value* value = field.name.empty() ? nullptr : member->find(field.name);
    if (value == nullptr) continue;
    if (auto wrong = misfit(*value, field.type)) {
      return refuse_webhook(source, value->offset(), path + "." + std::string(field.name), std::move(*wrong),
                            "write what a kubeconfig has here");
    }
  }
  return Done{};
}

const Value* given(const Entry& entry, std::string_view key) {
  const Value* value = entry.value->find(key);
  return text_of(value).empty() ? nullptr : value;
}

/// Of the second of two that do not go together.
Error both(const text::Source& source, const Entry& entry, std::string_view one, std::string_view other) {
  return refuse_webhook(source, entry.value->find(other)->offset(), entry.path + "." + std::string(other),
                        std::string(one) + " and " + std::string(other) + " are both given: " + std::string(k_use),
                        "take one of them out");
}

Status check_proxy(const text::Source& source, const Entry& cluster) {
  const Value* proxy = given(cluster, "proxy-url");
  if (proxy == nullptr) return Done{};
  const auto address = address_of(text_of(proxy), "");
  if (!address) return Done{};  // receiver_of() says more
  for (const std::string_view scheme : {"http", "https", "socks5"}) {
    if (address->scheme == scheme) return Done{};
  }
  return refuse_webhook(source, proxy->offset(), cluster.path + ".proxy-url",
                        "a proxy is reached by http, https or socks5: " + std::string(k_use),
                        "write it as http://HOST:PORT");
}

Status check_certificate(const text::Source& source, const Entry& user) {
  const Value* file = given(user, "client-certificate");
  const Value* data = given(user, "client-certificate-data");
  if (file == nullptr && data == nullptr) return Done{};
  if (file != nullptr && data != nullptr) return both(source, user, "client-certificate", "client-certificate-data");
  const Value* key = given(user, "client-key");
  const Value* key_data = given(user, "client-key-data");
  if (key != nullptr && key_data != nullptr) return both(source, user, "client-key", "client-key-data");
  if (key != nullptr || key_data != nullptr) return Done{};
  return refuse_webhook(source, (file != nullptr ? file : data)->offset(), user.path,
                        "a client certificate without its key: " + std::string(k_use),
                        "name the key's file in client-key, or give it as client-key-data");
}

}  // namespace

bool is_on(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

Status check_types(const text::Source& source, const Value& config) {
  const Value* version = config.find("apiVersion");
  if (version != nullptr && !version->is_null() && text_of(version) != "v1") {
    return refuse_webhook(source, version->offset(), "apiVersion", "a kubeconfig has the apiVersion v1",
                          "write apiVersion: v1");
  }
  for (const Entries& known : k_entries) {
    const Value* list = config.find(known.list);
    if (list == nullptr || list->array() == nullptr) continue;
    for (std::size_t i = 0; i < list->array()->size(); ++i) {
      const std::string path = std::string(known.list) + "[" + std::to_string(i) + "]." + std::string(known.member);
      KAUDIT_TRY_DO(check_fields(source, (*list->array())[i], path, known));
    }
  }
  return Done{};
}

Status check_cluster(const text::Source& source, const Entry& cluster) {
  const Value* file = given(cluster, "certificate-authority");
  const Value* data = given(cluster, "certificate-authority-data");
  if (file != nullptr && data != nullptr) {
    return both(source, cluster, "certificate-authority", "certificate-authority-data");
  }
  if ((file != nullptr || data != nullptr) && is_on(*cluster.value, "insecure-skip-tls-verify")) {
    return both(source, cluster, file != nullptr ? "certificate-authority" : "certificate-authority-data",
                "insecure-skip-tls-verify");
  }
  return check_proxy(source, cluster);
}

Status check_user(const text::Source& source, const Entry& user) {
  for (const char* plugin : {"exec", "auth-provider"}) {
    const Value* value = user.value->find(plugin);
    if (value == nullptr || value->is_null()) continue;
    return refuse_webhook(source, value->offset(), user.path + "." + plugin,
                          "kube-apiserver cannot run a credential plugin: its container does not hold the program",
                          "use a client certificate, a token or a tokenFile");
  }
  for (const char* basic : {"username", "password"}) {
    for (const char* token : {"token", "tokenFile"}) {
      if (given(user, token) != nullptr && given(user, basic) != nullptr) return both(source, user, token, basic);
    }
  }
  for (const char* more : {"as-uid", "as-groups", "as-user-extra"}) {
    const Value* value = user.value->find(more);
    const bool is_given =
        value != nullptr && (!text_of(value).empty() || (value->array() != nullptr && !value->array()->empty()) ||
                             (value->object() != nullptr && !value->object()->empty()));
    if (!is_given || given(user, "as") != nullptr) continue;
    return refuse_webhook(source, value->offset(), user.path + "." + more,
                          std::string(more) + " without as: " + std::string(k_use), "name the user in as");
  }
  return check_certificate(source, user);
}

}  // namespace kaudit::patch
