#include "inner_boms.hpp"

#include <algorithm>

namespace kaudit::decode {
namespace {

constexpr std::string_view k_bom = "\ufeff";
/// Of the private use area: no YAML syntax, and no blank.
constexpr std::string_view k_stand_in = "\ue0ff";

void replace_all(std::string& text, std::size_t from, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what, from); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

InnerBoms::InnerBoms(std::string_view bytes, std::size_t bom_size)
    : m_bytes(bytes), m_bom_size(bom_size), m_is_any(bytes.find(k_bom, bom_size) != std::string_view::npos) {
  if (!m_is_any) return;
  m_has_stand_in = bytes.find(k_stand_in) != std::string_view::npos;
  m_replaced = bytes;
  replace_all(m_replaced, bom_size, k_bom, k_stand_in);
}

void InnerBoms::restore(std::string& value, std::size_t from) const {
  if (m_is_any) replace_all(value, from, k_stand_in, k_bom);
}

std::optional<std::size_t> InnerBoms::unknown(const std::vector<std::size_t>& borders, std::size_t served) const {
  if (!m_is_any) return std::nullopt;
  // yaml.v2 fills its buffer when fewer than four characters of at most four bytes are left.
  constexpr std::size_t k_near = 20;
  const std::string_view read = m_bytes.substr(0, served);
  for (std::size_t at = read.find(k_bom, m_bom_size); at != std::string_view::npos; at = read.find(k_bom, at + 1)) {
    const auto border = std::lower_bound(borders.begin(), borders.end(), at < k_near ? 0 : at - k_near);
    const bool near = border != borders.end() && *border < m_bytes.size() && *border <= at + k_near;
    if (at == m_bom_size || near || m_has_stand_in) return at;
  }
  return std::nullopt;
}

}  // namespace kaudit::decode
