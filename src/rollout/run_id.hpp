#pragma once

#include <string>
#include <string_view>

namespace kaudit::rollout {

/// A moment as people read it in the record, "2026-01-31T08:15:30Z", and as the beginning of a run's id.
struct Moment {
  std::string text;
  std::string id_prefix;  ///< "20260131T081530.123Z": names sort as time does
};
[[nodiscard]] Moment now();

/// "20260131T081530.123Z-5f3c9a": the moment and a few random digits, so that two machines, or two runs within one
/// millisecond, do not meet.
[[nodiscard]] std::string make_run_id(const Moment& moment);

}  // namespace kaudit::rollout
