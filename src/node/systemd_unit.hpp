#pragma once

#include <string>
#include <vector>

#include "kaudit/host/root.hpp"

namespace kaudit::node {

/// A line `KEY=VALUE` of a systemd unit; sections are left out.
struct UnitSetting {
  std::string key;
  std::string value;
  std::string file;  ///< as the node knows it
};

/// The settings of a unit and of its drop-ins in the order in which systemd reads them: an empty value takes back what
/// a list had before it. Empty when there is no such unit, or it is masked. Source: systemd.unit(5), 252.
[[nodiscard]] std::vector<UnitSetting> settings_of_unit(const host::Root& root, const std::string& unit);

/// The bytes of a small file of the node, links followed while they are root's; "" if it cannot be read.
[[nodiscard]] std::string text_or_nothing(const host::Root& root, const std::string& path);

/// Names in a directory of the node, those that begin with a dot left out; none if it cannot be read.
[[nodiscard]] std::vector<std::string> visible_names_in(const host::Root& root, const std::string& directory);

}  // namespace kaudit::node
