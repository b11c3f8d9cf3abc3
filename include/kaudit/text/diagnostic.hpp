#pragma once

#include <cstddef>
#include <string>

#include "kaudit/base/error.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::text {

enum class Severity { error, warning, info };

/// A finding about the user's input. Data, not an Error: whoever asked decides what it means.
struct Diagnostic {
  Severity severity = Severity::error;
  /// Stable kebab-case word: "duplicate-volume", "shell-wrapper".
  std::string code;
  /// In Kubernetes' spelling: `spec.containers[0].volumeMounts[2].mountPath`. May be empty.
  std::string field;
  /// Kubernetes' own words where the finding is Kubernetes': `Duplicate value: "audit-log"`.
  std::string message;
  /// What to do about it. May be empty.
  std::string hint;
  /// Byte offset into the Source it is about.
  std::size_t offset = 0;
};

/// The same finding as an Error with exit status 3, with position and source line filled in.
[[nodiscard]] Error refuse(const Source& source, const Diagnostic& finding);

/// The same without the source line, for texts that may hold a secret.
[[nodiscard]] Error refuse_unseen(const Source& source, const Diagnostic& finding);

/// The same finding as a Warning, with what to do about it in the message.
[[nodiscard]] Warning warn(const Source& source, const Diagnostic& finding);

}  // namespace kaudit::text
