#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::node {

/// Who gave a file beside a log its name.
enum class RotatedBy : std::uint8_t {
  nobody,     ///< it is no rotated file of this log
  server,     ///< kube-apiserver: `audit-2026-01-31T12-00-00.123.log[.gz]` beside `audit.log`, the time of the rotation
  logrotate,  ///< logrotate(8): `audit.log.1[.gz]`, with dateext `audit.log-20260131[-…][.gz]`
};

/// Source: gopkg.in/natefinch/lumberjack.v2 v2.2.1, backupName and compressSuffix; logrotate(8), compressext and
/// dateformat left as they are, and the endings .xz, .bz2 and .zst besides.
[[nodiscard]] RotatedBy rotated_by(std::string_view name, std::string_view log);

/// When the event of a line reached its stage, in seconds since 1970-01-01T00:00:00Z; for the legacy format, which does
/// not say that, when its request was received. Nothing: the line is no whole event. Source: k8s.io/apiserver
/// pkg/apis/audit/v1/types.go (`stageTimestamp`), plugin/pkg/audit/log/backend.go, pkg/audit/format.go, v1.20 to v1.37.
[[nodiscard]] std::optional<double> time_of_event(std::string_view line);

/// Events that follow one another in a log.
struct EventSpan {
  std::size_t events = 0;   ///< lines from the first whole event to the last one
  std::uint64_t bytes = 0;  ///< of these lines
  double first = 0;         ///< seconds since 1970-01-01T00:00:00Z
  double last = 0;
  [[nodiscard]] double seconds() const { return last - first; }
};

/// Whether a text begins with a line's beginning, or may begin in the middle of one.
enum class Beginning : std::uint8_t { whole, cut };

/// Of the whole lines of a text; a last line without a line feed is still being written. Nothing: no line is an event.
[[nodiscard]] std::optional<EventSpan> events_in(std::string_view text, Beginning beginning);

/// An audit log as it lies on the disk, from a few bounded reads.
struct AuditLog {
  enum class State : std::uint8_t {
    file,        ///< a regular file that was read
    missing,     ///< there is nothing of this name
    unreadable,  ///< something else, or not for us: `detail`
  } state = State::missing;
  std::string detail;              ///< one line; "" where it was read
  std::uint64_t size = 0;          ///< bytes of the file itself
  std::size_t rotated_files = 0;   ///< beside it, by either naming
  std::uint64_t rotated_size = 0;  ///< bytes of these, as they are stored
  /// Of the last k_part bytes of the file or, while that is empty, of the newest rotated file that is not compressed;
  /// nothing: it holds no event there.
  std::optional<EventSpan> recent;
  /// Of the oldest event that is still there, rotated files included.
  std::optional<double> oldest;
  /// Whether that event itself was read; else it lies in a compressed file, and is older than `oldest`.
  enum class Oldest : std::uint8_t { exact, at_most } oldest_is = Oldest::exact;

  /// Bytes that are read of the end of the log, and of the beginning of its oldest part, at most.
  static constexpr std::size_t k_part = std::size_t{4} << 20U;

  /// Events a second and bytes a day, from the first to the last of `recent`; nothing: fewer than two events, or less
  /// than k_shortest between them, which says nothing of a day.
  static constexpr double k_shortest = 10;  ///< seconds
  [[nodiscard]] std::optional<double> events_per_second() const;
  [[nodiscard]] std::optional<double> bytes_per_day() const;
};

/// The log at a path of the node. Never an error: what cannot be read is said in `state` and `detail`.
[[nodiscard]] AuditLog look_at_audit_log(const host::Root& root, const std::string& node_path);

}  // namespace kaudit::node
