#include "kaudit/node/logrotate_drop_in.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "kaudit/base/ascii.hpp"
#include "kaudit/base/units.hpp"
#include "logrotate_syntax.hpp"
#include "text_lines.hpp"

namespace kaudit::node {
namespace {

constexpr std::uint64_t k_kilobyte = std::uint64_t{1} << 10U;
constexpr std::uint64_t k_gigabyte = std::uint64_t{1} << 30U;

constexpr std::string_view k_signature = "# Written by kaudit:";

/// logrotate's M is 2^20, as kube-apiserver's MB is.
std::string size_text(std::uint64_t bytes) {
  return bytes % k_megabyte == 0 ? fmt::format("{}M", bytes / k_megabyte) : std::to_string(bytes);
}

/// To kube-apiserver 0 means "all"; to logrotate it means "none", and -1 "all".
std::string rotate_text(std::int64_t backups) { return backups == 0 ? "-1" : std::to_string(backups); }

/// `extension` moves the number in front of an ending that the log has; one that it does not have switches off a global
/// `extension` or `addextension`.
std::string_view foreign_extension(std::string_view path) { return path.ends_with(".kaudit") ? ".none" : ".kaudit"; }

constexpr std::string_view k_compression = R"(    compress
    compresscmd gzip
    compressext .gz
    compressoptions -6
    nodelaycompress
)";

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && !text.empty() ? std::optional(number) : std::nullopt;
}

/// "100M", "500k" or "500K", "1G", "1048576".
std::optional<std::uint64_t> size_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t unit = 1;
  if (text.back() == 'k' || text.back() == 'K') unit = k_kilobyte;
  if (text.back() == 'M') unit = k_megabyte;
  if (text.back() == 'G') unit = k_gigabyte;
  if (unit != 1) text.remove_suffix(1);
  const auto number = number_of<std::uint64_t>(text);
  return number && *number <= UINT64_MAX / unit ? std::optional(*number * unit) : std::nullopt;
}

/// A line of the block as logrotate reads it: a directive, and its value with or without an equals sign.
struct Directive {
  std::string_view name;
  std::string_view value;
};

Directive directive_in(std::string_view line) {
  const std::string_view text = trimmed(line);
  const std::size_t end = std::min(text.find_first_of(" \t="), text.size());
  std::string_view value = trimmed(text.substr(end));
  if (value.starts_with('=')) value = trimmed(value.substr(1));
  return {text.substr(0, end), value};
}

/// All lines, empty ones too, without their line feeds.
std::vector<std::string_view> all_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The one pattern of the one block; empty if there are others.
std::string only_pattern(std::string_view bytes) {
  const std::vector<LogrotateStatement> statements = read_logrotate_config(bytes);
  if (statements.size() != 1 || statements.front().kind != LogrotateStatement::Kind::patterns) return {};
  return statements.front().words.size() == 1 ? statements.front().words.front().text : std::string();
}

/// The value of a line as `wanted` has it; nothing: the line is none of those that this program changes.
std::optional<std::string> wanted_line(const Directive& line, const LogrotateDropIn& wanted) {
  if (line.name == "size") return "size " + size_text(wanted.size_bytes);
  if (line.name == "rotate") return "rotate " + rotate_text(wanted.backups);
  if (line.name == "maxage") return fmt::format("maxage {}", wanted.age_days);
  if (line.name == "compress" || line.name == "nocompress") return wanted.compresses ? "compress" : "nocompress";
  return std::nullopt;
}

/// Directives that say when to rotate, as `size` does: of these the last one counts.
bool is_interval(std::string_view directive) {
  constexpr std::array<std::string_view, 5> k_intervals = {"hourly", "daily", "weekly", "monthly", "yearly"};
  return std::find(k_intervals.begin(), k_intervals.end(), directive) != k_intervals.end();
}

bool says_the_same(const LogrotateDropIn& left, const LogrotateDropIn& right, std::string_view directive) {
  if (directive == "size") return left.size_bytes == right.size_bytes;
  if (directive == "rotate") return left.backups == right.backups;
  if (directive == "maxage") return left.age_days == right.age_days;
  return left.compresses == right.compresses;
}

std::string quoted_line(const std::string& path) { return "\"" + path + "\" {"; }

/// An edited drop-in with those lines changed that say otherwise, and with those that are missing.
std::string edited(std::string_view bytes, const LogrotateDropIn& now, const LogrotateDropIn& wanted) {
  std::string text;
  bool has_age = false;
  bool has_compression = false;
  for (const std::string_view line : all_lines(bytes)) {
    const Directive directive = directive_in(line);
    const auto new_line = wanted_line(directive, wanted);
    has_age = has_age || directive.name == "maxage";
    has_compression = has_compression || directive.name == "compress" || directive.name == "nocompress";
    if (directive.name == "}") {
      if (!has_age && wanted.age_days != now.age_days) text += fmt::format("    maxage {}\n", wanted.age_days);
      if (!has_compression && wanted.compresses) text += "    compress\n";
      text += line;
    } else if (trimmed(line).ends_with('{') && now.log_path != wanted.log_path) {
      text += quoted_line(wanted.log_path);
    } else if (new_line && !says_the_same(now, wanted, directive.name)) {
      text += std::string(line.substr(0, line.find(directive.name))) + *new_line;
    } else {
      text += line;
    }
    text += '\n';
  }
  return text;
}

}  // namespace

bool is_rotatable_path(std::string_view path) {
  return path.starts_with('/') && path.find_first_of("*?[]{}\\\"'") == std::string_view::npos &&
         std::none_of(path.begin(), path.end(), is_control);
}

std::string to_text(const LogrotateDropIn& drop_in) {
  return fmt::format(R"({} kube-apiserver's audit log is mounted as a single file, which the server cannot rename.
# kaudit enable keeps this in step with its max options, kaudit disable removes it. What is edited here stays.
{}
    size {}
    rotate {}
    maxage {}
    # The server goes on writing to the file that it has open.
    copytruncate
    missingok
    notifempty
{}    # Whatever /etc/logrotate.conf sets for all logs is set back.
    su root root
    start 1
    extension {}
    minage 0
    minsize 0
    maxsize 0
    nocopy
    norenamecopy
    noolddir
    nodateext
    nomail
    nosharedscripts
    firstaction
    endscript
    prerotate
    endscript
    postrotate
    endscript
    lastaction
    endscript
    preremove
    endscript
}}
)",
                     k_signature, quoted_line(drop_in.log_path), size_text(drop_in.size_bytes),
                     rotate_text(drop_in.backups), drop_in.age_days,
                     drop_in.compresses ? k_compression : std::string_view("    nocompress\n"),
                     foreign_extension(drop_in.log_path));
}

bool is_own_drop_in(std::string_view bytes) { return bytes.starts_with(k_signature); }

std::optional<LogrotateDropIn> read_drop_in(std::string_view bytes) {
  LogrotateDropIn drop_in;
  drop_in.log_path = only_pattern(bytes);
  if (!is_own_drop_in(bytes) || !is_rotatable_path(drop_in.log_path)) return std::nullopt;
  bool truncates = false;
  std::optional<std::uint64_t> size;
  std::optional<std::int64_t> backups;
  for (const std::string_view line : all_lines(bytes)) {
    if (line.ends_with('\r')) return std::nullopt;  // logrotate: "lines must begin with a keyword"
    const Directive directive = directive_in(line);
    if (directive.name == "copytruncate") truncates = true;
    if (directive.name == "nocopytruncate" || directive.name == "renamecopy") truncates = false;
    if (directive.name == "size") size = size_of(directive.value);
    if (is_interval(directive.name)) size.reset();
    if (directive.name == "rotate") backups = number_of<std::int64_t>(directive.value);
    if (directive.name == "maxage") drop_in.age_days = number_of<std::int64_t>(directive.value).value_or(0);
    if (directive.name == "compress") drop_in.compresses = true;
    if (directive.name == "nocompress") drop_in.compresses = false;
  }
  if (!truncates || !size || *size == 0 || !backups || *backups < -1 || *backups == 0) return std::nullopt;
  drop_in.size_bytes = *size;
  drop_in.backups = *backups == -1 ? 0 : *backups;
  return drop_in;
}

bool is_edited_drop_in(std::string_view bytes) {
  const auto drop_in = read_drop_in(bytes);
  return !drop_in || to_text(*drop_in) != bytes;
}

std::string changed_drop_in(std::string_view bytes, const LogrotateDropIn& wanted) {
  const auto now = read_drop_in(bytes);
  if (!now || !is_edited_drop_in(bytes)) return to_text(wanted);
  return *now == wanted ? std::string(bytes) : edited(bytes, *now, wanted);
}

}  // namespace kaudit::node
