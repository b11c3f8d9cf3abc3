#include "kaudit/host/obstacles.hpp"

#include <csignal>

#include "host/mounts.hpp"
#include "host/scratch.hpp"
#include "kaudit/host/attributes.hpp"
#include "kaudit/host/signals.hpp"

using kaudit::ExitStatus;
using kaudit::host::check_replaceable;
using kaudit::test::Mount;
using kaudit::test::Protection;
using kaudit::test::Scratch;

namespace {

std::string obstacle(const Scratch& scratch, const std::string& path) {
  const auto checked = check_replaceable(scratch.place(path));
  if (checked) return "none";
  CHECK(checked.error().status == ExitStatus::host_refused);
  return checked.error().code;
}

}  // namespace

TEST_CASE("an ordinary file, or none yet, can be replaced", "[obstacles]") {
  const Scratch scratch;
  scratch.write("/etc/f", "x");
  CHECK(obstacle(scratch, "/etc/f") == "none");
  CHECK(obstacle(scratch, "/etc/missing") == "none");
}

TEST_CASE("a bind-mounted file is refused before anything is written", "[obstacles][mount]") {
  const Scratch scratch;
  scratch.write("/source", "x");
  scratch.write("/etc/f", "x");
  const Mount mount(scratch.at("/source"), scratch.at("/etc/f"), nullptr, MS_BIND);
  if (!mount.is_made()) return kaudit::test::skipped("may not mount here");
  CHECK(obstacle(scratch, "/etc/f") == "bind-mounted");
}

TEST_CASE("a bind-mounted directory is no obstacle", "[obstacles][mount]") {
  const Scratch scratch;
  scratch.write("/source/f", "x");
  scratch.make_directory("/etc");
  const Mount mount(scratch.at("/source"), scratch.at("/etc"), nullptr, MS_BIND);
  if (!mount.is_made()) return kaudit::test::skipped("may not mount here");
  CHECK(obstacle(scratch, "/etc/f") == "none");
}

TEST_CASE("a read-only mount is told from missing permission", "[obstacles][mount]") {
  const Scratch scratch;
  scratch.write("/etc/f", "x");
  const Mount mount(scratch.at("/etc"), scratch.at("/etc"), nullptr, MS_BIND);
  if (!mount.is_made() || !mount.make_read_only()) return kaudit::test::skipped("may not mount here");
  CHECK(obstacle(scratch, "/etc/f") == "read-only");
  CHECK(obstacle(scratch, "/etc/missing") == "read-only");
}

TEST_CASE("an immutable file or directory is named with the chattr that frees it", "[obstacles][immutable]") {
  const Scratch scratch;
  scratch.write("/etc/f", "x");
  for (const auto& [path, flag] : {std::pair("/etc/f", FS_IMMUTABLE_FL), std::pair("/etc/f", FS_APPEND_FL),
                                   std::pair("/etc", FS_IMMUTABLE_FL), std::pair("/etc", FS_APPEND_FL)}) {
    const Protection protection(scratch.at(path), flag);
    if (!protection.is_set()) return kaudit::test::skipped("cannot chattr in /tmp");
    const auto checked = check_replaceable(scratch.place("/etc/f"));
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == "immutable");
    CHECK(checked.error().file == scratch.at(path));
    const std::string letter = flag == FS_IMMUTABLE_FL ? "i " : "a ";
    CHECK(checked.error().hint.find("chattr -" + letter + scratch.at(path)) != std::string::npos);
  }
}

TEST_CASE("a file or directory that others may write has a foreign owner", "[obstacles][trust]") {
  const Scratch scratch;
  scratch.write("/etc/f", "x", 0600);
  CHECK(kaudit::host::check_owner(scratch.root(), "/etc/f"));
  REQUIRE(::chmod(scratch.at("/etc").c_str(), 0777) == 0);
  const auto checked = kaudit::host::check_owner(scratch.root(), "/etc/f");
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "foreign-owner");
  CHECK(checked.error().status == ExitStatus::refused);
  CHECK(checked.error().file == scratch.at("/etc"));
}

TEST_CASE("a scratch root has no SELinux", "[selinux]") {
  const Scratch scratch;
  scratch.write("/f", "x");
  CHECK_FALSE(kaudit::host::has_selinux(scratch.root()));
  const auto label = kaudit::host::selinux_label(scratch.place("/missing"));
  REQUIRE(label);
  CHECK_FALSE(label->has_value());
}

TEST_CASE("the SELinux label of a file is read where it has one", "[selinux]") {
  const Scratch scratch;
  scratch.write("/f", "x");
  const std::string value("system_u:object_r:etc_t:s0\0", 27);
  if (::setxattr(scratch.at("/f").c_str(), "security.selinux", value.data(), value.size(), 0) != 0) {
    return kaudit::test::skipped("may not set labels here");
  }
  const auto label = kaudit::host::selinux_label(scratch.place("/f"));
  REQUIRE(label);
  REQUIRE(label->has_value());
  CHECK((*label)->name == "security.selinux");
  CHECK((*label)->value == value);
}

TEST_CASE("signals wait while they are blocked, also nested", "[signals]") {
  static volatile std::sig_atomic_t came = 0;
  const auto previous = std::signal(SIGTERM, [](int) { came = 1; });
  {
    const kaudit::host::BlockedSignals outer;
    {
      const kaudit::host::BlockedSignals inner;
      REQUIRE(std::raise(SIGTERM) == 0);
      CHECK(came == 0);
    }
    CHECK(came == 0);
  }
  CHECK(came == 1);
  std::signal(SIGTERM, previous);
}
