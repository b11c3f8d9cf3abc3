#pragma once

#include <string>
#include <string_view>

#include "kaudit/decode/value.hpp"

namespace kaudit::decode {

/// The text of a string; "" for everything else, nothing at all among it.
[[nodiscard]] std::string text_of(const Value* value);

/// What one entry of a list of named things holds, and the path to it.
struct NamedEntry {
  const Value* value = nullptr;  ///< nothing: there is no such entry, or it has no such member
  std::string path;              ///< `clusters[0].cluster`
};

/// The member `member` of the first entry of the list `list` whose `name` is `name`, as in a kubeconfig:
/// `clusters: [{name: prod, cluster: {…}}]`. Of one in which a name stands twice client-go takes nothing at all.
[[nodiscard]] NamedEntry find_named(const Value& object, std::string_view list, std::string_view name,
                                    std::string_view member);

}  // namespace kaudit::decode
