#pragma once

#include <string>

namespace kaudit::cli {

[[nodiscard]] std::string program_help();
[[nodiscard]] std::string enable_help();
[[nodiscard]] std::string disable_help();
[[nodiscard]] std::string lint_help();
[[nodiscard]] std::string rollback_help();
[[nodiscard]] std::string status_help();
[[nodiscard]] std::string verify_help();
[[nodiscard]] std::string explain_help();
[[nodiscard]] std::string version_text();

}  // namespace kaudit::cli
