#include "kaudit/cli/run.hpp"

namespace kaudit::cli {
int run(int argc, char** argv) noexcept { return argc > 0 && argv != nullptr ? 2 : 70; }
}  // namespace kaudit::cli
