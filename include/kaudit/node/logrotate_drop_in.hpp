#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaudit::node {

/// The file with which this program has logrotate rotate kube-apiserver's audit log: one block for one log. Held
/// against the real logrotate in the tests, below global defaults that would spoil every line of it.
struct LogrotateDropIn {
  std::string log_path;          ///< absolute
  std::uint64_t size_bytes = 0;  ///< rotated when it has grown to this
  std::int64_t backups = 0;      ///< rotated files that stay; 0: all, as kube-apiserver's max-backup
  std::int64_t age_days = 0;     ///< of rotated files; 0: they never go for their age, as kube-apiserver's max-age
  bool compresses = false;       ///< with gzip
  friend bool operator==(const LogrotateDropIn&, const LogrotateDropIn&) = default;
};

/// Whether logrotate can be given this path and no other: it expands wildcards even in quotes, and ends a pattern at a
/// brace.
[[nodiscard]] bool is_rotatable_path(std::string_view path);

/// The drop-in as this program writes it.
[[nodiscard]] std::string to_text(const LogrotateDropIn& drop_in);

/// Whether a file was written by this program, whatever was edited since: by its first line.
[[nodiscard]] bool is_own_drop_in(std::string_view bytes);

/// What a drop-in of ours says, edited or not. Nothing: it is not the one block for one log that truncates it in place
/// (`copytruncate`) at a `size` and keeps a number of files (`rotate`).
[[nodiscard]] std::optional<LogrotateDropIn> read_drop_in(std::string_view bytes);

/// A drop-in of ours, changed to `wanted`. One that nobody has edited is written anew; in an edited one only the lines
/// are changed that say otherwise. `bytes` is one that read_drop_in() can read.
[[nodiscard]] std::string changed_drop_in(std::string_view bytes, const LogrotateDropIn& wanted);

/// Whether somebody has edited it: it is not what this program writes for what it says.
[[nodiscard]] bool is_edited_drop_in(std::string_view bytes);

}  // namespace kaudit::node
