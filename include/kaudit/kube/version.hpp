#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace kaudit::kube {

/// A minor version of Kubernetes, 1.x. Rules of this program never depend on the patch release.
struct Version {
  int major = 1;
  int minor = 0;
  friend auto operator<=>(const Version&, const Version&) = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14
};

/// The range whose rules this program knows. Newer versions are treated as `newest_known`, with a warning.
inline constexpr Version k_oldest_known{1, 20};
inline constexpr Version k_newest_known{1, 37};

/// "1.30", "v1.30.2", "1.30.2+rke2r1", "v1.6.0_coreos.0": what people give and what image tags hold.
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);

/// Version in the tag of an image reference; nothing if it has no tag, a digest only, or a tag that is no version
/// ("latest", "${VERSION}"). A registry's port is not a tag.
[[nodiscard]] std::optional<Version> version_of_image(std::string_view image);

/// "1.30"
[[nodiscard]] std::string to_string(Version version);

}  // namespace kaudit::kube
