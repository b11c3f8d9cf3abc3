#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kaudit::decode {

/// How much aliases may blow a document up before it counts as an attack.
/// Source: gopkg.in/yaml.v2 decode.go, decoder.unmarshal and allowedAliasRatio.
class AliasLimits {
 public:
  explicit AliasLimits(std::size_t nodes) : m_active(nodes) {}

  /// Every node decoded counts, and those under aliases may not be too many of them. False: they are.
  [[nodiscard]] bool count();

  /// Follows the alias at node `alias`. False: it is inside itself.
  [[nodiscard]] bool enter(std::uint32_t alias);
  void leave(std::uint32_t alias);

  /// Text of `size` bytes is copied. False: more comes out of aliases than is modelled (yaml.v2 shares it).
  [[nodiscard]] bool take_text(std::size_t size);

 private:
  std::vector<bool> m_active;
  std::size_t m_decodes = 0;
  std::size_t m_alias_decodes = 0;
  std::size_t m_depth = 0;
  std::size_t m_text = 0;
};

}  // namespace kaudit::decode
