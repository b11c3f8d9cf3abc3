#include <algorithm>

#include "kaudit/base/utc.hpp"
#include "kaudit/node/audit_log.hpp"

namespace kaudit::node {
namespace {

constexpr std::string_view k_time_key = "\"stageTimestamp\":\"";

/// `{"kind":"Event",…,"stageTimestamp":"2026-01-31T12:00:00.123456Z",…}`. The key stands behind the request's and the
/// response's objects, which may hold anything: the last one is the event's own.
std::optional<double> time_in_json(std::string_view line) {
  if (line.front() != '{' || line.back() != '}') return std::nullopt;
  const std::size_t key = line.rfind(k_time_key);
  if (key == std::string_view::npos) return std::nullopt;
  const std::string_view rest = line.substr(key + k_time_key.size());
  return parse_utc_text(rest.substr(0, rest.find('"')));
}

/// `2026-01-31T12:00:00.123456789Z AUDIT: id="…" …`
std::optional<double> time_in_legacy(std::string_view line) {
  const std::size_t end = line.find(" AUDIT: ");
  constexpr std::size_t k_longest_time = 40;
  return end > k_longest_time ? std::nullopt : parse_utc_text(line.substr(0, end));
}

/// A whole line of a text, with its place.
struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< behind its line feed
};

/// The first line from `begin` on that is an event.
std::optional<Line> first_event(std::string_view text, std::size_t begin) {
  for (std::size_t feed = 0; (feed = text.find('\n', begin)) != std::string_view::npos; begin = feed + 1) {
    if (time_of_event(text.substr(begin, feed - begin))) return Line{begin, feed + 1};
  }
  return std::nullopt;
}

/// The last one; `text` ends in a line feed, and there is one.
Line last_event(std::string_view text) {
  std::size_t end = text.size();
  while (true) {
    const std::size_t feed = end < 2 ? std::string_view::npos : text.rfind('\n', end - 2);
    const std::size_t begin = feed == std::string_view::npos ? 0 : feed + 1;
    if (begin == 0 || time_of_event(text.substr(begin, end - 1 - begin))) return {begin, end};
    end = begin;
  }
}

}  // namespace

std::optional<double> time_of_event(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.empty()) return std::nullopt;
  return line.front() == '{' ? time_in_json(line) : time_in_legacy(line);
}

std::optional<EventSpan> events_in(std::string_view text, Beginning beginning) {
  text = text.substr(0, text.rfind('\n') + 1);
  const std::size_t begin = beginning == Beginning::whole ? 0 : text.find('\n') + 1;
  const auto first = first_event(text, begin);
  if (!first) return std::nullopt;
  text.remove_prefix(first->begin);
  const Line last = last_event(text);
  EventSpan span;
  span.bytes = last.end;
  const std::string_view lines = text.substr(0, last.end);
  span.events = static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
  const auto time_at = [&](std::size_t from, std::size_t end) {
    return time_of_event(text.substr(from, end - 1 - from)).value_or(0);
  };
  span.first = time_at(0, first->end - first->begin);
  span.last = time_at(last.begin, last.end);
  return span;
}

}  // namespace kaudit::node
