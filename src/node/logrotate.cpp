#include "kaudit/node/logrotate.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>

#include <fnmatch.h>

#include <sys/stat.h>

#include "kaudit/host/directory.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/file_end.hpp"
#include "logrotate_schedule.hpp"
#include "logrotate_syntax.hpp"

namespace kaudit::node {
namespace {

/// logrotate's own limit for a file is 16 MiB, for includes in one another 16.
constexpr std::size_t k_largest_file = std::size_t{1} << 24U;
constexpr int k_deepest_include = 16;
constexpr int k_most_files = 4096;

std::string normal(const std::string& path) { return std::filesystem::path(path).lexically_normal().string(); }

std::string join(const std::string& directory, const std::string& name) {
  return directory + (directory.ends_with('/') ? "" : "/") + name;
}

/// The statements of a configuration in the order in which logrotate reads them, its includes followed.
class Reading {
 public:
  using Each = std::function<void(const std::string& file, const LogrotateStatement&)>;
  /// Told of every directory whose files are read, with whether a file of a certain name is among them.
  using Directory = std::function<void(const std::string& directory, const std::function<bool(const std::string&)>&)>;

  Reading(const host::Root& root, Each each, Directory directory)
      : m_root(root), m_each(std::move(each)), m_directory(std::move(directory)) {
    for (const char* ending :
         {",v", ".cfsaved", ".disabled", ".dpkg-bak", ".dpkg-del", ".dpkg-dist", ".dpkg-new", ".dpkg-old",
          ".rhn-cfg-tmp-*", ".rpmnew", ".rpmorig", ".rpmsave", ".swp", ".ucf-dist", ".ucf-new", ".ucf-old", "~"}) {
      m_taboo.push_back(std::string("*") + ending);
    }
  }

  void include(const std::string& path, int depth = 0, Truncation by_default = Truncation::off) {
    if (depth > k_deepest_include || !path.starts_with('/')) return;
    const auto names = names_in(path);
    if (!names) return read_file(path, depth, by_default);
    m_directory(path, [this](const std::string& name) { return !is_taboo(name); });
    for (const std::string& name : *names) {
      if (!is_taboo(name)) read_file(join(path, name), depth, by_default);
    }
  }

 private:
  /// Nothing: `path` is no directory.
  std::optional<std::vector<std::string>> names_in(const std::string& path) {
    const auto place = host::locate_through_links(m_root, path);
    if (!place) return std::nullopt;
    auto names = host::list_directory(*place, host::Hidden::included);
    const auto owner = host::read_owner(*place);
    if (!names || !owner || !*owner) return std::nullopt;
    return std::move(names).value();
  }

  /// logrotate passes over a file that is not root's, or that others may write.
  std::optional<std::string> bytes_of(const std::string& path) {
    constexpr std::uint32_t k_others_write = 022;
    const auto place = host::locate_through_links(m_root, path);
    if (!place) return std::nullopt;
    auto image = host::read_file(*place, k_largest_file);
    if (!image || !*image) return std::nullopt;
    const host::Metadata& metadata = (*image)->metadata;
    if (!m_root.is_trusted_owner(metadata.uid) || (metadata.mode & k_others_write) != 0) return std::nullopt;
    return std::move((*image)->bytes);
  }

  void read_file(const std::string& path, int depth, Truncation by_default) {
    if (++m_files > k_most_files) return;
    const auto bytes = bytes_of(path);
    if (!bytes) return;
    for (const LogrotateStatement& statement : read_logrotate_config(*bytes, by_default)) {
      using Kind = LogrotateStatement::Kind;
      if (statement.kind == Kind::tabooext) add_taboo(statement, "*");
      if (statement.kind == Kind::taboopat) add_taboo(statement, "");
      if (statement.kind == Kind::include && !statement.words.empty()) {
        const Truncation now = statement.truncates ? Truncation::on : Truncation::off;
        include(statement.words.front().text, depth + 1, now);
      }
      m_each(path, statement);
    }
  }

  void add_taboo(const LogrotateStatement& statement, const std::string& prefix) {
    const auto& words = statement.words;
    if (words.empty() || words.front().text != "+") m_taboo.clear();
    for (const auto& word : words) {
      if (word.text != "+") m_taboo.push_back(prefix + word.text);
    }
  }

  [[nodiscard]] bool is_taboo(const std::string& name) const {
    return std::any_of(m_taboo.begin(), m_taboo.end(), [&](const std::string& pattern) {
      return ::fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0;
    });
  }

  const host::Root& m_root;
  Each m_each;
  Directory m_directory;
  std::vector<std::string> m_taboo;
  int m_files = 0;
};

bool is_same_directory(const host::Root& root, const std::string& left, const std::string& right) {
  const auto one = root.locate(join(left, "x"));
  const auto other = root.locate(join(right, "x"));
  struct stat a {};
  struct stat b {};
  return one && other && ::fstat(one->directory.get(), &a) == 0 && ::fstat(other->directory.get(), &b) == 0 &&
         a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// As glob(3) would match: a wildcard matches neither a slash nor a leading dot.
bool matches(const std::string& pattern, const std::string& path) {
  return ::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
}

bool takes(const host::Root& root, std::string pattern, const std::filesystem::path& log) {
  if (pattern.starts_with("~/")) pattern = "/root" + pattern.substr(1);
  if (!pattern.starts_with('/')) return false;
  if (matches(pattern, log.string())) return true;
  const std::filesystem::path path = normal(pattern);
  if (matches(path.string(), log.string())) return true;
  if (path.parent_path().string().find_first_of("*?[\\") != std::string::npos) return false;
  return path.parent_path() != log.parent_path() && matches(path.filename().string(), log.filename().string()) &&
         is_same_directory(root, path.parent_path().string(), log.parent_path().string());
}

std::string find_program(const host::Root& root) {
  for (const char* path : {"/usr/sbin/logrotate", "/usr/bin/logrotate", "/sbin/logrotate", "/bin/logrotate",
                           "/usr/local/sbin/logrotate", "/usr/local/bin/logrotate"}) {
    const auto place = host::locate_through_links(root, path);
    if (!place) continue;
    const auto file = host::read_end(*place, 0, 0);
    const auto owner = host::read_owner(*place);
    if (file && *file && owner && *owner && ((*owner)->mode & 0111U) != 0) return path;
  }
  return {};
}

bool would_read_drop_in(const host::Root& root) {
  const std::filesystem::path drop_in = k_logrotate_drop_in;
  bool reads = false;
  const auto look = [&](const std::string& directory, const std::function<bool(const std::string&)>& is_read) {
    if (is_same_directory(root, normal(directory), drop_in.parent_path().string())) {
      reads = reads || is_read(drop_in.filename().string());
    }
  };
  Reading reading(
      root, [](const std::string&, const LogrotateStatement&) {}, look);
  reading.include(k_logrotate_config);
  return reads;
}

}  // namespace

std::vector<LogrotateRule> logrotate_rules_for(const host::Root& root, const std::string& log_path) {
  std::vector<LogrotateRule> rules;
  const std::filesystem::path log = log_path;
  const auto look = [&](const std::string& file, const LogrotateStatement& statement) {
    if (statement.kind != LogrotateStatement::Kind::patterns) return;
    for (const LogrotateStatement::Word& word : statement.words) {
      if (takes(root, word.text, log)) rules.push_back({file, word.line, word.text, statement.truncates});
    }
  };
  Reading reading(root, look, [](const std::string&, const std::function<bool(const std::string&)>&) {});
  reading.include(k_logrotate_config);
  return rules;
}

Logrotate find_logrotate(const host::Root& root) {
  Logrotate logrotate;
  logrotate.program = find_program(root);
  if (logrotate.program.empty()) return logrotate;
  logrotate.reads_drop_ins = would_read_drop_in(root);
  logrotate.schedule = find_logrotate_schedule(root);
  return logrotate;
}

}  // namespace kaudit::node
