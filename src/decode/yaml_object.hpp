#pragma once

#include <cstdint>
#include <vector>

#include "kaudit/decode/decode.hpp"
#include "kaudit/decode/value.hpp"
#include "type_dependent.hpp"
#include "yaml_scalar.hpp"

namespace kaudit::decode {

/// Number of a finding in the composer's list; none.
inline constexpr std::int32_t k_no_finding = -1;

/// One entry of a mapping as it was decoded: in the order of decoding, repeated keys and all.
struct YamlEntry {
  Value::Member member;
  /// What the key is in yaml.v2's map[interface{}]interface{}; its string is not kept, member.key has it.
  Scalar::Type key_type = Scalar::Type::string;
  double key_real = 0;
  bool key_replaced = false;
  /// Line of the value, and the place in the order in which yaml.v2 fills its maps.
  std::uint32_t value_line = 0;
  std::size_t sequence = 0;
  /// What is wrong with the key or with something in the value, if yaml.v2 does not overwrite the entry.
  std::int32_t finding = k_no_finding;
};

/// The text a key has in JSON (sigs.k8s.io/yaml convertToJSONableObject); empty for what cannot be one.
[[nodiscard]] std::string key_text(const Scalar& scalar);

/// A repeated key, and when yaml.v2 meets it.
struct Repeated {
  std::size_t sequence = 0;
  DuplicateKey key;
};

/// As yaml.v2 meets them.
[[nodiscard]] std::vector<DuplicateKey> in_order(std::vector<Repeated> repeated);

struct YamlObject {
  Value::Object object;
  std::vector<Repeated> repeated;
  /// The first finding of an entry that is left.
  std::int32_t finding = k_no_finding;
  /// Two keys that are two in YAML and one in JSON: Go's map order decides, at random, which one stays.
  bool has_collision = false;
  std::size_t collision_offset = 0;
  std::string collision_key;
};

/// The entries that are left when each takes the place of those before it with the same key, in the order of the text.
/// n log n in the entries.
[[nodiscard]] YamlObject make_object(std::vector<YamlEntry> entries, TypeDependent what);

}  // namespace kaudit::decode
