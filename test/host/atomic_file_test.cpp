#include "kaudit/host/atomic_file.hpp"

#include "host/scratch.hpp"

using kaudit::host::AtomicFile;
using kaudit::host::Existing;
using kaudit::host::Metadata;
using kaudit::host::Ownership;
using kaudit::test::Scratch;

namespace {

Metadata mine(unsigned mode) { return {mode, ::geteuid(), ::getegid(), {}}; }

/// An ACL of owner, the user 4711 (read), group, mask and others, as the kernel stores it (linux/posix_acl_xattr.h).
std::string acl_with_named_user() {
  const auto entry = [](unsigned tag, unsigned permissions, unsigned id) {
    std::string bytes;
    for (const unsigned value :
         {tag & 255U, tag >> 8U, permissions, 0U, id & 255U, (id >> 8U) & 255U, (id >> 16U) & 255U, id >> 24U}) {
      bytes += static_cast<char>(value);
    }
    return bytes;
  };
  constexpr unsigned k_no_id = 0xFFFFFFFFU;
  return std::string("\x02\0\0\0", 4) + entry(0x01, 6, k_no_id) + entry(0x02, 4, 4711) + entry(0x04, 0, k_no_id) +
         entry(0x10, 4, k_no_id) + entry(0x20, 0, k_no_id);
}

std::string attribute(const std::string& path, const char* name) {
  std::string value(256, '\0');
  const ssize_t size = ::getxattr(path.c_str(), name, value.data(), value.size());
  return size < 0 ? "none" : value.substr(0, static_cast<std::size_t>(size));
}

}  // namespace

TEST_CASE("a committed file replaces the old one by another inode, whole, with owner and mode", "[atomic]") {
  const Scratch scratch;
  scratch.write("/etc/f", "old", 0644);
  const ino_t old = scratch.status("/etc/f").st_ino;
  const auto place = scratch.place("/etc/f");
  auto file = AtomicFile::create(place, "RUN", mine(0640), Ownership::exact);
  REQUIRE(file);
  CHECK(scratch.exists("/etc/.kaudit-RUN-f"));
  REQUIRE(file->write("new "));
  REQUIRE(file->write("bytes"));
  CHECK(scratch.read("/etc/f") == "old");
  REQUIRE(file->sync());
  REQUIRE(file->commit(Existing::replaced));
  CHECK(scratch.read("/etc/f") == "new bytes");
  CHECK((scratch.status("/etc/f").st_mode & 07777U) == 0640U);
  CHECK(scratch.status("/etc/f").st_ino != old);
  CHECK_FALSE(scratch.exists("/etc/.kaudit-RUN-f"));
}

TEST_CASE("a file that is not committed leaves nothing behind", "[atomic]") {
  const Scratch scratch;
  scratch.write("/f", "old");
  const auto place = scratch.place("/f");
  {
    auto file = AtomicFile::create(place, "RUN", mine(0600), Ownership::exact);
    REQUIRE(file);
    REQUIRE(file->write("new"));
  }
  CHECK(scratch.read("/f") == "old");
  CHECK_FALSE(scratch.exists("/.kaudit-RUN-f"));
}

TEST_CASE("the mode is what was asked for, whatever the umask", "[atomic]") {
  const Scratch scratch;
  const auto place = scratch.place("/f");
  const mode_t before = ::umask(0077);
  auto file = AtomicFile::create(place, "RUN", mine(0664), Ownership::exact);
  ::umask(before);
  REQUIRE(file);
  REQUIRE(file->commit(Existing::replaced));
  CHECK((scratch.status("/f").st_mode & 07777U) == 0664U);
}

TEST_CASE("a new file never overwrites one that appeared meanwhile, nor follows a link", "[atomic]") {
  const Scratch scratch;
  scratch.write("/victim", "untouched");
  const auto place = scratch.place("/f");
  auto file = AtomicFile::create(place, "RUN", mine(0600), Ownership::exact);
  REQUIRE(file);
  SECTION("a file") { scratch.write("/f", "planted"); }
  SECTION("a link") { scratch.link("/victim", "/f"); }
  SECTION("a FIFO") { scratch.fifo("/f"); }
  const auto committed = file->commit(Existing::refused);
  REQUIRE_FALSE(committed);
  CHECK(committed.error().code == "changed-underneath");
  CHECK(committed.error().status == kaudit::ExitStatus::host_refused);
  CHECK(scratch.read("/victim") == "untouched");
}

TEST_CASE("a link planted in the temporary's place is not followed", "[atomic]") {
  const Scratch scratch;
  scratch.write("/victim", "untouched");
  scratch.link(scratch.at("/victim"), "/.kaudit-RUN-f");
  const auto place = scratch.place("/f");
  CHECK_FALSE(AtomicFile::create(place, "RUN", mine(0600), Ownership::exact));
  CHECK(scratch.read("/victim") == "untouched");
}

TEST_CASE("replacing a hard-linked file leaves the other name alone", "[atomic]") {
  const Scratch scratch;
  scratch.write("/f", "old");
  REQUIRE(::link(scratch.at("/f").c_str(), scratch.at("/other").c_str()) == 0);
  const auto place = scratch.place("/f");
  auto file = AtomicFile::create(place, "RUN", mine(0600), Ownership::exact);
  REQUIRE(file);
  REQUIRE(file->write("new"));
  REQUIRE(file->commit(Existing::replaced));
  CHECK(scratch.read("/f") == "new");
  CHECK(scratch.read("/other") == "old");
}

TEST_CASE("attributes and ACL read from a file are there on its replacement", "[atomic][attributes]") {
  const Scratch scratch;
  scratch.write("/f", "old", 0640);
  const std::string path = scratch.at("/f");
  if (::setxattr(path.c_str(), "user.note", "kept", 4, 0) != 0) {
    return kaudit::test::skipped("/tmp has no user attributes");
  }
  const std::string acl = acl_with_named_user();
  const bool has_acl = ::setxattr(path.c_str(), "system.posix_acl_access", acl.data(), acl.size(), 0) == 0;
  const auto place = scratch.place("/f");
  const auto image = kaudit::host::read_file(place, 1000);
  REQUIRE(image);
  auto file = AtomicFile::create(place, "RUN", (*image)->metadata, Ownership::exact);
  REQUIRE(file);
  // Set before the first byte is written.
  CHECK(attribute(scratch.at("/.kaudit-RUN-f"), "user.note") == "kept");
  REQUIRE(file->commit(Existing::replaced));
  CHECK(attribute(path, "user.note") == "kept");
  if (!has_acl) return kaudit::test::skipped("/tmp has no ACLs");
  CHECK(attribute(path, "system.posix_acl_access") == acl);
  CHECK(scratch.status("/f").st_mode == (S_IFREG | 0640U));
}

TEST_CASE("a directory's default ACL gives nobody access to what is made in it", "[atomic][attributes]") {
  const Scratch scratch;
  scratch.make_directory("/d");
  const std::string acl = acl_with_named_user();
  if (::setxattr(scratch.at("/d").c_str(), "system.posix_acl_default", acl.data(), acl.size(), 0) != 0) {
    return kaudit::test::skipped("/tmp has no ACLs");
  }
  const auto place = scratch.place("/d/f");
  auto file = AtomicFile::create(place, "RUN", mine(0640), Ownership::exact);
  REQUIRE(file);
  REQUIRE(file->commit(Existing::refused));
  CHECK(attribute(scratch.at("/d/f"), "system.posix_acl_access") == "none");
  CHECK((scratch.status("/d/f").st_mode & 07777U) == 0640U);
}

TEST_CASE("owners are set where the caller may", "[atomic]") {
  if (!kaudit::test::is_privileged()) return kaudit::test::skipped("needs root to give files away");
  const Scratch scratch;
  const auto place = scratch.place("/f");
  auto file = AtomicFile::create(place, "RUN", {0640, 4711, 4712, {}}, Ownership::exact);
  REQUIRE(file);
  REQUIRE(file->commit(Existing::refused));
  CHECK(scratch.status("/f").st_uid == 4711);
  CHECK(scratch.status("/f").st_gid == 4712);
}

TEST_CASE("an unprivileged caller keeps owners as far as allowed in a scratch root, and must have them on a host",
          "[atomic]") {
  struct OtherUser {
    OtherUser() : is_one(::geteuid() != 0 || ::seteuid(4711) == 0) {}
    ~OtherUser() {
      if (::getuid() == 0) CHECK(::seteuid(0) == 0);
    }
    bool is_one;
  } const user;
  if (!user.is_one) return kaudit::test::skipped("cannot become another user");
  const Scratch scratch;
  const auto place = scratch.place("/f");
  const auto exact = AtomicFile::create(place, "RUN", {0600, 0, 0, {}}, Ownership::exact);
  REQUIRE_FALSE(exact);
  CHECK(exact.error().code == "permission");
  CHECK_FALSE(scratch.exists("/.kaudit-RUN-f"));
  CHECK(AtomicFile::create(place, "RUN", {0600, 0, 0, {}}, Ownership::as_far_as_allowed));
}

TEST_CASE("a temporary's name is a dot-file of the directory's limit at most", "[atomic]") {
  CHECK(kaudit::host::temporary_name("ID", "a.yaml") == ".kaudit-ID-a.yaml");
  CHECK(kaudit::host::temporary_name("ID", std::string(255, 'x')).size() == 255);
}
