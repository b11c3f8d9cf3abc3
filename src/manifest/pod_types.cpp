#include "pod_types.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace kaudit::manifest {
namespace {

using decode::Value;

enum class Type : std::uint8_t { string, boolean, integer, strings, string_map, object, objects };

struct Shape;

struct Field {
  std::string_view key;
  Type type;
  std::string_view go_type;
  const Shape* shape = nullptr;
};

struct Shape {
  std::string_view go_struct;
  std::span<const Field> fields;
};

// k8s.io/api core/v1 types.go and apimachinery meta/v1 types.go, as from 1.20 to 1.37.

constexpr Field k_host_path_fields[] = {{"path", Type::string, "string"}, {"type", Type::string, "v1.HostPathType"}};
constexpr Shape k_host_path{"HostPathVolumeSource", k_host_path_fields};

constexpr Field k_volume_fields[] = {{"name", Type::string, "string"},
                                     {"hostPath", Type::object, "v1.HostPathVolumeSource", &k_host_path},
                                     {"emptyDir", Type::object, "v1.EmptyDirVolumeSource"},
                                     {"configMap", Type::object, "v1.ConfigMapVolumeSource"},
                                     {"secret", Type::object, "v1.SecretVolumeSource"},
                                     {"projected", Type::object, "v1.ProjectedVolumeSource"}};
constexpr Shape k_volume{"Volume", k_volume_fields};

constexpr Field k_mount_fields[] = {
    {"name", Type::string, "string"},    {"mountPath", Type::string, "string"},
    {"subPath", Type::string, "string"}, {"subPathExpr", Type::string, "string"},
    {"readOnly", Type::boolean, "bool"}, {"mountPropagation", Type::string, "v1.MountPropagationMode"}};
constexpr Shape k_mount{"VolumeMount", k_mount_fields};

constexpr Field k_env_fields[] = {{"name", Type::string, "string"}, {"value", Type::string, "string"}};
constexpr Shape k_env{"EnvVar", k_env_fields};

constexpr Field k_port_fields[] = {{"name", Type::string, "string"},
                                   {"hostPort", Type::integer, "int32"},
                                   {"containerPort", Type::integer, "int32"},
                                   {"protocol", Type::string, "v1.Protocol"},
                                   {"hostIP", Type::string, "string"}};
constexpr Shape k_port{"ContainerPort", k_port_fields};

constexpr Field k_security_fields[] = {{"privileged", Type::boolean, "bool"},
                                       {"runAsUser", Type::integer, "int64"},
                                       {"runAsGroup", Type::integer, "int64"},
                                       {"runAsNonRoot", Type::boolean, "bool"},
                                       {"readOnlyRootFilesystem", Type::boolean, "bool"}};
constexpr Shape k_security{"SecurityContext", k_security_fields};

constexpr Field k_container_fields[] = {{"name", Type::string, "string"},
                                        {"image", Type::string, "string"},
                                        {"command", Type::strings, "[]string"},
                                        {"args", Type::strings, "[]string"},
                                        {"workingDir", Type::string, "string"},
                                        {"ports", Type::objects, "[]v1.ContainerPort", &k_port},
                                        {"env", Type::objects, "[]v1.EnvVar", &k_env},
                                        {"volumeMounts", Type::objects, "[]v1.VolumeMount", &k_mount},
                                        {"imagePullPolicy", Type::string, "v1.PullPolicy"},
                                        {"securityContext", Type::object, "v1.SecurityContext", &k_security}};
constexpr Shape k_container{"Container", k_container_fields};

constexpr Field k_pod_security_fields[] = {{"runAsUser", Type::integer, "int64"},
                                           {"runAsGroup", Type::integer, "int64"},
                                           {"fsGroup", Type::integer, "int64"},
                                           {"runAsNonRoot", Type::boolean, "bool"}};
constexpr Shape k_pod_security{"PodSecurityContext", k_pod_security_fields};

constexpr Field k_spec_fields[] = {{"volumes", Type::objects, "[]v1.Volume", &k_volume},
                                   {"initContainers", Type::objects, "[]v1.Container", &k_container},
                                   {"containers", Type::objects, "[]v1.Container", &k_container},
                                   {"restartPolicy", Type::string, "v1.RestartPolicy"},
                                   {"terminationGracePeriodSeconds", Type::integer, "int64"},
                                   {"dnsPolicy", Type::string, "v1.DNSPolicy"},
                                   {"nodeSelector", Type::string_map, "map[string]string"},
                                   {"serviceAccountName", Type::string, "string"},
                                   {"nodeName", Type::string, "string"},
                                   {"hostNetwork", Type::boolean, "bool"},
                                   {"hostPID", Type::boolean, "bool"},
                                   {"hostIPC", Type::boolean, "bool"},
                                   {"securityContext", Type::object, "v1.PodSecurityContext", &k_pod_security},
                                   {"hostname", Type::string, "string"},
                                   {"priorityClassName", Type::string, "string"},
                                   {"priority", Type::integer, "int32"}};
constexpr Shape k_spec{"PodSpec", k_spec_fields};

constexpr Field k_meta_fields[] = {{"name", Type::string, "string"},
                                   {"namespace", Type::string, "string"},
                                   {"uid", Type::string, "types.UID"},
                                   {"labels", Type::string_map, "map[string]string"},
                                   {"annotations", Type::string_map, "map[string]string"}};
constexpr Shape k_meta{"ObjectMeta", k_meta_fields};

constexpr Field k_pod_fields[] = {{"metadata", Type::object, "v1.ObjectMeta", &k_meta},
                                  {"spec", Type::object, "v1.PodSpec", &k_spec}};
constexpr Shape k_pod{"Pod", k_pod_fields};

/// A value's place: our field path with indices, and encoding/json's without.
struct Place {
  std::string field;
  std::string go_path;
  std::string_view go_struct;
};

std::string below(std::string path, std::string_view key) {
  if (!path.empty()) path += '.';
  return path.append(key);
}

class TypeCheck {
 public:
  explicit TypeCheck(Findings& findings) : m_findings(findings) {}

  void object(const Value& value, const Shape& shape, const std::string& field, const std::string& go_path) {
    for (const Field& known : shape.fields) {
      const Value* member = value.find(known.key);
      if (member == nullptr || member->is_null()) continue;
      check(*member, known, {below(field, known.key), below(go_path, known.key), shape.go_struct});
    }
  }

 private:
  void mismatch(const Value& value, const Place& place, std::string_view go_type) {
    std::string hint = "give it as " + std::string(go_type);
    if (go_type == "string" && value.array() == nullptr && value.object() == nullptr) {
      hint = "put it in double quotes";
    }
    m_findings.error("wrong-type", {place.field, value.offset()},
                     "json: cannot unmarshal " + std::string(value.type_name()) + " into Go struct field " +
                         std::string(place.go_struct) + "." + place.go_path + " of type " + std::string(go_type),
                     std::move(hint));
  }

  void check(const Value& value, const Field& known, const Place& place) {
    switch (known.type) {
      case Type::string:
        if (value.string() == nullptr) mismatch(value, place, known.go_type == "string" ? "string" : known.go_type);
        break;
      case Type::boolean:
        if (value.boolean() == nullptr) mismatch(value, place, known.go_type);
        break;
      case Type::integer:
        if (!std::holds_alternative<std::int64_t>(value.data()) && !std::holds_alternative<std::uint64_t>(value.data()))
          mismatch(value, place, known.go_type);
        break;
      case Type::strings:
        strings(value, known, place);
        break;
      case Type::string_map:
        string_map(value, known, place);
        break;
      case Type::object:
        if (value.object() == nullptr) {
          mismatch(value, place, known.go_type);
        } else if (known.shape != nullptr) {
          object(value, *known.shape, place.field, place.go_path);
        }
        break;
      case Type::objects:
        objects(value, known, place);
        break;
    }
  }

  /// A null among them is Go's zero value, "".
  void strings(const Value& value, const Field& known, const Place& place) {
    if (value.array() == nullptr) return mismatch(value, place, known.go_type);
    std::size_t index = 0;
    for (const Value& element : *value.array()) {
      const Place inner{item(place.field, index++), place.go_path, place.go_struct};
      if (element.string() == nullptr && !element.is_null()) mismatch(element, inner, "string");
    }
  }

  void string_map(const Value& value, const Field& known, const Place& place) {
    if (value.object() == nullptr) return mismatch(value, place, known.go_type);
    for (const Value::Member& member : *value.object()) {
      const Place inner{place.field + "[" + member.key + "]", place.go_path, place.go_struct};
      if (member.value.string() == nullptr && !member.value.is_null()) mismatch(member.value, inner, "string");
    }
  }

  void objects(const Value& value, const Field& known, const Place& place) {
    if (value.array() == nullptr) return mismatch(value, place, known.go_type);
    std::size_t index = 0;
    for (const Value& element : *value.array()) {
      const Place inner{item(place.field, index++), place.go_path, place.go_struct};
      if (element.object() != nullptr) {
        object(element, *known.shape, inner.field, inner.go_path);
      } else if (!element.is_null()) {
        mismatch(element, inner, known.go_type.substr(2));
      }
    }
  }

  Findings& m_findings;
};

}  // namespace

void check_types(const decode::Value& pod, Findings& findings) { TypeCheck(findings).object(pod, k_pod, "", ""); }

}  // namespace kaudit::manifest
