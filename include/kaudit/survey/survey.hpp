#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kaudit/host/space.hpp"
#include "kaudit/kube/audit_flags.hpp"
#include "kaudit/node/api_server.hpp"
#include "kaudit/node/audit_log.hpp"
#include "kaudit/node/logrotate.hpp"
#include "kaudit/survey/history.hpp"
#include "kaudit/survey/settings.hpp"

namespace kaudit::survey {

/// A file that kube-apiserver reads when it starts, and never again.
struct ServerFile {
  std::string path;       ///< as its flag names it
  std::string node_path;  ///< where the node has it; "": no hostPath shows it to the server
  std::string problem;    ///< why it cannot be read; "": it was, or there is no `node_path`
  std::string sha256;     ///< of its content; "": it was not read
  std::string annotated;  ///< the digest in the pod's annotation; "": none
  double modified = 0;    ///< seconds since 1970-01-01T00:00:00Z; 0: not known
};

/// The log backend.
struct LogSetup {
  std::string path;       ///< as the flag names it; "-": the container's stdout
  std::string node_path;  ///< where the node has it; "": no hostPath shows it to the server
  enum class Mount : std::uint8_t {
    none,       ///< no hostPath, or stdout
    file,       ///< the file itself: kube-apiserver cannot rename it
    directory,  ///< its directory, or one above it
  } mount = Mount::none;
  bool is_read_only = false;
  Rotation rotation;
  std::string rotation_file;          ///< the file of logrotate's that says so, where that rotates it; else ""
  bool is_rotated_by_own = false;     ///< `rotation_file` is the drop-in of this program …
  bool is_own_broken = false;         ///< … which does not truncate the log at a size any more
  std::uint64_t server_max_size = 0;  ///< bytes at which kube-apiserver itself wants to rotate it; 0: never
  node::AuditLog found;               ///< on the disk
  std::optional<host::Space> space;
  std::uint64_t reserve = 0;  ///< free bytes of that file system below which the kubelet evicts pods; 0: not known
  /// Rules of logrotate that take it.
  std::vector<node::LogrotateRule> logrotate;
  std::string logrotate_runs;    ///< how often something runs logrotate, where that rotates it; "": nothing was found
  bool is_out_of_reach = false;  ///< to a logrotate that is started so, where that is to rotate it
};

/// What the manifest says.
struct Setup {
  std::string manifest;  ///< as shown
  std::string image;
  std::string kubernetes_version;                                ///< whose defaults are told
  std::vector<kube::FlagSetting> flags;                          ///< `--audit-*`, in command line order
  std::vector<kube::FlagSetting> others;                         ///< all other flags
  std::vector<std::pair<std::string, std::string>> annotations;  ///< `kaudit/…`
  std::optional<ServerFile> policy;
  std::optional<ServerFile> webhook_config;
  std::vector<ServerFile> webhook_files;  ///< that it names; their `annotated` and `modified` are not filled
  std::string webhook_files_sha256;       ///< one digest for those beside the config; "": there are none
  std::string webhook_files_annotated;    ///< the same in the pod's annotation; "": none
  std::optional<LogSetup> log;
};

/// The process that listens on the server's port, and what it says of itself.
struct Process {
  enum class Known : std::uint8_t {
    not_looked,  ///< another root than `/`: there are only files
    nobody,      ///< nobody listens on the port
    unseen,      ///< somebody does, but /proc does not say who
    running,
  } known = Known::not_looked;
  int pid = 0;
  std::optional<double> started;  ///< seconds since 1970-01-01T00:00:00Z
  std::vector<kube::FlagSetting> flags;
  std::vector<FlagDifference> differences;  ///< against the manifest
  node::Health health;
};

/// What the server counts of auditing, since it started.
struct Metrics {
  std::string problem = "not asked";                 ///< why they were not read; "": they were
  std::string kubeconfig;                            ///< as whom; "": none
  std::optional<double> events;                      ///< handed to the backends
  std::vector<std::pair<std::string, double>> lost;  ///< by plugin: "log", "webhook", "buffered", …
  double rejected = 0;                               ///< requests refused because their event could not be written
};

/// What the stored runs say.
struct Runs {
  std::string problem;                  ///< why they cannot be read; "": they were
  std::vector<std::string> unfinished;  ///< ids; nobody works on them
  std::string at_work;                  ///< id of the run that is being carried out now; ""
  struct Last {
    std::string id;
    std::string started;  ///< UTC, RFC 3339
    std::string verb;
    std::string state;
    std::string reason;
  };
  std::optional<Last> last;  ///< the newest
  enum class Manifest : std::uint8_t {
    as_left,          ///< what the newest finished run left, or there is none
    rewritten,        ///< by somebody else; its audit flags and annotations are those that the run left
    rewritten_audit,  ///< … and these are others now
  } manifest = Manifest::as_left;
};

/// Everything that was found, as plain values. Holds no secret: of a webhook config only path and digest.
struct Survey {
  double now = 0;  ///< seconds since 1970-01-01T00:00:00Z
  Setup setup;
  Process process;
  std::size_t rename_failures = 0;  ///< `can't rename log file` in the part read of the container's log
  Metrics metrics;
  Runs runs;
  std::vector<std::string> strays;  ///< files beside the manifest that are the same pod, as shown
};

/// What becomes of a request's event.
enum class Auditing : std::uint8_t {
  off,         ///< neither policy nor backend
  no_backend,  ///< a policy alone: nothing is recorded
  no_policy,   ///< a backend alone: nothing is recorded
  on,
};
[[nodiscard]] Auditing auditing_of(const Setup& setup);

/// Whether the process was started with the manifest's flags; nothing: there is none to ask.
[[nodiscard]] std::optional<bool> agrees(const Process& process);

}  // namespace kaudit::survey
