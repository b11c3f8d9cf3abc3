#include "kaudit/survey/survey.hpp"

namespace kaudit::survey {

Auditing auditing_of(const Setup& setup) {
  const bool has_backend = setup.log || setup.webhook_config;
  if (setup.policy) return has_backend ? Auditing::on : Auditing::no_backend;
  return has_backend ? Auditing::no_policy : Auditing::off;
}

std::optional<bool> agrees(const Process& process) {
  if (process.known != Process::Known::running) return std::nullopt;
  return process.differences.empty();
}

}  // namespace kaudit::survey
