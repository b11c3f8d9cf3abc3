#include "kaudit/policy/request.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "kaudit/base/nearest.hpp"
#include "kaudit/decode/decode.hpp"
#include "kaudit/text/diagnostic.hpp"

namespace kaudit::policy {
namespace {

using decode::Value;

constexpr std::array<std::string_view, 11> k_keys = {"user",     "groups",     "verb",           "namespace",
                                                     "apiGroup", "apiVersion", "resource",       "subresource",
                                                     "name",     "path",       "resourceRequest"};

/// The keys of an Event that the decision needs; what it carries besides, bodies above all, is the client's.
constexpr std::array<std::string_view, 5> k_event_keys = {"kind", "apiVersion", "verb", "user", "requestURI"};
constexpr std::array<std::string_view, 2> k_user_keys = {"username", "groups"};

class Reader {
 public:
  explicit Reader(const text::Source& line) : m_line(line) {}

  Result<OwnedRequest> run() {
    const std::size_t first = m_line.bytes().find_first_not_of(" \t\r");
    if (first == std::string_view::npos || m_line.bytes()[first] != '{') {
      return refuse(std::min(first, m_line.bytes().size()), "", "a request is a JSON object, one on a line",
                    "a line begins with { and ends with }");
    }
    // The server records the body of a PATCH as it was sent (k8s.io/apiserver pkg/audit/context.go): with keys that
    // stand twice, and numbers beyond a float64.
    KAUDIT_TRY(reading, decode::read_for_types(m_line));
    const Value& value = reading.value;
    KAUDIT_TRY_DO(each_once(value, k_event_keys));
    KAUDIT_TRY(event, is_event(value));
    KAUDIT_TRY_DO(event ? read_event(value) : read_attributes(value));
    return std::move(m_request);
  }

 private:
  [[nodiscard]] Error refuse(std::size_t offset, std::string field, std::string message, std::string hint = {}) const {
    return text::refuse(
        m_line, {text::Severity::error, "request", std::move(field), std::move(message), std::move(hint), offset});
  }

  /// Of a key that stands twice nobody can say which is meant.
  [[nodiscard]] Status each_once(const Value& object, std::span<const std::string_view> keys) const {
    for (const std::string_view key : keys) {
      bool is_there = false;
      for (const Value::Member& member : *object.object()) {
        if (member.key != key) continue;
        if (is_there) {
          return refuse(member.key_offset, member.key, "the key \"" + member.key + "\" stands twice",
                        "keep one of them");
        }
        is_there = true;
      }
    }
    return Done{};
  }

  /// A kind is no attribute of a request: an object that has one is an audit Event, or something given by mistake.
  [[nodiscard]] Result<bool> is_event(const Value& value) const {
    const auto text_at = [&](std::string_view key) {
      const Value* found = value.find(key);
      return found != nullptr && found->string() != nullptr ? *found->string() : std::string();
    };
    const std::string kind = text_at("kind");
    if (kind.empty()) return false;
    const std::string version = text_at("apiVersion");
    if (kind == "Event" && (version.empty() || version.starts_with("audit.k8s.io/"))) return true;
    return refuse(value.find("kind")->offset(), "kind",
                  "neither a request nor an audit event: kind " + kind + (version.empty() ? "" : " of " + version),
                  "a line is a request or one Event of audit.k8s.io; jq -c '.items[]' makes such lines of a list");
  }

  Status text_of(const Value& object, std::string_view key, std::string& place) {
    const Value* value = object.find(key);
    if (value == nullptr || value->is_null()) return Done{};
    if (value->string() == nullptr) {
      return refuse(value->offset(), std::string(key), "a text is needed, this is " + std::string(value->type_name()));
    }
    place = *value->string();
    return Done{};
  }

  Status groups_of(const Value& object) {
    const Value* value = object.find("groups");
    if (value == nullptr || value->is_null()) return Done{};
    if (value->array() == nullptr) {
      return refuse(value->offset(), "groups", "a list of texts is needed, this is " + std::string(value->type_name()));
    }
    for (const Value& group : *value->array()) {
      if (group.string() == nullptr) return refuse(group.offset(), "groups", "a group is a text");
      m_request.groups.push_back(*group.string());
    }
    return Done{};
  }

  Status read_attributes(const Value& value) {
    KAUDIT_TRY_DO(each_once(value, k_keys));
    for (const Value::Member& member : *value.object()) {
      if (std::find(k_keys.begin(), k_keys.end(), member.key) != k_keys.end()) continue;
      const std::string nearest = nearest_word(member.key, {k_keys.begin(), k_keys.end()});
      if (!nearest.empty() && nearest != member.key) {
        return refuse(member.key_offset, member.key, "no attribute of a request", "did you mean " + nearest + "?");
      }
    }
    const Value* user = value.find("user");
    if (user != nullptr && !user->is_null()) {
      std::string name;
      KAUDIT_TRY_DO(text_of(value, "user", name));
      m_request.user = std::move(name);
    }
    KAUDIT_TRY_DO(groups_of(value));
    KAUDIT_TRY_DO(text_of(value, "verb", m_request.verb));
    KAUDIT_TRY_DO(text_of(value, "namespace", m_request.name_space));
    KAUDIT_TRY_DO(text_of(value, "apiGroup", m_request.api_group));
    std::string version;  // no rule looks at it
    KAUDIT_TRY_DO(text_of(value, "apiVersion", version));
    KAUDIT_TRY_DO(text_of(value, "resource", m_request.resource));
    KAUDIT_TRY_DO(text_of(value, "subresource", m_request.subresource));
    KAUDIT_TRY_DO(text_of(value, "name", m_request.name));
    KAUDIT_TRY_DO(text_of(value, "path", m_request.path));
    return kind_of(value);
  }

  Status kind_of(const Value& value) {
    const Value* flag = value.find("resourceRequest");
    bool resource = !m_request.resource.empty();
    if (flag != nullptr && !flag->is_null()) {
      if (flag->boolean() == nullptr) return refuse(flag->offset(), "resourceRequest", "true or false is needed");
      resource = *flag->boolean();
    }
    m_request.kind = resource ? RequestKind::resource : RequestKind::non_resource;
    return Done{};
  }

  Status read_event(const Value& event) {
    KAUDIT_TRY_DO(text_of(event, "verb", m_request.verb));
    const Value* user = event.find("user");
    if (user != nullptr && !user->is_null()) {
      if (user->object() == nullptr) {
        return refuse(user->offset(), "user", "the user of an audit event is an object",
                      "without kind: Event, a line is a request, and its user a text");
      }
      KAUDIT_TRY_DO(each_once(*user, k_user_keys));
      std::string name;
      KAUDIT_TRY_DO(text_of(*user, "username", name));
      KAUDIT_TRY_DO(groups_of(*user));
      // Nobody has an empty name: authentication failed, and the server decided without a user.
      if (!name.empty()) m_request.user = std::move(name);
    }
    std::string url;
    KAUDIT_TRY_DO(text_of(event, "requestURI", url));
    if (url.empty()) {
      return refuse(event.offset(), "requestURI", "an audit event without its URL",
                    "only events of audit.k8s.io as the server writes them can be decided again");
    }
    fill_from_url(m_request, url);
    return Done{};
  }

  const text::Source& m_line;
  OwnedRequest m_request;
};

}  // namespace

Result<OwnedRequest> read_request(const text::Source& line) { return Reader(line).run(); }

Attributes attributes_of(const OwnedRequest& request, std::vector<std::string_view>& groups) {
  groups.assign(request.groups.begin(), request.groups.end());
  Attributes attributes;
  if (request.user) attributes.user = *request.user;
  attributes.groups = groups;
  attributes.verb = request.verb;
  attributes.name_space = request.name_space;
  attributes.api_group = request.api_group;
  attributes.resource = request.resource;
  attributes.subresource = request.subresource;
  attributes.name = request.name;
  attributes.path = request.path;
  attributes.kind = request.kind;
  return attributes;
}

}  // namespace kaudit::policy
