#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "go_types.hpp"
#include "kaudit/decode/decode.hpp"

namespace kaudit::policy {

/// What Go has in memory for one value of a type.
struct Slot {
  const GoType* type = nullptr;
  std::size_t offset = 0;  ///< of the value that was stored last
  bool is_set = false;     ///< list, map, pointer: not nil
  bool flag = false;
  std::string text;
  std::size_t length = 0;   ///< list: how many of `parts` it holds; the rest is what its array still has behind them
  std::vector<Slot> parts;  ///< list: the elements; object: one for each field of the type

  /// Field of an object; a null pointer when nothing was ever stored in the object.
  [[nodiscard]] const Slot* field(std::string_view name) const noexcept;
};

/// A key that is no field of its struct, or one that stands twice: what the strict decoder tells of.
struct StrictProblem {
  enum class Kind : std::uint8_t { unknown, duplicate };
  Kind kind = Kind::unknown;
  std::string path;  ///< `rules[0].verb`
  std::string key;
  std::size_t offset = 0;          ///< of the key
  const GoType* parent = nullptr;  ///< the struct
};

/// The first value that does not fit its type.
struct TypeProblem {
  std::string message;  ///< Go's (1.23 and later): `json: cannot unmarshal number into Go struct field …`
  std::string path;     ///< `rules[0].level`
  std::size_t offset = 0;
};

struct Unmarshalled {
  Slot policy;
  std::optional<TypeProblem> problem;
  std::vector<StrictProblem> strict;  ///< in the decoder's order, all of them
};

/// Decodes as sigs.k8s.io/json UnmarshalStrict does: case-sensitive keys; repeated members merge (structs and the
/// elements of lists of structs keep what they have, null leaves texts and numbers alone); unknown keys are skipped
/// with all they hold. Source: sigs.k8s.io/json internal/golang/encoding/json/decode.go; json-iterator, which 1.22 and
/// earlier use, differs only in its words and in that null empties a text.
[[nodiscard]] Unmarshalled unmarshal(const decode::Reading& reading, const GoType& type, std::string_view package,
                                     kube::Version version);

/// Members in the order in which Go sees them: YAML has become JSON with sorted keys before.
[[nodiscard]] std::vector<const decode::Value::Member*> in_go_order(const decode::Value::Object& object,
                                                                    decode::Format format);

}  // namespace kaudit::policy
