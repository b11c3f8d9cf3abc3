#include "kaudit/node/audit_log.hpp"

#include <sys/stat.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/file_end.hpp"
#include "kaudit/host/file_facts.hpp"

namespace kaudit::node {
namespace {

constexpr double k_seconds_of_a_day = 86400;

/// A rotated file beside the log.
struct Rotated {
  std::string name;
  host::FileFacts facts;
};

bool is_compressed(std::string_view name) {
  for (const std::string_view ending : {".gz", ".xz", ".bz2", ".zst"}) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

std::vector<Rotated> rotated_files(const host::Place& log) {
  const auto names = host::list_beside(log, host::Hidden::skipped);
  std::vector<Rotated> files;
  if (!names) return files;
  for (const std::string& name : *names) {
    if (rotated_by(name, log.leaf) == RotatedBy::nobody) continue;
    const auto place = host::sibling(log, name);
    if (!place) continue;
    const auto facts = host::look_at(*place);
    if (facts && *facts && S_ISREG((*facts)->mode)) files.push_back({name, **facts});
  }
  return files;
}

/// The first event that a file holds, from its first bytes.
std::optional<double> first_time_in(const host::Place& place) {
  const auto part = host::read_part(place, 0, AuditLog::k_part);
  if (!part || !*part) return std::nullopt;
  const auto events = events_in((*part)->bytes, Beginning::whole);
  return events ? std::optional(events->first) : std::nullopt;
}

/// What was written last is the newest event of a file, and a compressed one keeps that time: the file with the oldest
/// one holds the oldest events.
void find_oldest(const host::Place& log, const std::vector<Rotated>& files, AuditLog& found) {
  const Rotated* oldest = nullptr;
  for (const Rotated& file : files) {
    if (oldest == nullptr || file.facts.modified < oldest->facts.modified) oldest = &file;
  }
  if (oldest == nullptr) {
    found.oldest = first_time_in(log);
  } else if (is_compressed(oldest->name)) {
    found.oldest = oldest->facts.modified;
    found.oldest_is = AuditLog::Oldest::at_most;
  } else if (const auto place = host::sibling(log, oldest->name)) {
    found.oldest = first_time_in(*place);
  }
}

/// What was recorded last, when it was rotated away just now.
std::optional<EventSpan> events_before(const host::Place& log, const std::vector<Rotated>& files) {
  const Rotated* newest = nullptr;
  for (const Rotated& file : files) {
    if (is_compressed(file.name)) continue;
    if (newest == nullptr || file.facts.modified > newest->facts.modified) newest = &file;
  }
  if (newest == nullptr) return std::nullopt;
  const auto place = host::sibling(log, newest->name);
  const auto end = place ? host::read_end(*place, 0, AuditLog::k_part) : place.error();
  if (!end || !*end) return std::nullopt;
  return events_in((*end)->bytes, (*end)->is_cut ? Beginning::cut : Beginning::whole);
}

void fail(AuditLog& log, const Error& error) {
  log.state = AuditLog::State::unreadable;
  log.detail = one_line(error.message);
}

}  // namespace

std::optional<double> AuditLog::events_per_second() const {
  if (!recent || recent->events < 2 || recent->seconds() < k_shortest) return std::nullopt;
  return static_cast<double>(recent->events - 1) / recent->seconds();
}

std::optional<double> AuditLog::bytes_per_day() const {
  const auto rate = events_per_second();
  if (!rate) return std::nullopt;
  return *rate * static_cast<double>(recent->bytes) / static_cast<double>(recent->events) * k_seconds_of_a_day;
}

AuditLog look_at_audit_log(const host::Root& root, const std::string& node_path) {
  AuditLog log;
  const auto place = root.locate(node_path);
  if (!place) {
    if (place.error().code != "missing-directory") fail(log, place.error());
    return log;
  }
  const std::vector<Rotated> rotated = rotated_files(*place);
  log.rotated_files = rotated.size();
  for (const Rotated& file : rotated) log.rotated_size += file.facts.size;
  const auto end = host::read_end(*place, 0, AuditLog::k_part);
  if (!end) {
    fail(log, end.error());
  } else if (*end) {
    log.state = AuditLog::State::file;
    log.size = (*end)->size;
    log.recent = events_in((*end)->bytes, (*end)->is_cut ? Beginning::cut : Beginning::whole);
    if (log.size == 0) log.recent = events_before(*place, rotated);
    find_oldest(*place, rotated, log);
  }
  return log;
}

}  // namespace kaudit::node
