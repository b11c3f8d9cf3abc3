#include "typed.hpp"

namespace kaudit::cli {

Result<VerifyOptions> interpret_verify(const TypedOptions& typed) {
  VerifyOptions options;
  // Here it is the event that is waited for, not an API server.
  TypedOptions others = typed;
  others.values.erase("--timeout");
  KAUDIT_TRY(run, interpret_run(others));
  options.run = std::move(run);
  KAUDIT_TRY_DO(refuse_empty(typed, "--kubeconfig"));
  options.kubeconfig = typed.text_of("--kubeconfig");
  KAUDIT_TRY(timeout, number_of(typed, "--timeout"));
  if (!timeout) return options;
  constexpr std::int64_t k_longest = 3600;
  if (*timeout < 1 || *timeout > k_longest) return usage_error("--timeout: must be from 1 to 3600 seconds");
  options.wait_seconds = static_cast<double>(*timeout);
  return options;
}

}  // namespace kaudit::cli
