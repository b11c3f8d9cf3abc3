#pragma once

#include <cerrno>
#include <string>
#include <string_view>

#include "kaudit/base/error.hpp"

namespace kaudit::host {

/// The Error (status 4) of a system call that failed with `number` (errno) in `operation` ("cannot rename") on `path`
/// as shown. Codes: "read-only", "no-space", "permission", "bind-mounted" (EBUSY), "io" for everything else.
[[nodiscard]] Error system_error(std::string_view operation, std::string path, int number);

/// What a person reads for `number`, lower case.
[[nodiscard]] std::string reason(int number);

/// An Error about `path` as shown.
[[nodiscard]] Error file_error(ExitStatus status, std::string_view code, std::string path, std::string message,
                               std::string hint = {});

/// Repeats `call` while a signal interrupts it.
template <typename Call>
[[nodiscard]] auto uninterrupted(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

}  // namespace kaudit::host
