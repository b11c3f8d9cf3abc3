#pragma once

#include <cstdint>
#include <optional>

#include "kaudit/host/processes.hpp"

namespace kaudit::host {

/// What /proc says about who listens on a TCP port of this network namespace.
struct Listener {
  enum class Known : std::uint8_t {
    nobody,   ///< nothing listens there
    process,  ///< this one does
    unseen,   ///< something does, but not who: another pid namespace, or hidepid
    unknown,  ///< /proc/net cannot be read at all
  } known = Known::unknown;
  std::optional<ProcessId> process;
};

/// Who listens on `port`, at any local address, IPv4 or IPv6: the socket's inode is looked up in /proc/net/tcp and tcp6
/// (state 0A) and then among the descriptors of all processes. Where several do, the oldest process: a descriptor is
/// inherited by children.
/// Source: proc(5), /proc/net/tcp, /proc/PID/fd.
[[nodiscard]] Listener listener_on(std::uint16_t port);

/// Whether `process` still has a listening socket on `port` among its descriptors; one that has ended has none.
/// Nothing: /proc cannot say, or does not show its descriptors to this user.
[[nodiscard]] std::optional<bool> listens(const ProcessId& process, std::uint16_t port);

}  // namespace kaudit::host
