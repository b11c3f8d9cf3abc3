#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kaudit::report {

/// One stored run, for `kaudit rollback --list`.
struct RunLine {
  std::string id;
  std::string started;  ///< UTC, RFC 3339
  std::string verb;
  std::string state;
  std::string reason;  ///< of how it ended; "": there is nothing to explain
  std::string folder;  ///< as shown
  std::vector<std::string> summary;
  enum class Manifest : std::uint8_t {
    written,  ///< the manifest is what the run wrote
    before,   ///< it is what was there before the run
    other,    ///< neither, or it cannot be read
  } manifest = Manifest::other;
};

[[nodiscard]] std::string runs_text(const std::vector<RunLine>& runs);

/// One document: `{"format_version", "runs": [{"id", "started", "verb", "state", "reason", "folder", "summary": [...],
/// "manifest": "written"|"before"|"other"}]}`.
[[nodiscard]] std::string runs_json(const std::vector<RunLine>& runs);

}  // namespace kaudit::report
