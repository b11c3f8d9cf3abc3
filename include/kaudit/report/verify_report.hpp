#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/error.hpp"
#include "kaudit/node/trail.hpp"
#include "kaudit/report/report.hpp"

namespace kaudit::report {

/// What one call of `kaudit verify` found.
struct Verification {
  enum class Verdict : std::uint8_t {
    proven,
    missing,       ///< the request left no event
    not_recorded,  ///< no request could be made that would
    unproven,      ///< the request could not be made, or not seen
  } verdict = Verdict::unproven;
  std::string manifest;              ///< path as shown
  std::string kubernetes_version;    ///< whose rules were applied; ""
  std::string user;                  ///< who made the request; "": not known
  std::string reason;                ///< one line; "" when proven with nothing to say
  std::optional<node::Proof> proof;  ///< nothing: no request was made
  std::vector<Warning> warnings;
  std::optional<Error> error;
  ExitStatus exit_status = ExitStatus::done;
};

/// "proven", "missing", "not-recorded", "unproven"
[[nodiscard]] std::string_view to_string(Verification::Verdict verdict);

/// A line that says it, then the parts. Ends in a line feed.
[[nodiscard]] std::string verify_text(const Verification& verification, Paint paint);

/// One JSON document as docs/verify.schema.json describes it. Ends in a line feed.
[[nodiscard]] std::string verify_json(const Verification& verification);

}  // namespace kaudit::report
