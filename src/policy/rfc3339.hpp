#pragma once

#include <string_view>

namespace kaudit::policy {

/// Whether Go's time.Parse(time.RFC3339, text) takes it: metadata's times are read so (apimachinery pkg/apis/meta/v1
/// time.go). An hour of one digit and a comma before the fraction are taken, too (package time, format.go).
[[nodiscard]] bool is_rfc3339(std::string_view text) noexcept;

}  // namespace kaudit::policy
