#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baseline.hpp"
#include "kaudit/base/result.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/rollout/history.hpp"
#include "kaudit/rollout/run.hpp"

namespace kaudit::rollout {

/// The version that this program writes. A newer program reads all older ones (docs/run-record.md).
inline constexpr int k_format_version = 1;

inline constexpr const char* k_record_name = "record.json";

/// A file's content at one moment, its bytes in the file `copy` below the run's folder.
struct StoredImage {
  std::string sha256;
  std::uint64_t size = 0;
  host::Metadata metadata;
  std::uint64_t device = 0;  ///< device and inode: of "before" only
  std::uint64_t inode = 0;
  std::string copy;
};

struct RecordedFile {
  Role role = Role::manifest;
  std::string node_path;
  std::optional<StoredImage> before;
  StoredImage after;
};

struct RecordedProvision {
  Provision provision;
  bool existed = false;  ///< when the run began: then it is not ours to remove
};

/// `record.json`: everything that finishing or undoing the run needs.
struct Record {
  std::string program_version;
  std::string id;
  std::string verb;
  RunState state = RunState::prepared;
  std::string started;   ///< UTC, RFC 3339
  std::string finished;  ///< "" while unfinished
  std::vector<std::string> summary;
  std::vector<RecordedFile> files;  ///< the manifest first
  std::vector<RecordedProvision> provisions;
  std::optional<WatchPlan> watch;    ///< nothing: nobody watches
  std::optional<Baseline> baseline;  ///< of the goal that is watched; nothing: no guardian has begun
  Ending ending;
  std::vector<Removal> removals;
};

/// The record of a run that is about to begin; digests are computed here. `existed` of the provisions is left false.
[[nodiscard]] Record make_record(const Intent& intent, std::string id, std::string started);

/// Errors: status 3 "path" for a path that is not UTF-8 and so cannot be written down.
[[nodiscard]] Result<std::string> to_json(const Record& record);

/// Why a text is no record.
struct Unreadable {
  enum class Kind : std::uint8_t {
    cut_off,  ///< empty or without its end: the program was killed while it wrote it
    damaged,
    newer,  ///< written by a newer program
  } kind = Kind::damaged;
  std::string reason;
};

/// The record, or why there is none.
struct ParsedRecord {
  std::optional<Record> record;
  Unreadable unreadable;
};
[[nodiscard]] ParsedRecord from_json(std::string_view text);

/// The names that stand in the record; nothing for any other text.
[[nodiscard]] std::string_view to_string(Role role);
[[nodiscard]] std::optional<Role> role_of(std::string_view name);
[[nodiscard]] std::optional<RunState> run_state_of(std::string_view name);

/// Whether this names a copy of a run: a file in its own folders before/ or after/, whoever wrote the record.
[[nodiscard]] bool is_copy_name(std::string_view copy);

}  // namespace kaudit::rollout
