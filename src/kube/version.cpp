#include "kaudit/kube/version.hpp"

#include <charconv>

#include <system_error>

#include "kaudit/base/ascii.hpp"

namespace kaudit::kube {
namespace {

/// More digits than any minor version of Kubernetes will have.
constexpr std::size_t k_longest_minor = 4;

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  if (!text.starts_with("1.")) return std::nullopt;
  text.remove_prefix(2);
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits == 0 || digits > k_longest_minor) return std::nullopt;
  if (digits > 1 && text.front() == '0') return std::nullopt;
  Version version;
  const auto parsed = std::from_chars(text.data(), text.data() + digits, version.minor);
  if (parsed.ec != std::errc{}) return std::nullopt;
  const std::string_view rest = text.substr(digits);
  if (rest.empty()) return version;
  // A patch release, or what builders append: "-gke.1", "+rke2r1", "_coreos.0".
  if (rest.front() == '.') return rest.size() > 1 && is_digit(rest[1]) ? std::optional(version) : std::nullopt;
  return rest.front() == '-' || rest.front() == '+' || rest.front() == '_' ? std::optional(version) : std::nullopt;
}

std::optional<Version> version_of_image(std::string_view image) {
  image = image.substr(0, image.find('@'));  // a digest says nothing about the version
  const std::size_t slash = image.rfind('/');
  const std::size_t colon = image.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  if (slash != std::string_view::npos && colon < slash) return std::nullopt;  // the registry's port
  return parse_version(image.substr(colon + 1));
}

std::string to_string(Version version) { return std::to_string(version.major) + "." + std::to_string(version.minor); }

}  // namespace kaudit::kube
