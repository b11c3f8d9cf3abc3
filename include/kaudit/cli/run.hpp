#pragma once

namespace kaudit::cli {

/// The whole program: decides by the name it was called by (`kaudit-VERB` is `kaudit VERB`) and its arguments, does the
/// job, prints, and returns the exit status (kaudit::ExitStatus). Never throws.
[[nodiscard]] int run(int argc, char** argv) noexcept;

}  // namespace kaudit::cli
