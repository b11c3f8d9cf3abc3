#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/cli/options.hpp"

namespace kaudit::cli {

/// The options of `enable` as they were typed, before they mean something. Names with their dashes.
struct TypedOptions {
  std::map<std::string, std::string> values;  ///< options with one value that were given
  std::vector<std::string> flags;             ///< every --flag
  std::vector<std::string> ignore;            ///< every code of every --ignore
  std::set<std::string> switches;             ///< options without a value that were given
};

[[nodiscard]] bool has_control_characters(std::string_view text);

/// What they mean. Errors: status 2 for values that cannot be, and for the same flag set twice.
[[nodiscard]] Result<EnableOptions> interpret(const TypedOptions& typed);

/// The `--flag` wishes. Errors: status 2: no audit flag of any version (with the nearest), one that has an option of
/// its own, a value of the wrong type.
[[nodiscard]] Result<std::vector<patch::FlagWish>> interpret_flags(const std::vector<std::string>& flags);

}  // namespace kaudit::cli
