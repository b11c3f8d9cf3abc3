#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kaudit/base/result.hpp"
#include "kaudit/host/attributes.hpp"
#include "kaudit/host/descriptor.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::host {

/// What `commit` does when the name is taken.
enum class Existing : std::uint8_t {
  replaced,
  refused,  ///< status 4 "changed-underneath": nobody's file is overwritten, a planted one least of all
};

/// `.kaudit-<run id>-<leaf>`: a dot-file, which the kubelet ignores (kubernetes/kubernetes v1.30,
/// pkg/kubelet/config/file_linux.go, produceWatchEvent). Cut at 255 bytes.
[[nodiscard]] std::string temporary_name(std::string_view run_id, std::string_view leaf);

/// A file that appears under its name complete, with owner, mode and attributes, or not at all: written as
/// `temporary_name` in the same directory, then renamed. Unless committed, the temporary goes when this does.
///
/// `create`, `write`, `sync`, `commit`, in this order; the directory is synced by whoever needs that.
class AtomicFile {
 public:
  /// The empty temporary, with `metadata` already set. `place` must outlive it.
  [[nodiscard]] static Result<AtomicFile> create(const Place& place, std::string_view run_id, const Metadata& metadata,
                                                 Ownership ownership);
  AtomicFile(AtomicFile&& other) noexcept = default;
  AtomicFile& operator=(AtomicFile&&) = delete;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  [[nodiscard]] Status write(std::string_view bytes);
  [[nodiscard]] Status sync();
  /// Errors: status 4, among them "bind-mounted" and "changed-underneath" (Existing::refused).
  [[nodiscard]] Status commit(Existing existing);

 private:
  AtomicFile(const Place& place, std::string temporary, Descriptor file)
      : m_place(&place), m_temporary(std::move(temporary)), m_file(std::move(file)) {}

  const Place* m_place;
  std::string m_temporary;
  Descriptor m_file;  ///< open: still to be committed
};

/// Writes all of `bytes` to an open file; `path` is for messages.
[[nodiscard]] Status write_all(int file, std::string_view bytes, const std::string& path);

}  // namespace kaudit::host
