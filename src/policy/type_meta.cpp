#include "type_meta.hpp"

#include <algorithm>
#include <array>

#include "kaudit/base/ascii.hpp"
#include "kaudit/base/nearest.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "unmarshal.hpp"
#include "versions.hpp"

namespace kaudit::policy {
namespace {

using decode::Value;

constexpr std::string_view k_group = "audit.k8s.io";
constexpr std::string_view k_internal = "__internal";

/// apimachinery pkg/apis/meta/v1 register.go: kinds that every group version has, and those of no version at all.
constexpr std::array<std::string_view, 11> k_other_kinds = {
    "Event",         "EventList",     "PolicyList",    "WatchEvent",   "ListOptions",  "GetOptions",
    "DeleteOptions", "CreateOptions", "UpdateOptions", "PatchOptions", "ExportOptions"};
constexpr std::array<std::string_view, 5> k_unversioned = {"Status", "APIVersions", "APIGroup", "APIGroupList",
                                                           "APIResourceList"};

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// encoding/json fold.go foldName, for keys that are letters of ASCII: the Kelvin sign is a k, the long s an s.
std::string folded(std::string_view key) {
  std::string result;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (key.substr(i, 3) == "\u212A") {
      result += 'k';
      i += 2;
    } else if (key.substr(i, 2) == "\u017F") {
      result += 's';
      i += 1;
    } else {
      result += lower_case(key[i]);
    }
  }
  return result;
}

struct Found {
  std::string text;
  std::size_t offset = 0;
};

struct GroupVersion {
  std::string group;
  std::string version;
};

/// apimachinery pkg/runtime/schema ParseGroupVersion; nothing for more than one slash.
std::optional<GroupVersion> parse(const std::string& text) {
  if (text.empty() || text == "/") return GroupVersion{};
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return GroupVersion{{}, text};
  if (text.find('/', slash + 1) != std::string::npos) return std::nullopt;
  return GroupVersion{text.substr(0, slash), text.substr(slash + 1)};
}

std::string printed(const GroupVersion& value) {
  return value.group.empty() ? value.version : value.group + "/" + value.version;
}

class Interpreter {
 public:
  Interpreter(const decode::Reading& reading, kube::Version version) : m_reading(reading), m_version(version) {}

  TypeMeta run() {
    find_texts();
    if (!m_result.problem) decide();
    return std::move(m_result);
  }

 private:
  void find_texts() {
    const Value& value = m_reading.value;
    if (value.is_null()) return;
    const Value::Object* object = value.object();
    if (object == nullptr) {
      return fail("couldn't get version/kind; json parse error: json: cannot unmarshal " +
                      std::string(value.type_name()) + " into an object with apiVersion and kind",
                  "", value.offset(), "an audit policy begins with apiVersion: audit.k8s.io/v1, kind: Policy");
    }
    for (const Value::Member* member : in_go_order(*object, m_reading.format)) {
      const std::string key = folded(member->key);
      if (key == "apiversion") take(*member, "apiVersion", m_api_version);
      if (key == "kind") take(*member, "kind", m_kind);
    }
  }

  void take(const Value::Member& member, std::string_view field, Found& place) {
    if (member.value.is_null()) return;
    const std::string* text = member.value.string();
    if (text != nullptr) {
      place = {*text, member.value.offset()};
    } else if (!m_result.problem) {
      fail("couldn't get version/kind; json parse error: json: cannot unmarshal " +
               std::string(member.value.type_name()) + " into Go struct field ." + std::string(field) +
               " of type string",
           std::string(field), member.value.offset(), "write a text here, in quotes if it looks like a number");
    }
  }

  void decide() {
    auto type = parse(m_api_version.text);
    if (!type) {
      return fail("unexpected GroupVersion string: " + m_api_version.text, "apiVersion", m_api_version.offset,
                  "write apiVersion: audit.k8s.io/v1");
    }
    if (m_kind.text.empty()) m_kind.text = "Policy";
    if (type->version.empty() && (type->group.empty() || type->group == k_group)) {
      *type = {std::string(k_group), std::string(k_internal)};
    }
    if (type->version.empty()) {
      return fail("Object 'apiVersion' is missing in the policy", "apiVersion", m_api_version.offset,
                  "write apiVersion: audit.k8s.io/v1");
    }
    if (is_one_of(k_unversioned, m_kind.text)) return wrong_kind("v1");
    if (!choose_target(*type)) return not_registered(*type);
    if (m_kind.text == "Policy") return;
    if (is_one_of(k_other_kinds, m_kind.text)) return wrong_kind(package_of(m_result.target));
    not_registered(*type);
  }

  bool choose_target(const GroupVersion& type) {
    if (type.group != k_group) return false;
    const bool old = m_version < k_only_v1_since;
    if (type.version == "v1") {
      m_result.target = TypeMeta::Target::v1;
    } else if (type.version == k_internal) {
      m_result.target = TypeMeta::Target::internal;
    } else if (type.version == "v1beta1" && old) {
      m_result.target = TypeMeta::Target::v1beta1;
    } else if (type.version == "v1alpha1" && old) {
      m_result.target = TypeMeta::Target::v1alpha1;
    } else {
      return false;
    }
    return true;
  }

  void wrong_kind(std::string_view package) {
    m_result.after_decoding = TypeMetaProblem{
        "converting (" + std::string(package) + "." + m_kind.text + ") to (audit.Policy): unknown conversion", "kind",
        m_kind.offset, "an audit policy has kind: Policy"};
  }

  void not_registered(const GroupVersion& type) {
    const bool internal = type.version == k_internal;
    const std::string where = internal ? "the internal version of group " + kube::go_quote(type.group)
                                       : "version " + kube::go_quote(printed(type));
    const bool removed = type.group == k_group && (type.version == "v1beta1" || type.version == "v1alpha1");
    const bool kind_is_wrong = m_kind.text != "Policy";
    std::string hint = removed ? "removed in Kubernetes 1.24; write apiVersion: audit.k8s.io/v1"
                               : "an audit policy has apiVersion: audit.k8s.io/v1, kind: Policy";
    if (kind_is_wrong && !nearest_word(m_kind.text, {"Policy"}).empty()) hint = "did you mean Policy?";
    fail("no kind " + kube::go_quote(m_kind.text) + " is registered for " + where +
             " in scheme \"k8s.io/apiserver/pkg/audit/scheme.go:" + (m_version < k_only_v1_since ? "32" : "30") + "\"",
         kind_is_wrong ? "kind" : "apiVersion", kind_is_wrong ? m_kind.offset : m_api_version.offset, std::move(hint));
  }

  void fail(std::string message, std::string field, std::size_t offset, std::string hint) {
    m_result.problem = TypeMetaProblem{std::move(message), std::move(field), offset, std::move(hint)};
  }

  const decode::Reading& m_reading;
  kube::Version m_version;
  Found m_api_version;
  Found m_kind;
  TypeMeta m_result;
};

}  // namespace

TypeMeta interpret_type(const decode::Reading& reading, kube::Version version) {
  return Interpreter(reading, version).run();
}

std::string_view package_of(TypeMeta::Target target) noexcept {
  constexpr std::array<std::string_view, 4> k_packages = {"v1", "v1beta1", "v1alpha1", "audit"};
  return k_packages[static_cast<std::size_t>(target)];
}

}  // namespace kaudit::policy
