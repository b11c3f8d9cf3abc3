#include "alias_limits.hpp"

namespace kaudit::decode {
namespace {

constexpr std::size_t k_most_text = std::size_t{64} << 20U;

/// decode.go allowedAliasRatio.
double allowed_ratio(double decodes) {
  constexpr double k_low = 400000;
  constexpr double k_high = 4000000;
  if (decodes <= k_low) return 0.99;
  if (decodes >= k_high) return 0.10;
  return 0.99 - 0.89 * ((decodes - k_low) / (k_high - k_low));
}

}  // namespace

bool AliasLimits::count() {
  ++m_decodes;
  if (m_depth > 0) ++m_alias_decodes;
  const auto decodes = static_cast<double>(m_decodes);
  return m_alias_decodes <= 100 || m_decodes <= 1000 ||
         static_cast<double>(m_alias_decodes) / decodes <= allowed_ratio(decodes);
}

bool AliasLimits::enter(std::uint32_t alias) {
  if (m_active[alias]) return false;
  m_active[alias] = true;
  ++m_depth;
  return true;
}

void AliasLimits::leave(std::uint32_t alias) {
  m_active[alias] = false;
  --m_depth;
}

bool AliasLimits::take_text(std::size_t size) {
  if (m_depth > 0) m_text += size;
  return m_text <= k_most_text;
}

}  // namespace kaudit::decode
