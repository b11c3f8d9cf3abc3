#pragma once

#include <filesystem>

#include "support/catch.hpp"

namespace kaudit::test {

/// Whether /proc is mounted; a test that needs it and does not have it ends there, and says why.
inline bool has_proc() {
  if (std::filesystem::exists("/proc/self/stat")) return true;
  WARN("skipped: /proc is not mounted here");
  return false;
}

}  // namespace kaudit::test
