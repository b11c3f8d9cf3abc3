#include "kaudit/host/descriptor.hpp"

#include <unistd.h>

namespace kaudit::host {

Descriptor::~Descriptor() {
  // No retry: Linux has released the descriptor even when close(2) reports EINTR.
  if (m_fd >= 0) ::close(m_fd);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(m_fd, other.m_fd);
  return *this;
}

}  // namespace kaudit::host
