#pragma once

#include <cstdlib>

namespace kaudit::test {

/// Ends the test program where its own set-up fails: that is no finding about kaudit.
inline void must(bool is_done) {
  if (!is_done) std::abort();
}

}  // namespace kaudit::test
