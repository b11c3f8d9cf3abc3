#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "kaudit/node/kubelet.hpp"

namespace kaudit::node {
namespace {

/// What a quantity's suffix multiplies by; nothing: it is none.
/// Source: k8s.io/apimachinery pkg/api/resource/suffix.go, v0.20.0 to v0.37.0.
std::optional<double> factor_of(std::string_view suffix) {
  struct Suffix {
    std::string_view text;
    double factor;
  };
  static constexpr std::array<Suffix, 16> k_suffixes{{{"", 1},
                                                      {"n", 1e-9},
                                                      {"u", 1e-6},
                                                      {"m", 1e-3},
                                                      {"k", 1e3},
                                                      {"M", 1e6},
                                                      {"G", 1e9},
                                                      {"T", 1e12},
                                                      {"P", 1e15},
                                                      {"E", 1e18},
                                                      {"Ki", 0x1p10},
                                                      {"Mi", 0x1p20},
                                                      {"Gi", 0x1p30},
                                                      {"Ti", 0x1p40},
                                                      {"Pi", 0x1p50},
                                                      {"Ei", 0x1p60}}};
  for (const Suffix& candidate : k_suffixes) {
    if (candidate.text == suffix) return candidate.factor;
  }
  return std::nullopt;
}

struct Number {
  double value = 0;
  std::string_view rest;
};

/// "1.5" of "1.5Gi"; "1e3" whole, but only the 1 of "1E", which is a suffix.
std::optional<Number> leading_number(std::string_view text) {
  const char* end = text.data() + text.size();
  double value = 0;
  const auto fixed = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (fixed.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  double whole = 0;
  const auto general = std::from_chars(text.data(), end, whole, std::chars_format::general);
  if (general.ec == std::errc() && general.ptr == end) return Number{whole, {}};
  return Number{value, text.substr(static_cast<std::size_t>(fixed.ptr - text.data()))};
}

}  // namespace

std::uint64_t Kubelet::eviction_reserve(std::uint64_t file_system_bytes) const {
  const std::optional<Number> number = leading_number(nodefs_available);
  if (!number || number->value <= 0) return 0;
  if (number->rest == "%") {
    if (number->value >= 100) return 0;
    return static_cast<std::uint64_t>(static_cast<double>(file_system_bytes) * (number->value / 100));
  }
  const std::optional<double> factor = factor_of(number->rest);
  if (!factor) return 0;
  const double bytes = std::ceil(number->value * *factor);
  return bytes < 0x1p63 ? static_cast<std::uint64_t>(bytes) : std::uint64_t{1} << 63U;
}

}  // namespace kaudit::node
