#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::decode {

/// Reads a text exactly as the kubelet reads a static pod manifest and kube-apiserver an audit policy:
/// JSON when the first byte that is not Unicode white space is `{` (encoding/json's own rules), otherwise the
/// first YAML document by the rules of sigs.k8s.io/yaml over go-yaml v2: YAML 1.1 scalars, merge keys, last
/// duplicate wins, keys turned into text. Source: k8s.io/apimachinery pkg/util/yaml ToJSON,
/// sigs.k8s.io/yaml 1.2.0–1.6.0. Linear in the text (aliases limited as go-yaml limits them).
///
/// Errors, status 3 with file:line:column and the line: everything that code refuses (code
/// "yaml-syntax"/"json-syntax"/…), and code "not-modelled" where what Go does is not known here (it depends on chance,
/// or the text is too large): then the answer is "not known", never a guess.
[[nodiscard]] Result<Value> as_kubernetes_reads_it(const text::Source& source);

/// A key that stands again in the same YAML mapping, through a merge key or not: yaml.v2's strict decoder tells of it.
struct DuplicateKey {
  enum class Kind : std::uint8_t { string, other };
  std::size_t line = 0;  ///< 1-based line where the repeated *value* starts, as yaml.v2 counts lines
  Kind kind = Kind::string;
  std::string key;         ///< a string's text; of other kinds what Go's %#v prints
  std::size_t offset = 0;  ///< of the repeated key
  /// `rules[0].resources[1].group`: the mapping in which it is repeated, not the one under an anchor that it is written
  /// in. Empty where the paths before take a MiB already: they grow with depth times keys.
  std::string path;
};

enum class Format : std::uint8_t { yaml, json };

/// The same text for a reader that goes on to decode it into Go structs.
struct Reading {
  Format format = Format::yaml;
  /// YAML: as above. JSON: repeated members are all there, in the order of the text, and a number larger than a float64
  /// is infinite; in both, members may have one key (YAML: `1` and "1", of which Go takes one at random): what they do
  /// is the types' to say.
  Value value;
  std::vector<DuplicateKey> duplicates;  ///< YAML only, in yaml.v2's order
};
[[nodiscard]] Result<Reading> read_for_types(const text::Source& source);

}  // namespace kaudit::decode
