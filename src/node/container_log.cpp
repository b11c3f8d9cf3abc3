#include "container_log.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "kaudit/decode/decode.hpp"
#include "kaudit/text/source.hpp"
#include "text_lines.hpp"

namespace kaudit::node {
namespace {

struct LogEntry {
  enum class Stream : std::uint8_t { out, error } stream = Stream::out;
  enum class Extent : std::uint8_t { partial, full } extent = Extent::full;
  std::string text;
};

std::optional<LogEntry::Stream> stream_of(std::string_view name) {
  if (name == "stdout") return LogEntry::Stream::out;
  if (name == "stderr") return LogEntry::Stream::error;
  return std::nullopt;
}

std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

/// `<time> stdout|stderr <tag>[:<tag>…] <text>`; the first tag is P or F.
std::optional<LogEntry> cri_entry(std::string_view line) {
  take_word(line);
  const auto stream = stream_of(take_word(line));
  const std::string_view tags = take_word(line);
  const std::string_view tag = tags.substr(0, tags.find(':'));
  if (!stream || (tag != "P" && tag != "F")) return std::nullopt;
  return LogEntry{*stream, tag == "P" ? LogEntry::Extent::partial : LogEntry::Extent::full, std::string(line)};
}

/// `{"log":"text\n","stream":"stderr","time":"…"}`; without the line feed it is partial.
std::optional<LogEntry> docker_entry(std::string_view line) {
  const auto value = decode::as_kubernetes_reads_it(text::Source("", std::string(line)));
  if (!value) return std::nullopt;
  const decode::Value* log = value->find("log");
  const decode::Value* name = value->find("stream");
  if (log == nullptr || log->string() == nullptr || name == nullptr || name->string() == nullptr) return std::nullopt;
  const auto stream = stream_of(*name->string());
  if (!stream) return std::nullopt;
  LogEntry entry{*stream, LogEntry::Extent::partial, *log->string()};
  if (entry.text.ends_with('\n')) {
    entry.extent = LogEntry::Extent::full;
    entry.text.pop_back();
  }
  return entry;
}

}  // namespace

std::vector<std::string> written_lines(std::string_view log, Beginning beginning) {
  struct Open {
    std::string text;
    bool is_known_from_its_start;
  };
  const bool is_whole = beginning == Beginning::whole;
  std::array<Open, 2> open{Open{{}, is_whole}, Open{{}, is_whole}};
  std::vector<std::string> written;
  std::vector<std::string_view> lines = lines_of(log);
  if (!is_whole && !lines.empty()) lines.erase(lines.begin());
  for (const std::string_view line : lines) {
    const std::optional<LogEntry> entry = line.front() == '{' ? docker_entry(line) : cri_entry(line);
    if (!entry) continue;
    Open& mine = open[static_cast<std::size_t>(entry->stream)];
    mine.text += entry->text;
    if (entry->extent == LogEntry::Extent::partial) continue;
    if (mine.is_known_from_its_start) written.push_back(std::move(mine.text));
    mine = {{}, true};
  }
  for (Open& last : open) {
    if (last.is_known_from_its_start && !last.text.empty()) written.push_back(std::move(last.text));
  }
  return written;
}

}  // namespace kaudit::node
