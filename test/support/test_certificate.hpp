#pragma once

#include <string>
#include <vector>

namespace kaudit::test {

/// A certificate with its key, PEM.
struct TestCertificate {
  std::string certificate;
  std::string key;
};

/// A new one for `name`, valid for an hour, with alternative names as in openssl.cnf ("DNS:a.example,IP:127.0.0.1", ""
/// for none). Signed by `issuer`, or by itself. Its subject is the name alone, or with organizations before it.
TestCertificate make_certificate(const std::string& name, const std::string& alternative_names,
                                 const TestCertificate* issuer = nullptr,
                                 const std::vector<std::string>& organizations = {});

}  // namespace kaudit::test
