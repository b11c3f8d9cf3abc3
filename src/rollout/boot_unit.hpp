#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/rollout/run.hpp"

namespace kaudit::rollout {

/// Whether systemd is the machine's init. Source: sd_booted(3).
[[nodiscard]] bool is_systemd_there(const host::Root& root);

/// A unit that finishes an interrupted run after a reboot: /etc/systemd/system/kaudit-resume.service, enabled for
/// multi-user.target. It is there only while a run is watched. Nothing where systemd is not.
[[nodiscard]] Status place_boot_unit(const host::Root& root, const StateOptions& state);
[[nodiscard]] Status remove_boot_unit(const host::Root& root);

/// The file of this very program, for units that start it again; "" where the kernel does not say.
[[nodiscard]] std::string own_program();

}  // namespace kaudit::rollout
