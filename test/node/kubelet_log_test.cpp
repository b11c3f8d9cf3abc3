#include <filesystem>

#include "support/proc.hpp"

#include "host/scratch.hpp"
#include "kaudit/node/kubelet.hpp"

using kaudit::node::Kubelet;
using kaudit::node::kubelet_lines_since;
using kaudit::node::KubeletLogMark;
using kaudit::node::mark_kubelet_log;
using kaudit::test::Scratch;
using Lines = std::vector<std::string>;

namespace {

/// Our own standard error goes to a file of the test for as long as it lives: the process that is looked at is this
/// one.
class StandardErrorIn {
 public:
  explicit StandardErrorIn(const std::string& path) : m_before(::dup(STDERR_FILENO)) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    REQUIRE(::dup2(file, STDERR_FILENO) == STDERR_FILENO);
    ::close(file);
  }
  StandardErrorIn(const StandardErrorIn&) = delete;
  StandardErrorIn& operator=(const StandardErrorIn&) = delete;
  ~StandardErrorIn() {
    ::dup2(m_before, STDERR_FILENO);
    ::close(m_before);
  }

 private:
  int m_before;
};

KubeletLogMark mark_here() {
  Kubelet kubelet;
  kubelet.process = kaudit::host::ProcessId{::getpid(), 0};
  return mark_kubelet_log(kubelet);
}

void append(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

}  // namespace

TEST_CASE("a kubelet that logs to a file is read from where the mark was set", "[kubelet-log]") {
  if (!kaudit::test::has_proc()) return;
  const Scratch scratch;
  const std::string log = scratch.at("/kubelet.log");
  append(log, "before\n");
  KubeletLogMark mark;
  {
    const StandardErrorIn redirected(log);
    mark = mark_here();
  }
  CHECK(mark.file == log);
  CHECK(mark.offset == 7);
  CHECK(mark.pid == ::getpid());
  CHECK(kubelet_lines_since(mark, 1000).empty());
  append(log, "one\n\ntwo\tthree\x1b[31m\nno end yet");
  CHECK(kubelet_lines_since(mark, 1000) == Lines{"one", "two three?[31m", "no end yet"});
}

TEST_CASE("of a long log the end is kept, in whole lines", "[kubelet-log]") {
  const Scratch scratch;
  scratch.write("/k.log", "0123456789\nabcdefghij\nklmnopqrst\n");
  KubeletLogMark mark;
  mark.file = scratch.at("/k.log");
  mark.inode = scratch.status("/k.log").st_ino;
  CHECK(kubelet_lines_since(mark, 30) == Lines{"abcdefghij", "klmnopqrst"});
  CHECK(kubelet_lines_since(mark, 5).empty());
  CHECK(kubelet_lines_since(mark, 33).size() == 3);
}

TEST_CASE("a log that was emptied or rotated since is read from its beginning", "[kubelet-log]") {
  const Scratch scratch;
  scratch.write("/k.log", "a long line of the past, longer than what comes\n");
  KubeletLogMark mark;
  mark.file = scratch.at("/k.log");
  mark.offset = static_cast<std::uint64_t>(scratch.status("/k.log").st_size);
  mark.inode = scratch.status("/k.log").st_ino;
  scratch.write("/k.log", "emptied\n");
  CHECK(kubelet_lines_since(mark, 1000) == Lines{"emptied"});

  std::filesystem::rename(scratch.at("/k.log"), scratch.at("/k.log.1"));
  scratch.write("/k.log", "rotated, and longer than the old one was when the mark was set there\n");
  CHECK(kubelet_lines_since(mark, 1000) ==
        Lines{"rotated, and longer than the old one was when the mark was set there"});
}

TEST_CASE("without a kubelet, and for one that writes to a socket, the journal is asked from now on", "[kubelet-log]") {
  const KubeletLogMark mark = mark_kubelet_log(Kubelet{});
  CHECK(mark.file.empty());
  REQUIRE(mark.since.starts_with("@"));
  CHECK(mark.since.size() == std::string("@1700000000.123456").size());
  CHECK(mark.since[11] == '.');
}

TEST_CASE("a log that is gone or no file says nothing", "[kubelet-log]") {
  const Scratch scratch;
  KubeletLogMark mark;
  mark.file = scratch.at("/nowhere");
  CHECK(kubelet_lines_since(mark, 1000).empty());
  scratch.fifo("/fifo");
  mark.file = scratch.at("/fifo");
  CHECK(kubelet_lines_since(mark, 1000).empty());
}
