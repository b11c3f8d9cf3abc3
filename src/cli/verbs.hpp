#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kaudit::cli {

/// Whether a verb takes words that are no options.
enum class Arguments : std::uint8_t { none, taken };

/// The words of one verb. Options with their dashes, `-q,--quiet` for one with a short name.
struct VerbWords {
  std::string_view verb;
  std::span<const char* const> valued;    ///< take one value, once
  std::span<const char* const> lists;     ///< take a value, any number of times
  std::span<const char* const> switches;  ///< take none
  Arguments arguments = Arguments::none;
  std::string (*help)() = nullptr;
};

/// All verbs, in the order in which the help names them.
[[nodiscard]] std::span<const VerbWords> all_verbs() noexcept;

/// Nothing for an unknown one.
[[nodiscard]] const VerbWords* find_verb(std::string_view verb) noexcept;

/// "-q,--quiet" → "--quiet"
[[nodiscard]] std::string long_name(std::string_view name);

}  // namespace kaudit::cli
