#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/kube/version.hpp"

namespace kaudit::kube {

/// pflag's value types, as kube-apiserver declares its audit flags.
enum class FlagType { string, integer, int64, float32, boolean, duration };

/// One row of the flag table: an audit flag of kube-apiserver, its type, default and life.
/// Source: k8s.io/apiserver pkg/server/options/audit.go, v0.20.0 to v0.37.0.
struct AuditFlag {
  std::string_view name;  ///< without the dashes
  FlagType type = FlagType::string;
  std::string_view default_value;        ///< as pflag prints it
  std::optional<Version> default_since;  ///< since when that default holds ...
  std::string_view older_default;        ///< ... and the one before it
  std::optional<Version> since;          ///< none: as long as we know
  std::optional<Version> removed;        ///< first version that does not know it
};

/// Every audit flag of every known version, sorted by name.
[[nodiscard]] std::span<const AuditFlag> audit_flags();

/// The row of a flag that `version` knows; null pointer if it knows none of this name (already normalised).
[[nodiscard]] const AuditFlag* find_audit_flag(std::string_view name, Version version);

/// The flag's default in `version`, as pflag prints it.
[[nodiscard]] std::string_view default_of(const AuditFlag& flag, Version version);

/// The known flag name nearest to a misspelt one; empty if none is near.
[[nodiscard]] std::string_view nearest_audit_flag(std::string_view name, Version version);

/// pflag's WordSepNormalizeFunc: every '_' of a flag name is a '-'.
/// Source: k8s.io/component-base cli/flag/flags.go.
[[nodiscard]] std::string normalise_flag_name(std::string_view name);

/// A flag as it stands on a command line; no value: a boolean flag given bare.
struct FlagSetting {
  std::string name;  ///< normalised
  std::optional<std::string> value;
};

/// A finding about flags. `name` says which setting it is about (empty: about their combination).
struct FlagProblem {
  std::string name;
  std::string code;
  std::string message;  ///< kube-apiserver's own words
  std::string hint;
};

/// What kube-apiserver `version` would refuse to start with among these audit settings, in its words: unknown
/// flags, values that do not parse, ranges, and the cross-flag rules of AuditOptions.Validate (checked only for a
/// backend that is on, and only when everything parses: kube-apiserver gets no further either). Settings in command
/// line order; the last one of a name counts, but each must parse. Names that do not start with "audit" are not
/// looked at. Versions outside the known range are judged by the nearest known one.
[[nodiscard]] std::vector<FlagProblem> refused_by_apiserver(const std::vector<FlagSetting>& settings, Version version);

/// Whether two spellings mean the same value to kube-apiserver: `010` and `8`, `true` and a bare boolean flag,
/// `60s` and `1m`.
[[nodiscard]] bool same_flag_value(const AuditFlag& flag, const std::optional<std::string>& left,
                                   const std::optional<std::string>& right);

}  // namespace kaudit::kube
