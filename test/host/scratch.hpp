#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "support/catch.hpp"

#include "kaudit/host/root.hpp"

namespace kaudit::test {

/// A directory that is gone, with everything in it, when the test is over.
class Scratch {
 public:
  Scratch() {
    std::string pattern = "/tmp/kaudit-test-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    m_path = pattern;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
  }

  [[nodiscard]] const std::string& path() const { return m_path; }
  [[nodiscard]] std::string at(const std::string& node_path) const { return m_path + node_path; }
  [[nodiscard]] host::Root root() const {
    auto opened = host::Root::open(m_path);
    REQUIRE(opened);
    return std::move(opened).value();
  }
  [[nodiscard]] host::Place place(const std::string& node_path) const {
    auto located = root().locate(node_path);
    REQUIRE(located);
    return std::move(located).value();
  }

  void make_directory(const std::string& node_path) const { std::filesystem::create_directories(at(node_path)); }
  void write(const std::string& node_path, const std::string& bytes, unsigned mode = 0600) const {
    make_directory(node_path.substr(0, node_path.rfind('/')));
    std::ofstream(at(node_path), std::ios::binary) << bytes;
    REQUIRE(::chmod(at(node_path).c_str(), mode) == 0);
  }
  [[nodiscard]] std::string read(const std::string& node_path) const {
    std::ifstream file(at(node_path), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] bool exists(const std::string& node_path) const {
    struct stat status {};
    return ::lstat(at(node_path).c_str(), &status) == 0;
  }
  [[nodiscard]] struct stat status(const std::string& node_path) const {
    struct stat status {};
    REQUIRE(::lstat(at(node_path).c_str(), &status) == 0);
    return status;
  }
  void link(const std::string& target, const std::string& node_path) const {
    REQUIRE(::symlink(target.c_str(), at(node_path).c_str()) == 0);
  }
  void fifo(const std::string& node_path) const { REQUIRE(::mkfifo(at(node_path).c_str(), 0600) == 0); }

 private:
  std::string m_path;
};

/// Says on stderr why a test proved nothing on this machine.
inline void skipped(const std::string& why) { std::fprintf(stderr, "skipped: %s\n", why.c_str()); }

inline bool is_privileged() { return ::geteuid() == 0; }

}  // namespace kaudit::test
