#include "kaudit/node/logrotate_drop_in.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "host/scratch.hpp"
#include "kaudit/host/run_program.hpp"

using kaudit::node::changed_drop_in;
using kaudit::node::is_edited_drop_in;
using kaudit::node::is_own_drop_in;
using kaudit::node::is_rotatable_path;
using kaudit::node::LogrotateDropIn;
using kaudit::node::read_drop_in;
using kaudit::node::to_text;
using kaudit::test::Scratch;

namespace {

constexpr std::uint64_t k_megabyte = 1U << 20U;

LogrotateDropIn sample() { return {"/var/log/prod-secrets.log", 100 * k_megabyte, 10, 30, false}; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a drop-in is read as it was written", "[drop-in]") {
  LogrotateDropIn drop_in = sample();
  SECTION("the usual one") {}
  SECTION("compressed, unlimited") {
    drop_in.compresses = true;
    drop_in.backups = 0;
    drop_in.age_days = 0;
  }
  SECTION("a path with blanks, a size that is no whole number of megabytes") {
    drop_in.log_path = "/var/log/my logs/audit #1.log";
    drop_in.size_bytes = 1000;
  }
  const std::string text = to_text(drop_in);
  CHECK(is_own_drop_in(text));
  CHECK_FALSE(is_edited_drop_in(text));
  const auto read = read_drop_in(text);
  REQUIRE(read);
  CHECK(*read == drop_in);
  CHECK(changed_drop_in(text, drop_in) == text);
}

TEST_CASE("a drop-in says what kube-apiserver's max options mean", "[drop-in]") {
  const std::string text = to_text(sample());
  CHECK(text.starts_with("# Written by kaudit:"));
  CHECK(has(text, "\n\"/var/log/prod-secrets.log\" {\n    size 100M\n    rotate 10\n    maxage 30\n"));
  LogrotateDropIn unlimited = sample();
  unlimited.backups = 0;
  unlimited.age_days = 0;
  CHECK(has(to_text(unlimited), "    rotate -1\n    maxage 0\n"));
}

TEST_CASE("paths that logrotate would take for others, or not at all", "[drop-in]") {
  CHECK(is_rotatable_path("/var/log/prod-secrets.log"));
  CHECK(is_rotatable_path("/var/log/with blank, comma and #.log"));
  for (const char* path :
       {"/var/log/a*.log", "/var/log/a?.log", "/var/log/[a].log", "/var/log/a\\b.log", "/var/log/a\"b.log",
        "/var/log/a'b.log", "/var/log/a{b.log", "/var/log/a}b.log", "/var/log/a\nb.log", "relative.log", ""}) {
    INFO(path);
    CHECK_FALSE(is_rotatable_path(path));
  }
}

TEST_CASE("what is no drop-in of ours is not read", "[drop-in]") {
  const std::string text = to_text(sample());
  for (const std::string& other :
       {std::string(), text.substr(text.find('\n') + 1), std::string("# mine\n") + text,
        replaced(text, "    copytruncate\n", ""), replaced(text, "size 100M", "weekly"),
        replaced(text, "size 100M", "size 100M\n    daily"), replaced(text, "size 100M", "size 0"),
        replaced(text, "rotate 10", "rotate all"), text + "/var/log/other.log {\n}\n",
        replaced(text, "prod-secrets.log\"", "prod-secrets.log\" /var/log/other.log")}) {
    INFO(other);
    CHECK_FALSE(read_drop_in(other));
    CHECK(is_edited_drop_in(other));
  }
}

TEST_CASE("a size is read in all of logrotate's units", "[drop-in]") {
  const auto [written, bytes] =
      GENERATE(table<const char*, std::uint64_t>({{"size 500k", 512000},
                                                  {"size 500K", 512000},
                                                  {"size 7", 7},
                                                  {"size=2G", std::uint64_t{2} << 30U},
                                                  {"daily\n    size 3M", std::uint64_t{3} << 20U}}));
  const auto read = read_drop_in(replaced(to_text(sample()), "size 100M", written));
  REQUIRE(read);
  CHECK(read->size_bytes == bytes);
}

TEST_CASE("in an edited drop-in only the lines change that say otherwise", "[drop-in]") {
  const std::string edited = replaced(replaced(to_text(sample()), "    rotate 10\n", "    rotate = 5   \n"),
                                      "    postrotate\n", "    postrotate\n    /usr/local/bin/ship \"$1\"\n");
  CHECK(is_own_drop_in(edited));
  CHECK(is_edited_drop_in(edited));
  const auto now = read_drop_in(edited);
  REQUIRE(now);
  CHECK(now->backups == 5);
  LogrotateDropIn wanted = *now;
  CHECK(changed_drop_in(edited, wanted) == edited);
  wanted.size_bytes = 50 * k_megabyte;
  wanted.age_days = 0;
  wanted.compresses = true;
  wanted.log_path = "/var/log/moved.log";
  const std::string changed = changed_drop_in(edited, wanted);
  std::string expected = replaced(edited, "size 100M", "size 50M");
  expected = replaced(replaced(expected, "maxage 30", "maxage 0"), "nocompress", "compress");
  CHECK(changed == replaced(expected, "/var/log/prod-secrets.log", "/var/log/moved.log"));
  CHECK(read_drop_in(changed) == wanted);
}

TEST_CASE("lines that somebody took out come back when they are needed", "[drop-in]") {
  const std::string edited = replaced(replaced(to_text(sample()), "    maxage 30\n", ""), "    nocompress\n", "");
  auto wanted = read_drop_in(edited);
  REQUIRE(wanted);
  CHECK(wanted->age_days == 0);
  CHECK(changed_drop_in(edited, *wanted) == edited);
  wanted->age_days = 7;
  wanted->compresses = true;
  CHECK(read_drop_in(changed_drop_in(edited, *wanted)) == wanted);
}

namespace {

/// Every global default that could spoil a line of the drop-in.
constexpr const char* k_hostile =
    "hourly\nrotate 1\nmaxage 1\nminage 5\nminsize 1G\nmaxsize 1k\nstart 7\ncompress\ndelaycompress\n"
    "compresscmd /bin/false\ncompressext .zz\ncompressoptions -x\nextension .log\ndateext\ndateformat .%Y\n"
    "olddir {}/var/old\ncopy\nrenamecopy\nifempty\nnomissingok\ncreate 0666 nobody nogroup\nmail root@localhost\n"
    "sharedscripts\nallowhardlink\nsu nobody nogroup\nfirstaction\nexit 1\nendscript\nprerotate\nexit 1\nendscript\n"
    "postrotate\nexit 1\nendscript\nlastaction\nexit 1\nendscript\npreremove\nexit 1\nendscript\n";

constexpr const char* k_hostile_too = "weekly\naddextension .old\ntabooext + .zz\nmaxsize 10\nrotate 0\n";

/// A node's log below hostile defaults, rotated by the real logrotate.
struct Rotated {
  explicit Rotated(const std::string& hostile, LogrotateDropIn drop_in) {
    scratch.make_directory("/var/old");
    scratch.make_directory("/var/log");
    drop_in.log_path = log();
    std::string defaults = hostile;
    if (const auto at = defaults.find("{}"); at != std::string::npos) defaults.replace(at, 2, scratch.path());
    scratch.write("/etc/logrotate.conf", defaults + "include " + scratch.at("/etc/logrotate.d") + "\n", 0644);
    scratch.write("/etc/logrotate.d/kaudit", to_text(drop_in), 0644);
    // As /var/log of Ubuntu: logrotate refuses it without `su`.
    REQUIRE(::chmod(scratch.at("/var/log").c_str(), 0775) == 0);
    REQUIRE(::chown(scratch.at("/var/log").c_str(), 0, 4) == 0);
  }
  [[nodiscard]] std::string log() const { return scratch.at("/var/log/audit.log"); }

  /// Writes so many bytes, as a server of its own user does, and has it rotated. Returns the output: errors alone.
  [[nodiscard]] std::string rotate(std::size_t bytes) const {
    { std::ofstream(log(), std::ios::app) << std::string(bytes, 'x'); }
    REQUIRE(::chown(log().c_str(), 65532, 65533) == 0);
    REQUIRE(::chmod(log().c_str(), 0600) == 0);
    return run();
  }
  [[nodiscard]] std::string run() const {
    const auto ran = kaudit::host::run_program(
        {"/bin/sh", "-c", "exec logrotate --state \"$0/state\" \"$0/etc/logrotate.conf\" 2>&1", scratch.path()},
        1U << 20U, 20000);
    REQUIRE(ran.started);
    return ran.output;
  }
  /// The log's and the rotated files' names and sizes.
  [[nodiscard]] std::vector<std::pair<std::string, std::uintmax_t>> files() const {
    std::vector<std::pair<std::string, std::uintmax_t>> found;
    for (const auto& entry : std::filesystem::directory_iterator(scratch.at("/var/log"))) {
      found.emplace_back(entry.path().filename().string(), entry.file_size());
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  Scratch scratch;
};

bool can_run_logrotate() {
  const auto ran = kaudit::host::run_program({"logrotate", "--version"}, 1U << 10U, 5000);
  if (!ran.started || ran.exit_code != 0) {
    WARN("skipped: logrotate is not installed here");
    return false;
  }
  if (kaudit::test::is_privileged()) return true;
  WARN("skipped: logrotate changes to other users, which only root may");
  return false;
}

using Files = std::vector<std::pair<std::string, std::uintmax_t>>;

}  // namespace

TEST_CASE("the real logrotate does what the drop-in says, whatever its defaults", "[drop-in]") {
  if (!can_run_logrotate()) return;
  const std::string defaults = GENERATE(values<std::string>({k_hostile, k_hostile_too, ""}));
  const Rotated node(defaults, {"", 2000, 2, 0, false});
  CHECK(node.rotate(1999) == "");
  CHECK(node.files() == Files{{"audit.log", 1999}});
  const auto inode = node.scratch.status("/var/log/audit.log").st_ino;
  CHECK(node.rotate(1) == "");
  CHECK(node.files() == Files{{"audit.log", 0}, {"audit.log.1", 2000}});
  CHECK(node.rotate(2001) == "");
  CHECK(node.rotate(2002) == "");
  CHECK(node.files() == Files{{"audit.log", 0}, {"audit.log.1", 2002}, {"audit.log.2", 2001}});
  // The server writes on to the file that it has open; what was copied is as much its own.
  CHECK(node.scratch.status("/var/log/audit.log").st_ino == inode);
  const auto copy = node.scratch.status("/var/log/audit.log.1");
  CHECK(copy.st_uid == 65532);
  CHECK(copy.st_gid == 65533);
  CHECK((copy.st_mode & 07777U) == 0600);
  // An empty log is left alone, and so is one that is not there.
  CHECK(node.run() == "");
  REQUIRE(::unlink(node.log().c_str()) == 0);
  CHECK(node.run() == "");
}

TEST_CASE("the real logrotate: all files are kept, compressed, and go for their age", "[drop-in]") {
  if (!can_run_logrotate()) return;
  const std::string defaults = GENERATE(values<std::string>({k_hostile, k_hostile_too, ""}));
  const Rotated node(defaults, {"", 100, 0, 30, true});
  for (int i = 0; i < 5; ++i) CHECK(node.rotate(100) == "");
  const auto names = [&] {
    std::vector<std::string> all;
    for (const auto& [name, size] : node.files()) all.push_back(name);
    return all;
  };
  using Names = std::vector<std::string>;
  CHECK(names() ==
        Names{"audit.log", "audit.log.1.gz", "audit.log.2.gz", "audit.log.3.gz", "audit.log.4.gz", "audit.log.5.gz"});
  std::filesystem::last_write_time(node.scratch.at("/var/log/audit.log.5.gz"),
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 31));
  CHECK(node.rotate(100) == "");
  CHECK(names() ==
        Names{"audit.log", "audit.log.1.gz", "audit.log.2.gz", "audit.log.3.gz", "audit.log.4.gz", "audit.log.5.gz"});
}
