#pragma once

#include <cstdint>
#include <optional>

namespace kaudit::survey {

/// How long a log is kept, by whoever rotates it.
struct Rotation {
  enum class By : std::uint8_t {
    nobody,  ///< it grows, or recording stops at `max_size`: a file that kube-apiserver cannot rename
    server,
    logrotate,
  } by = By::nobody;
  std::uint64_t max_size = 0;     ///< bytes of one file; 0: it is never rotated for its size
  std::int64_t max_backups = 0;   ///< rotated files; 0: any number
  std::int64_t max_age_days = 0;  ///< of rotated files; 0: any age
};

/// How much of the past a log will hold at a steady rate.
struct History {
  enum class Bound : std::uint8_t {
    none,  ///< nothing but the disk ends it
    size,  ///< size × files
    age,
    stop,  ///< not a matter of the past: in so many days from an empty file recording stops
  } bound = Bound::none;
  std::optional<double> days;  ///< nothing: unbounded, or the rate is not known
};

/// max-size × (max-backup + 1), capped by max-age. Compressed backups hold more than is said here.
[[nodiscard]] History history_of(const Rotation& rotation, std::optional<double> bytes_per_day);

}  // namespace kaudit::survey
