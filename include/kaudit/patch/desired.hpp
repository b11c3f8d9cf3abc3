#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/kube/version.hpp"

namespace kaudit::patch {

enum class LogVolume : std::uint8_t { automatic, file, directory };

/// Who rotates a log that is mounted as a single file. kube-apiserver cannot: it cannot rename what is mounted, and at
/// max-size its recording stops.
enum class Rotator : std::uint8_t {
  server,     ///< nobody, so, until somebody truncates it
  logrotate,  ///< the node's logrotate(8), by a drop-in of ours
};

/// The max-size of a server whose log logrotate keeps small: 2 PiB, which no log reaches. It is the largest number that
/// every kube-apiserver takes, one of a 32-bit machine among them (a Go int), and lumberjack's product with 2^20 stays
/// far below the largest int64. Source: gopkg.in/natefinch/lumberjack.v2 v2.2.1, Logger.max(); pflag's IntVar.
inline constexpr std::int64_t k_max_size_never_reached_mb = 2147483647;

/// What decides about the rotator: what was asked for, and what the host says.
struct RotationWish {
  std::optional<Rotator> rotator;    ///< nothing: not given
  bool is_logrotate_able = false;    ///< the node's logrotate would read a drop-in for this log, and can take its name
  bool has_drop_in = false;          ///< there is one of ours
  std::int64_t drop_in_size_mb = 0;  ///< at which it has logrotate rotate; 0: not known
};

/// A file the API server must see at a path of the node: mounted read-only, type File, unless a mount covers it.
struct MountedFile {
  std::string volume_name;  ///< wished for: "audit", "audit-webhook", "audit-webhook-ca"
  std::string path;         ///< absolute path on the node and in the container
};

/// One `--flag NAME=VALUE` or `--flag NAME-`.
struct FlagWish {
  std::string name;                  ///< normalised
  std::optional<std::string> value;  ///< nothing: take it out
};

/// What the person asked for, and what the host says about it, as plain values. Options not given are empty and
/// leave what is there; defaults fill only what is absent.
struct Desired {
  std::optional<std::string> policy_path;   ///< where the policy is (or will be) on the node
  std::string policy_digest;                ///< SHA-256, hex, of its content
  std::optional<std::string> log_path;      ///< "-" is the container's stdout
  std::optional<std::string> webhook_path;  ///< kubeconfig of the webhook backend on the node
  std::string webhook_digest;
  std::vector<MountedFile> webhook_files;  ///< certificate, key and token files that it names
  std::string webhook_files_digest;        ///< of those that are this run's to install; "": there are none
  std::optional<std::int64_t> max_age_days;
  std::optional<std::int64_t> max_backups;
  std::optional<std::int64_t> max_size_mb;  ///< MB = 2^20 bytes
  std::vector<FlagWish> flags;
  /// Nothing: not given, what covers the log is left.
  std::optional<LogVolume> log_volume;
  /// For `automatic`: whether the log's directory is its own (absent, or holding nothing but this log and its
  /// rotated files). Decided by the host side.
  bool log_directory_is_own = false;
  RotationWish rotation;
  /// Overrides the version of the image's tag.
  std::optional<kube::Version> version;
};

/// Whether two audit flags set one variable of kube-apiserver, so that the last of either wins: the same flag, or
/// audit-webhook-initial-backoff and its deprecated alias. Source: apiserver pkg/server/options/audit.go v0.20 to
/// v0.37.
[[nodiscard]] bool same_variable(std::string_view left, std::string_view right);

}  // namespace kaudit::patch
