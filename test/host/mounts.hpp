#pragma once

#include <string>
#include <utility>

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mount.h>

#include "host/scratch.hpp"

namespace kaudit::test {

/// A mount that ends with the test. Not made: not permitted here (a container, an ordinary user).
class Mount {
 public:
  Mount(const std::string& source, const std::string& target, const char* type, unsigned long flags,
        const std::string& options = {})
      : m_target(target) {
    m_is_made = ::mount(source.c_str(), target.c_str(), type, flags, options.c_str()) == 0;
  }
  Mount(const Mount&) = delete;
  Mount& operator=(const Mount&) = delete;
  ~Mount() {
    if (m_is_made) ::umount2(m_target.c_str(), MNT_DETACH);
  }

  [[nodiscard]] bool is_made() const { return m_is_made; }
  /// A bind mount becomes read-only only when it is mounted again.
  [[nodiscard]] bool make_read_only() const {
    return ::mount(nullptr, m_target.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0;
  }

 private:
  std::string m_target;
  bool m_is_made = false;
};

/// `chattr +i` (FS_IMMUTABLE_FL) or `+a` (FS_APPEND_FL) for the length of a test.
class Protection {
 public:
  Protection(std::string path, int flag) : m_path(std::move(path)), m_flag(flag) { m_is_set = change(0, flag); }
  Protection(const Protection&) = delete;
  Protection& operator=(const Protection&) = delete;
  ~Protection() {
    if (m_is_set) change(m_flag, 0);
  }

  [[nodiscard]] bool is_set() const { return m_is_set; }

 private:
  bool change(int off, int on) const {
    const host::Descriptor file(::open(m_path.c_str(), O_RDONLY | O_CLOEXEC));
    int flags = 0;
    if (::ioctl(file.get(), FS_IOC_GETFLAGS, &flags) != 0) return false;
    flags = (flags & ~off) | on;
    return ::ioctl(file.get(), FS_IOC_SETFLAGS, &flags) == 0;
  }

  std::string m_path;
  int m_flag;
  bool m_is_set = false;
};

}  // namespace kaudit::test
