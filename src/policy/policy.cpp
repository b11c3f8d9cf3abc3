#include "kaudit/policy/policy.hpp"

#include <algorithm>
#include <array>

namespace kaudit::policy {
namespace {

constexpr std::array<std::string_view, 4> k_level_names = {"None", "Metadata", "Request", "RequestResponse"};
constexpr std::array<std::string_view, k_stages> k_stage_names = {"RequestReceived", "ResponseStarted",
                                                                  "ResponseComplete", "Panic"};

template <typename Name, std::size_t size>
std::optional<Name> find_name(const std::array<std::string_view, size>& names, std::string_view text) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    if (names[i] == text) return static_cast<Name>(i);
  }
  return std::nullopt;
}

}  // namespace

bool TextList::contains(std::string_view text) const noexcept {
  return std::any_of(items.begin(), items.end(), [&](const Text& item) { return item.value == text; });
}

std::string_view to_string(Level level) noexcept { return k_level_names[static_cast<std::size_t>(level)]; }

std::optional<Level> level_of(std::string_view text) noexcept { return find_name<Level>(k_level_names, text); }

std::string_view to_string(Stage stage) noexcept { return k_stage_names[static_cast<std::size_t>(stage)]; }

std::optional<Stage> stage_of(std::string_view text) noexcept { return find_name<Stage>(k_stage_names, text); }

}  // namespace kaudit::policy
