#include "kaudit/survey/history.hpp"

namespace kaudit::survey {

History history_of(const Rotation& rotation, std::optional<double> bytes_per_day) {
  History history;
  if (rotation.by == Rotation::By::nobody) {
    if (rotation.max_size == 0) return history;
    history.bound = History::Bound::stop;
    if (bytes_per_day) history.days = static_cast<double>(rotation.max_size) / *bytes_per_day;
    return history;
  }
  const bool has_size = rotation.max_size > 0 && rotation.max_backups > 0;
  const auto age = static_cast<double>(rotation.max_age_days);
  if (has_size && bytes_per_day) {
    const double bytes = static_cast<double>(rotation.max_size) * static_cast<double>(rotation.max_backups + 1);
    history = {History::Bound::size, bytes / *bytes_per_day};
  }
  if (age > 0 && (history.days ? *history.days > age : !has_size)) history = {History::Bound::age, age};
  return history;
}

}  // namespace kaudit::survey
