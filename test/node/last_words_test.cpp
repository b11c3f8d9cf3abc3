#include "host/scratch.hpp"
#include "kaudit/node/pod_logs.hpp"

using kaudit::node::last_words;
using kaudit::node::PodLog;
using kaudit::test::Scratch;
using Lines = std::vector<std::string>;

namespace {

constexpr std::size_t k_plenty = 65536;
constexpr const char* k_directory = "/var/log/pods/kube-system_kube-apiserver-n1_0/kube-apiserver";

PodLog the_log() { return {"0", k_directory, {0}}; }

/// A line in CRI format.
std::string cri(const std::string& text, const std::string& tag = "F", const std::string& stream = "stderr") {
  return "2026-01-31T12:00:00.123456789Z " + stream + " " + tag + " " + text + "\n";
}

Lines words_of(const std::string& bytes, std::size_t limit = k_plenty) {
  const Scratch scratch;
  scratch.write(std::string(k_directory) + "/0.log", bytes);
  return last_words(scratch.root(), the_log(), 0, limit);
}

bool holds(const Lines& lines, const std::string& part) {
  for (const std::string& line : lines) {
    if (line.find(part) != std::string::npos) return true;
  }
  return false;
}

const std::string k_log_header = "E1125 18:38:01.123456       1 metrics.go:110] ";
const std::string k_event =
    R"({"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"1-2","user":{"username":"s3cret"}})";

}  // namespace

TEST_CASE("what a container wrote is read in either format", "[last-words]") {
  CHECK(words_of(cri("I1125 10:00:00.000000       1 server.go:1] one") + cri("two", "F", "stdout")) ==
        Lines{"I1125 10:00:00.000000       1 server.go:1] one", "two"});
  CHECK(words_of(R"({"log":"E1125 a \"b\"\n","stream":"stderr","time":"2026-01-31T12:00:00.1Z"})"
                 "\n"
                 R"({"log":"two\n","stream":"stdout","attrs":{"a":"b"},"time":"2026-01-31T12:00:00.2Z"})"
                 "\n") == Lines{"E1125 a \"b\"", "two"});
}

TEST_CASE("partial lines are joined, each stream's by themselves", "[last-words]") {
  CHECK(words_of(cri("one, ", "P") + cri("aside", "F", "stdout") + cri("two, ", "P:x") + cri("three")) ==
        Lines{"aside", "one, two, three"});
  CHECK(words_of(R"({"log":"half ","stream":"stderr","time":"t"})"
                 "\n"
                 R"({"log":"whole\n","stream":"stderr","time":"t"})"
                 "\n") == Lines{"half whole"});
  CHECK(words_of(cri("the process was killed while it wrote th", "P")) ==
        Lines{"the process was killed while it wrote th"});
}

TEST_CASE("what is in neither format is left out, and control characters do no harm", "[last-words]") {
  CHECK(words_of("nonsense\n{\"log\":1}\n{broken\nt stdin F x\nt stderr X x\n\n" + cri("a\tb\x1b[2Jc\r") + cri("") +
                 cri("  ")) == Lines{"a b?[2Jc"});
}

TEST_CASE("events of the audit log are never shown", "[last-words]") {
  for (const std::string& event :
       {k_event, std::string(R"({"auditID":"1","stage":"ResponseComplete","requestObject":{"data":"s3cret"}})"),
        std::string(R"(2026-01-31T12:00:00.1Z AUDIT: id="1" stage="ResponseComplete" user="s3cret")")}) {
    CAPTURE(event);
    CHECK(words_of(cri("before") + cri(event, "F", "stdout") + cri("after")) == Lines{"before", "after"});
    CHECK(words_of(cri(event.substr(0, 20), "P", "stdout") + cri(event.substr(20), "F", "stdout") + cri("after")) ==
          Lines{"after"});
  }
}

TEST_CASE("nothing that follows the announcement of impacted events is shown", "[last-words]") {
  const std::string failed = "Error in audit plugin 'log' affecting 1 audit events: can't rename log file: busy";
  for (const std::string& next : {std::string("E1125 18:38:02.000000       1 run.go:72] \"command failed\" err=\"x\""),
                                  std::string("I1125 next"), std::string("Error: next"), std::string("panic: next"),
                                  std::string(R"({"ts":1700000000000.1,"msg":"next","v":0})")}) {
    CAPTURE(next);
    CHECK(words_of(cri(k_log_header + failed) + cri("Impacted events:") + cri("{s3cret") + cri("more: s3cret") +
                   cri(k_event) + cri("") + cri(next)) == Lines{k_log_header + failed, next});
  }
  CHECK(words_of(cri(k_log_header + failed + " Impacted events: s3cret") + cri("s3cret")) ==
        Lines{k_log_header + failed});
}

TEST_CASE("a log that was cut shows no end of an event whose beginning is missing", "[last-words]") {
  const std::string filler(300, 'x');
  const std::string last = "E1125 18:38:02.000000       1 run.go:72] the end";
  // The event's first part lies before the cut, whose place is moved over everything that follows it.
  const std::string log = cri(filler) + cri(k_event.substr(0, 40), "P", "stdout") +
                          cri(k_event.substr(40), "F", "stdout") + cri(k_log_header + "x Impacted events:") +
                          cri("s3cret of a dump") + cri("s3cret again") + cri(last) + cri(last);
  const Scratch scratch;
  scratch.write(std::string(k_directory) + "/0.log", log);
  const auto root = scratch.root();
  for (std::size_t limit = 1; limit <= log.size(); ++limit) {
    if (holds(last_words(root, the_log(), 0, limit), "s3cret")) FAIL("shown with a limit of " << limit);
  }
  const Lines words = words_of(log, 2 * cri(last).size() + 10);
  CHECK(words == Lines{last});
  CHECK(words_of(log, log.size()).front() == filler);
}

TEST_CASE("text of an event that looks like a line of the log is not taken for one", "[last-words]") {
  const std::string log = cri(R"({"kind":"Event","userAgent":"x stdout F y)", "P", "stdout") +
                          cri("Error: s3cret", "F", "stdout") + cri("Error: the end", "F", "stdout");
  const Scratch scratch;
  scratch.write(std::string(k_directory) + "/0.log", log);
  const auto root = scratch.root();
  for (std::size_t limit = 1; limit < log.size(); ++limit) {
    if (holds(last_words(root, the_log(), 0, limit), "s3cret")) FAIL("shown with a limit of " << limit);
  }
  CHECK(words_of(log, log.size() - 1) == Lines{"Error: the end"});
}

TEST_CASE("Docker's links are followed when they are root's", "[last-words]") {
  const Scratch scratch;
  const std::string target = "/var/lib/docker/containers/abc/abc-json.log";
  scratch.write(target, "{\"log\":\"hello\\n\",\"stream\":\"stderr\",\"time\":\"t\"}\n");
  scratch.make_directory(k_directory);
  scratch.link(target, std::string(k_directory) + "/0.log");
  CHECK(last_words(scratch.root(), the_log(), 0, k_plenty) == Lines{"hello"});
  REQUIRE(::chmod(scratch.at(k_directory).c_str(), 0777) == 0);
  CHECK(last_words(scratch.root(), the_log(), 0, k_plenty).empty());
}

TEST_CASE("links in a circle, pipes and missing files say nothing", "[last-words]") {
  const Scratch scratch;
  scratch.make_directory(k_directory);
  CHECK(last_words(scratch.root(), the_log(), 0, k_plenty).empty());
  scratch.link("1.log", std::string(k_directory) + "/0.log");
  scratch.link("0.log", std::string(k_directory) + "/1.log");
  CHECK(last_words(scratch.root(), the_log(), 0, k_plenty).empty());
  scratch.fifo(std::string(k_directory) + "/2.log");
  CHECK(last_words(scratch.root(), the_log(), 2, k_plenty).empty());
}
