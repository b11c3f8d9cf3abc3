#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kaudit::host {

/// The parts of an X.509 subject that Kubernetes looks at.
struct CertificateSubject {
  std::string common_name;                 ///< the last one; "": none
  std::vector<std::string> organizations;  ///< in the order of the certificate
};

/// The subject of the first certificate of a PEM text, other blocks left out, as UTF-8. Nothing: there is none that can
/// be read. Never throws.
[[nodiscard]] std::optional<CertificateSubject> subject_of(const std::string& pem);

/// Why a certificate and a key, both PEM, are no pair, in OpenSSL's words; nothing: they are one. Never throws.
[[nodiscard]] std::optional<std::string> pair_problem(const std::string& certificate, const std::string& key);

}  // namespace kaudit::host
