#pragma once

#include <cstdint>
#include <optional>

#include "kaudit/rollout/watch.hpp"

namespace kaudit::rollout {

/// What a look says of the one process that `--hasten` may end.
enum class Lingerer : std::uint8_t {
  listens,  ///< a listening socket of the port is among its descriptors
  lingers,  ///< it lives, and none is
  ended,
  unseen,  ///< /proc does not say
};

/// What is remembered between two looks: the unbroken row of those that saw it linger.
struct Lingering {
  std::optional<double> since;  ///< seconds since the rename, of the first
  unsigned looks = 0;
};

/// So long, and so often in a row, must a process have been seen without its listener: requests that were under way
/// when it closed get this time, and one look that was wrong ends nothing.
inline constexpr double k_lingers_at_least = 2;
inline constexpr unsigned k_lingering_looks = 3;

struct LingeringStep {
  enum class Action : std::uint8_t {
    wait,
    end_it,
    forget_it,  ///< it has ended by itself
  } action = Action::wait;
  Lingering state;
};

/// Whether the old API server may be ended now, `now` seconds after the rename. Pure; the only place that decides it.
/// Never while anybody listens on the port, nor where the manifest is not certainly the run's own.
[[nodiscard]] LingeringStep step(const Lingering& state, const Sight& sight, Lingerer lingerer, double now);

}  // namespace kaudit::rollout
