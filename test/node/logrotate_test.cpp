#include "kaudit/node/logrotate.hpp"

#include <algorithm>
#include <set>

#include "host/scratch.hpp"
#include "kaudit/host/run_program.hpp"

using kaudit::node::find_logrotate;
using kaudit::node::logrotate_rules_for;
using kaudit::node::LogrotateRule;
using kaudit::test::Scratch;

namespace {

constexpr const char* k_log = "/var/log/prod-secrets.log";

/// A node whose logrotate reads /etc/logrotate.d.
struct LogrotateNode {
  LogrotateNode() {
    configure("weekly\ninclude /etc/logrotate.d\n");
    scratch.make_directory("/etc/logrotate.d");
    scratch.make_directory("/var/log");
  }
  void configure(const std::string& text) const { scratch.write("/etc/logrotate.conf", text, 0644); }
  void add(const std::string& name, const std::string& text, unsigned mode = 0644) const {
    scratch.write("/etc/logrotate.d/" + name, text, mode);
  }
  [[nodiscard]] std::vector<LogrotateRule> rules(const std::string& log = k_log) const {
    return logrotate_rules_for(scratch.root(), log);
  }
  /// The files of the rules, and where in them.
  [[nodiscard]] std::vector<std::string> found(const std::string& log = k_log) const {
    std::vector<std::string> places;
    for (const LogrotateRule& rule : rules(log)) places.push_back(rule.file + ":" + std::to_string(rule.line));
    return places;
  }
  Scratch scratch;
};

using Places = std::vector<std::string>;

}  // namespace

TEST_CASE("a rule takes a log by its name or a pattern, in whatever file it stands", "[logrotate]") {
  const LogrotateNode node;
  CHECK(node.rules().empty());
  node.add("rsyslog", "/var/log/syslog\n/var/log/mail.log\n{\n  weekly\n}\n/var/log/*.log {\n}\n");
  const auto rules = node.rules();
  REQUIRE(rules.size() == 1);
  CHECK(rules[0].file == "/etc/logrotate.d/rsyslog");
  CHECK(rules[0].line == 6);
  CHECK(rules[0].pattern == "/var/log/*.log");
  node.add("zz", "# ours\n\"/var/log/prod-secrets.log\" {\n}\n");
  CHECK(node.found() == Places{"/etc/logrotate.d/rsyslog:6", "/etc/logrotate.d/zz:2"});
  node.configure("/var/log/prod-secrets.log {\n  rotate 1\n}\n");
  CHECK(node.found() == Places{"/etc/logrotate.conf:1"});
}

TEST_CASE("a rule tells whether it truncates the log in place", "[logrotate]") {
  const LogrotateNode node;
  const auto truncates = [&](const std::string& text) {
    node.add("a", text);
    const auto rules = node.rules();
    REQUIRE(rules.size() == 1);
    return rules[0].truncates;
  };
  CHECK_FALSE(truncates("/var/log/*.log {\n  weekly\n}\n"));
  CHECK(truncates("/var/log/*.log {\n  copytruncate\n}\n"));
  CHECK_FALSE(truncates("/var/log/*.log {\n  copytruncate\n  nocopytruncate\n}\n"));
  CHECK_FALSE(truncates("/var/other {\n  copytruncate\n}\n/var/log/*.log {\n}\n"));
  CHECK(truncates("copytruncate\n/var/other {\n  nocopytruncate\n}\n/var/log/*.log {\n}\n"));
  node.configure("copytruncate\ninclude /etc/logrotate.d\n");
  CHECK(truncates("/var/log/*.log {\n}\n"));
  CHECK_FALSE(truncates("/var/log/*.log {\n  nocopytruncate\n}\n"));
  node.configure("include /etc/logrotate.d\ncopytruncate\n");
  CHECK_FALSE(truncates("/var/log/*.log {\n}\n"));
}

TEST_CASE("a wildcard matches neither a slash nor a leading dot", "[logrotate]") {
  const LogrotateNode node;
  node.add("a", "/var/*.log /var/log/*/*.log /var/log/?.log {\n}\n/var/log/kube/[a-c]*.log {\n}\n");
  CHECK(node.found().empty());
  CHECK(node.found("/var/log/kube/audit.log") == Places{"/etc/logrotate.d/a:1", "/etc/logrotate.d/a:3"});
  CHECK(node.found("/var/log/.log").empty());
  CHECK(node.found("/var/log/x.log") == Places{"/etc/logrotate.d/a:1"});
}

TEST_CASE("scripts, comments and directives are no patterns", "[logrotate]") {
  const LogrotateNode node;
  node.add("a",
           "# /var/log/prod-secrets.log {\n"
           "/var/log/other {\n"
           "  postrotate\n"
           "    /var/log/prod-secrets.log {\n"
           "    }\n"
           "  endscript\n"
           "  olddir /var/log/prod-secrets.log\n"
           "  # /var/log/prod-secrets.log {\n"
           "}\n"
           "compresscmd /var/log/prod-secrets.log\n"
           "/var/log/without-a-block\n"
           "/var/log/prod-secrets.log\n");
  CHECK(node.found().empty());
}

TEST_CASE("a name that logrotate passes over holds no rules", "[logrotate]") {
  const LogrotateNode node;
  const std::string rule = "/var/log/prod-secrets.log {\n}\n";
  for (const char* name : {"a.rpmsave", "a.dpkg-old", "a~", "a,v", "a.swp", "a.disabled"}) node.add(name, rule);
  node.add("group-may-write", rule, 0664);
  node.scratch.fifo("/etc/logrotate.d/fifo");
  node.scratch.make_directory("/etc/logrotate.d/folder");
  node.scratch.link("fifo", "/etc/logrotate.d/link-to-fifo");
  node.scratch.link("missing", "/etc/logrotate.d/dangling");
  CHECK(node.found().empty());
  node.add("a.mine", rule);
  CHECK(node.found() == Places{"/etc/logrotate.d/a.mine:1"});
  node.configure("tabooext + .other .mine\ninclude /etc/logrotate.d\n");
  CHECK(node.found().empty());
  node.configure("taboopat + a.*\ninclude /etc/logrotate.d\n");
  CHECK(node.found().empty());
  // Without a plus sign the list is replaced: what was passed over is read.
  node.configure("tabooext .mine\ninclude = /etc/logrotate.d\n");
  CHECK(node.found().size() == 6);
}

TEST_CASE("includes that lead to one another end", "[logrotate]") {
  const LogrotateNode node;
  node.configure("include /etc/logrotate.d\ninclude /etc/logrotate.conf\n/var/log/prod-secrets.log {\n}\n");
  node.add("again", "include /etc/logrotate.conf\n");
  CHECK_FALSE(node.rules().empty());
}

TEST_CASE("the log's directory by another name is the same directory", "[logrotate]") {
  const LogrotateNode node;
  node.scratch.link("/var/log", "/var/logs");
  node.add("a", "/var/logs/prod-*.log {\n}\n/var//log/./prod-secrets.log {\n}\n");
  CHECK(node.found() == Places{"/etc/logrotate.d/a:1", "/etc/logrotate.d/a:3"});
}

TEST_CASE("a node has logrotate when there is a program and a configuration that reads our file", "[logrotate]") {
  const LogrotateNode node;
  CHECK(find_logrotate(node.scratch.root()).program.empty());
  node.scratch.write("/usr/sbin/logrotate", "x", 0644);
  CHECK(find_logrotate(node.scratch.root()).program.empty());
  node.scratch.write("/usr/sbin/logrotate", "x", 0755);
  const auto found = find_logrotate(node.scratch.root());
  CHECK(found.program == "/usr/sbin/logrotate");
  CHECK(found.takes_drop_ins());
  node.configure("include /etc/logrotate.other\n");
  CHECK_FALSE(find_logrotate(node.scratch.root()).takes_drop_ins());
  node.configure("taboopat + k*\ninclude /etc/logrotate.d\n");
  CHECK_FALSE(find_logrotate(node.scratch.root()).takes_drop_ins());
  node.configure("include /etc/logrotate.d/\n");
  CHECK(find_logrotate(node.scratch.root()).takes_drop_ins());
}

namespace {

/// `{}` stands for the root in a configuration that two programs read, one from outside of it.
std::string with_root(std::string text, const std::string& root) {
  for (std::size_t at = text.find("{}"); at != std::string::npos; at = text.find("{}", at + root.size())) {
    text.replace(at, 2, root);
  }
  return text;
}

/// The logs below `root` that the real logrotate says it considers.
std::set<std::string> considered(const std::string& root, const std::string& config) {
  const auto ran = kaudit::host::run_program(
      {"/bin/sh", "-c", "exec logrotate --debug --state \"$0/state\" \"$1\" 2>&1", root, config}, 1U << 20U, 20000);
  REQUIRE(ran.started);
  REQUIRE_FALSE(ran.timed_out);
  std::set<std::string> logs;
  const std::string mark = "considering log " + root;
  for (std::size_t at = ran.output.find(mark); at != std::string::npos; at = ran.output.find(mark, at + 1)) {
    const std::size_t begin = at + mark.size();
    logs.insert(ran.output.substr(begin, ran.output.find('\n', begin) - begin));
  }
  return logs;
}

bool has_logrotate() {
  const auto ran = kaudit::host::run_program({"logrotate", "--version"}, 1U << 10U, 5000);
  if (ran.started && ran.exit_code == 0) return true;
  WARN("skipped: logrotate is not installed here");
  return false;
}

constexpr const char* k_names[] = {"a.log", "b.log", "c.log", "d.log", "e.log", "with blank.log", ".hidden", "a.log.1"};

}  // namespace

TEST_CASE("the real logrotate takes the same logs", "[logrotate]") {
  if (!has_logrotate()) return;
  const std::string config = GENERATE(values<std::string>({
      "{}/var/log/a.log { missingok }\n{}/var/log/b.log\n# {} between\n  \"{}/var/log/c.log\" '{}/var/log/d.log' "
      "{\n}\n",
      "{}/var/log/a.log { missingok daily\n postrotate\n {}/var/log/b.log {\n }\n endscript }\n{}/var/log/c.log {\n}\n",
      "daily missingok {}/var/log/*.log {\n}\n",
      "{}/var/log/* {\n}\n",
      "{}/var/log/[!a].log {\n  rotate 2\n  # }\n  size 10M\n} {}/var/log/a.log {\n}\n",
      "\"{}/var/\"log/a.log {}/var/l'o'g/b.log {}/var/log/\\c.log {}/var/log/with\\ blank.log "
      "\"{}/var/log/\\d.log\"\n{ }\n",
      "{}/var/log/a.log # {}/var/log/b.log\n{\n}\n",
      "prerotate\n{}/var/log/a.log {\n}\nendscript\n{}/var/log/b.log{\n}\n",
      "include {}/etc/more\n{}/var/log/b.log {\n  include {}/etc/other\n}\n",
      "tabooext + .zz .yy,.xx\ntaboopat + w*\ninclude = {}/etc/folder\n",
      "tabooext .zz\ninclude {}/etc/folder\n",
      "{}/var/log/a.log {\n  firstaction\n    endscriptnot\n }\n  endscript\n  weekly 3\n  create 0640 root root\n}\n"
      "{}/var/log/b.log {\n}\n",
      "{}/var/log/a.log\n\n  # why\n\n{}/var/log/b.log {\n  nonsense }\n}\n{}/var/log/c.log {\n}\n",
      "{}/var//log/a.log {}/var/log/../log/b.log {\n}\n",
      "{}/var/log/a.log,{}/var/log/b.log {\n}\n{}/var/log/{\n}\n",
      "",
  }));
  const Scratch outside;
  const Scratch inside;
  for (const Scratch* scratch : {&outside, &inside}) {
    const std::string root = scratch == &outside ? outside.path() : "";
    for (const char* name : k_names) scratch->write(std::string("/var/log/") + name, "x\n", 0640);
    scratch->write("/etc/logrotate.conf", with_root(config, root), 0644);
    scratch->write("/etc/more", with_root("{}/var/log/c.log {\n}\n", root), 0600);
    scratch->write("/etc/other", with_root("{}/var/log/d.log {\n}\n", root), 0644);
    for (const char* name : {"a.zz", "b.yy", "c.xx", "wd", ".e.swp"}) {
      const std::string log = std::string("{}/var/log/") + (name[0] == '.' ? name[1] : name[0] == 'w' ? 'd' : name[0]);
      scratch->write(std::string("/etc/folder/") + name, with_root(log + ".log {\n}\n", root), 0644);
    }
  }
  INFO(config);
  std::set<std::string> real;
  for (const std::string& path : considered(outside.path(), outside.at("/etc/logrotate.conf"))) {
    real.insert(std::filesystem::path(path).lexically_normal().string());
  }
  for (const char* name : k_names) {
    const std::string path = std::string("/var/log/") + name;
    INFO(path);
    CHECK(logrotate_rules_for(inside.root(), path).empty() != (real.count(path) == 1));
  }
}
