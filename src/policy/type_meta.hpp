#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kaudit/decode/decode.hpp"
#include "kaudit/kube/version.hpp"

namespace kaudit::policy {

/// What is wrong with apiVersion or kind.
struct TypeMetaProblem {
  std::string message;  ///< the server's, behind "failed decoding: "
  std::string field;
  std::size_t offset = 0;
  std::string hint;
};

/// The Go type that the document is decoded into.
struct TypeMeta {
  enum class Target : std::uint8_t { v1, v1beta1, v1alpha1, internal };
  Target target = Target::v1;
  std::optional<TypeMetaProblem> problem;         ///< nothing can be decoded
  std::optional<TypeMetaProblem> after_decoding;  ///< a known kind that is no Policy: said once it has been decoded
};

/// apiVersion and kind as kube-apiserver finds them: by encoding/json, which does not mind the case of keys; the later
/// of several wins; what is missing is taken from the type that is wanted. Source: apimachinery pkg/runtime/serializer
/// json/meta.go, json/json.go gvkWithDefaults, pkg/runtime/scheme.go New, v0.20 to v0.37.
[[nodiscard]] TypeMeta interpret_type(const decode::Reading& reading, kube::Version version);

/// "v1", "v1beta1", "v1alpha1", "audit": the Go package of the target's types.
[[nodiscard]] std::string_view package_of(TypeMeta::Target target) noexcept;

}  // namespace kaudit::policy
