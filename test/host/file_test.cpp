#include "kaudit/host/file.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "host/scratch.hpp"

using kaudit::ExitStatus;
using kaudit::host::read_file;
using kaudit::host::read_own_file;
using kaudit::host::Root;
using kaudit::host::writable_by_others;
using kaudit::test::Scratch;

namespace {

constexpr std::size_t k_limit = 1000;

std::string refusal(const Scratch& scratch, const std::string& node_path) {
  const auto image = read_file(scratch.place(node_path), k_limit);
  REQUIRE_FALSE(image);
  CHECK(image.error().status == ExitStatus::refused);
  CHECK(image.error().file == scratch.at(node_path));
  return image.error().code;
}

}  // namespace

TEST_CASE("a file is read with its bytes, owner, mode and identity", "[file]") {
  const Scratch scratch;
  const std::string bytes("a\0b\r\n", 5);
  scratch.write("/etc/f", bytes, 0640);
  const auto image = read_file(scratch.place("/etc/f"), k_limit);
  REQUIRE(image);
  REQUIRE(image->has_value());
  CHECK((*image)->bytes == bytes);
  CHECK((*image)->metadata.mode == 0640U);
  CHECK((*image)->metadata.uid == ::geteuid());
  CHECK((*image)->inode == scratch.status("/etc/f").st_ino);
  CHECK((*image)->device == scratch.status("/etc/f").st_dev);
  CHECK((*image)->links == 1);
}

TEST_CASE("a missing file is nothing, not an error", "[file]") {
  const Scratch scratch;
  scratch.make_directory("/etc");
  const auto image = read_file(scratch.place("/etc/f"), k_limit);
  REQUIRE(image);
  CHECK_FALSE(image->has_value());
}

TEST_CASE("a file of exactly the limit is read, one byte more is refused", "[file]") {
  const Scratch scratch;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, k_limit - 1, k_limit}) {
    scratch.write("/f", std::string(size, 'x'));
    const auto image = read_file(scratch.place("/f"), k_limit);
    REQUIRE(image);
    CHECK((*image)->bytes.size() == size);
  }
  scratch.write("/f", std::string(k_limit + 1, 'x'));
  CHECK(refusal(scratch, "/f") == "too-large");
}

TEST_CASE("a file that says it is empty is read to its end, as in /proc", "[file]") {
  if (::access("/proc/self/status", F_OK) != 0) return kaudit::test::skipped("no /proc is mounted here");
  const auto image = read_own_file("/proc/self/status", 100000);
  REQUIRE(image);
  CHECK(image->bytes.find("VmPeak") != std::string::npos);
  const auto small = read_own_file("/proc/self/status", 20);
  REQUIRE_FALSE(small);
  CHECK(small.error().code == "too-large");
}

TEST_CASE("what is not a regular file is named and never opened", "[file]") {
  const Scratch scratch;
  scratch.make_directory("/directory");
  scratch.fifo("/fifo");  // opening it would block this test for ever
  scratch.link("/fifo", "/link");
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  scratch.at("/socket").copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(listener);
  CHECK(refusal(scratch, "/directory") == "directory");
  CHECK(refusal(scratch, "/fifo") == "fifo");
  CHECK(refusal(scratch, "/link") == "symlink");
  CHECK(refusal(scratch, "/socket") == "socket");
  const auto device = read_own_file("/dev/null", k_limit);
  REQUIRE_FALSE(device);
  CHECK(device.error().code == "device");
}

TEST_CASE("an unreadable file is status 4, code permission", "[file]") {
  if (kaudit::test::is_privileged()) return kaudit::test::skipped("root reads everything");
  const Scratch scratch;
  scratch.write("/f", "x", 0000);
  const auto image = read_file(scratch.place("/f"), k_limit);
  REQUIRE_FALSE(image);
  CHECK(image.error().code == "permission");
  CHECK(image.error().status == ExitStatus::host_refused);
}

TEST_CASE("the caller's own file may be a link; a missing one is an error", "[file]") {
  const Scratch scratch;
  scratch.write("/f", "x");
  scratch.link(scratch.at("/f"), "/link");
  const auto image = read_own_file(scratch.at("/link"), k_limit);
  REQUIRE(image);
  CHECK(image->bytes == "x");
  const auto missing = read_own_file(scratch.at("/missing"), k_limit);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "missing");
  CHECK(missing.error().status == ExitStatus::host_refused);
}

TEST_CASE("extended attributes are read, sorted by name, whatever their size", "[file][attributes]") {
  const Scratch scratch;
  scratch.write("/f", "x");
  const std::string big(2000, 'v');
  if (::setxattr(scratch.at("/f").c_str(), "user.b", big.data(), big.size(), 0) != 0) {
    return kaudit::test::skipped("/tmp has no user attributes");
  }
  REQUIRE(::setxattr(scratch.at("/f").c_str(), "user.a", "1\0002", 3, 0) == 0);
  const auto image = read_file(scratch.place("/f"), k_limit);
  REQUIRE(image);
  std::vector<kaudit::host::Attribute> ours;
  for (const auto& attribute : (*image)->metadata.attributes) {
    if (attribute.name.rfind("user.", 0) == 0) ours.push_back(attribute);
  }
  REQUIRE(ours.size() == 2);
  CHECK(ours[0] == kaudit::host::Attribute{"user.a", std::string("1\0002", 3)});
  CHECK(ours[1] == kaudit::host::Attribute{"user.b", big});
}

TEST_CASE("file capabilities are not part of what is copied", "[file][attributes]") {
  const Scratch scratch;
  scratch.write("/f", "x");
  const std::string capability("\x01\0\0\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
  if (::setxattr(scratch.at("/f").c_str(), "security.capability", capability.data(), capability.size(), 0) != 0) {
    return kaudit::test::skipped("may not set file capabilities here");
  }
  const auto image = read_file(scratch.place("/f"), k_limit);
  REQUIRE(image);
  for (const auto& attribute : (*image)->metadata.attributes) CHECK(attribute.name != "security.capability");
}

TEST_CASE("the first path on the way that others may write is named", "[file][trust]") {
  const Scratch scratch;
  scratch.write("/etc/kubernetes/p", "x", 0600);
  const Root root = scratch.root();
  const auto offender = [&](const std::string& path) {
    const auto found = writable_by_others(root, path);
    REQUIRE(found);
    return found->value_or("nobody");
  };
  CHECK(offender("/etc/kubernetes/p") == "nobody");
  CHECK(offender("/etc/kubernetes/missing") == "nobody");
  CHECK(offender("/etc/missing/p") == "nobody");
  REQUIRE(::chmod(scratch.at("/etc/kubernetes/p").c_str(), 0602) == 0);
  CHECK(offender("/etc/kubernetes/p") == scratch.at("/etc/kubernetes/p"));
  REQUIRE(::chmod(scratch.at("/etc").c_str(), 01777) == 0);
  CHECK(offender("/etc/kubernetes/p") == scratch.at("/etc"));
  CHECK(offender("/etc/missing/p") == scratch.at("/etc"));
}

TEST_CASE("a file of another owner is writable by others", "[file][trust]") {
  if (!kaudit::test::is_privileged()) return kaudit::test::skipped("needs root to give a file away");
  const Scratch scratch;
  scratch.write("/p", "x", 0400);
  REQUIRE(::chown(scratch.at("/p").c_str(), 4711, 0) == 0);
  const auto found = writable_by_others(scratch.root(), "/p");
  REQUIRE(found);
  CHECK(found->value_or("nobody") == scratch.at("/p"));
}

TEST_CASE("SHA-256 is that of FIPS 180-4", "[sha256]") {
  CHECK(kaudit::host::sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(kaudit::host::sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(kaudit::host::sha256(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
