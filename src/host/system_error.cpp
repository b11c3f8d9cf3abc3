#include "kaudit/host/system_error.hpp"

#include <utility>

#include <system_error>

namespace kaudit::host {
namespace {

struct Explanation {
  std::string_view code;
  std::string_view hint;
};

Explanation explain(int number) {
  switch (number) {
    case EROFS:
      return {"read-only", "the file system is mounted read-only: remount it (mount -o remount,rw) and run again"};
    case ENOSPC:
      return {"no-space", "the disk is full: free some space and run again"};
    case EDQUOT:
      return {"no-space", "the disk quota is used up: free some space and run again"};
    case EACCES:
    case EPERM:
      return {"permission", "run it as root"};
    case EBUSY:
      return {"bind-mounted", "a file that is mounted cannot be replaced by a rename: unmount it, or name its source"};
    default:
      return {"io", {}};
  }
}

}  // namespace

std::string reason(int number) {
  std::string text = std::generic_category().message(number);
  if (!text.empty() && text.front() >= 'A' && text.front() <= 'Z') text.front() = static_cast<char>(text.front() + 32);
  return text;
}

Error system_error(std::string_view operation, std::string path, int number) {
  const Explanation why = explain(number);
  return file_error(ExitStatus::host_refused, why.code, std::move(path), std::string(operation) + ": " + reason(number),
                    std::string(why.hint));
}

Error file_error(ExitStatus status, std::string_view code, std::string path, std::string message, std::string hint) {
  Error error;
  error.status = status;
  error.code = code;
  error.file = std::move(path);
  error.message = std::move(message);
  error.hint = std::move(hint);
  return error;
}

}  // namespace kaudit::host
