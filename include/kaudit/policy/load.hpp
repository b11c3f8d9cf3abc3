#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/base/error.hpp"
#include "kaudit/kube/version.hpp"
#include "kaudit/policy/policy.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::policy {

/// A key that the server drops, or of which it takes one of several: the rule is broader or other than written.
struct DroppedKey {
  enum class Kind : std::uint8_t {
    unknown,   ///< no field of this name
    repeated,  ///< stands twice; in YAML the last one counts, in JSON they merge
  };
  Kind kind = Kind::unknown;
  std::string path;  ///< `rules[0].verb`; the key alone of YAML that repeats very many
  std::string key;
  std::size_t offset = 0;           ///< of the key
  std::vector<std::string> fields;  ///< what the object could have had
};

/// What kube-apiserver of one version does with a policy file.
struct Loading {
  enum class Verdict : std::uint8_t { accepted, refused };
  Verdict verdict = Verdict::refused;
  /// Whenever it could be decoded, also when it was refused afterwards.
  std::optional<Policy> policy;
  /// What LoadPolicyFromFile returns, without its `: from file …`; empty when accepted. The server's very text for
  /// everything that ValidatePolicy says; for what is wrong with the YAML, the types or the kind the words may differ.
  std::string server_error;
  /// What it logs as a warning: the strict decoder's findings since 1.26 (its very text), a deprecated version before.
  std::vector<std::string> server_warnings;
  /// Why it is refused, each with its position; empty when accepted.
  std::vector<Error> problems;
  std::vector<DroppedKey> dropped;
};

/// Loads a policy as kube-apiserver `version` does, whatever is in the text. Source: k8s.io/apiserver
/// pkg/audit/policy/reader.go LoadPolicyFromBytes: strict first and lenient after since 1.26, lenient before;
/// v1beta1 and v1alpha1 until 1.23.
[[nodiscard]] Loading load(const text::Source& source, kube::Version version);

/// For a server whose version is not known: the first refusal of any known version, or what the newest one does.
[[nodiscard]] Loading load_strictest(const text::Source& source);

}  // namespace kaudit::policy
