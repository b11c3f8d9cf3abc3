#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/descriptor.hpp"
#include "store.hpp"

namespace kaudit::rollout {

/// `journal` in a run's folder: what the guardian saw and did, a line each, appended: `TIME WORD MESSAGE`. It is what
/// the foreground, `status --follow` and people read; nothing is decided by it.
class Journal {
 public:
  /// Errors: status 4.
  [[nodiscard]] static Result<Journal> open(const Store& store, const std::string& id);

  /// One line; control characters in it become question marks. What cannot be written is lost: a full disk must not
  /// keep the old manifest from going back.
  void write(std::string_view word, std::string_view message) const;

 private:
  explicit Journal(host::Descriptor file) : m_file(std::move(file)) {}
  host::Descriptor m_file;
};

/// The whole lines from byte `offset` on, which is moved behind them. A journal that is not there yet has none.
[[nodiscard]] std::vector<std::string> read_journal(const Store& store, const std::string& id, std::uint64_t& offset);

}  // namespace kaudit::rollout
