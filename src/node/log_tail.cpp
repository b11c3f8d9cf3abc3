#include "log_tail.hpp"

#include <utility>

#include <sys/stat.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/file_end.hpp"
#include "kaudit/host/file_facts.hpp"

namespace kaudit::node {
namespace {

constexpr std::size_t k_part = std::size_t{4} << 20U;
/// Of a line that is not complete: longer ones are no request's that reads what is not there.
constexpr std::size_t k_longest_line = std::size_t{16} << 20U;

/// The text that standard output got; empty for a line of the other stream, and for one that is none of a container's.
std::string_view written_to_output(std::string_view line) {
  if (line.starts_with('{')) return line.find(R"("stream":"stdout")") != std::string_view::npos ? line : "";
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return {};
  line.remove_prefix(space + 1);
  return line.starts_with("stdout ") ? line : std::string_view();
}

/// Docker writes a log's text as a JSON string.
bool has_field(std::string_view line, std::string_view before, std::string_view quote, std::string_view audit_id) {
  const std::string field = std::string(before) + std::string(quote) + std::string(audit_id) + std::string(quote);
  return line.find(field) != std::string_view::npos;
}

}  // namespace

LogTail::LogTail(const host::Root& root, std::string node_path, Kind kind)
    : m_root(&root), m_node_path(std::move(node_path)), m_kind(kind) {
  const auto place = host::locate_through_links(*m_root, m_node_path);
  if (!place) return;
  const auto facts = host::look_at(*place);
  if (!facts || !*facts) return;
  m_offset = (*facts)->size;
  m_inode = (*facts)->inode;
}

LogTail::Seen LogTail::look(std::string_view audit_id) {
  const auto place = host::locate_through_links(*m_root, m_node_path);
  if (!place) {
    m_trouble = one_line(place.error().message);
    return m_has_lost ? Seen::lost : Seen::no;
  }
  const auto facts = host::look_at(*place);
  if (facts && *facts && m_inode != 0 && (*facts)->inode != m_inode) {
    if (read_rotated(*place, audit_id)) return Seen::yes;
    m_offset = 0;
    m_line.clear();
  }
  if (facts && *facts) m_inode = (*facts)->inode;
  if (read_on(*place, audit_id)) return Seen::yes;
  return m_has_lost ? Seen::lost : Seen::no;
}

/// The file that was the log before it was renamed, to its end.
bool LogTail::read_rotated(const host::Place& log, std::string_view audit_id) {
  const auto names = host::list_beside(log, host::Hidden::skipped);
  if (names) {
    for (const std::string& name : *names) {
      const auto place = host::sibling(log, name);
      const auto facts = place ? host::look_at(*place) : Result<std::optional<host::FileFacts>>(place.error());
      if (facts && *facts && (*facts)->inode == m_inode && S_ISREG((*facts)->mode)) return read_on(*place, audit_id);
    }
  }
  m_has_lost = true;
  return false;
}

bool LogTail::read_on(const host::Place& place, std::string_view audit_id) {
  while (true) {
    const auto part = host::read_part(place, m_offset, k_part);
    m_trouble = part ? (*part ? "" : "there is no such file") : one_line(part.error().message);
    if (!part || !*part) return false;
    if ((*part)->size < m_offset) {
      m_has_lost = true;
      m_offset = 0;
      m_line.clear();
      continue;
    }
    m_offset += (*part)->bytes.size();
    if (take((*part)->bytes, audit_id)) return true;
    if (!(*part)->is_cut) return false;
  }
}

bool LogTail::take(std::string_view bytes, std::string_view audit_id) {
  m_line += bytes;
  std::string_view rest = m_line;
  for (std::size_t end = 0; (end = rest.find('\n')) != std::string_view::npos; rest.remove_prefix(end + 1)) {
    if (is_event(rest.substr(0, end), audit_id)) return true;
  }
  m_line = rest.size() > k_longest_line ? std::string() : std::string(rest);
  return false;
}

/// As a field of an event: the server's complaints about what it could not write name the id, too.
bool LogTail::is_event(std::string_view line, std::string_view audit_id) const {
  if (m_kind == Kind::plain) {
    return has_field(line, R"("auditID":)", "\"", audit_id) || has_field(line, " AUDIT: id=", "\"", audit_id);
  }
  const std::string_view text = written_to_output(line);
  return has_field(text, R"("auditID":)", "\"", audit_id) || has_field(text, " AUDIT: id=", "\"", audit_id) ||
         has_field(text, R"(\"auditID\":)", "\\\"", audit_id) || has_field(text, " AUDIT: id=", "\\\"", audit_id);
}

}  // namespace kaudit::node
