#include <array>

// The plain functions instead of EVP: deprecated since OpenSSL 3.0 but there in every release of it. EVP would load
// configuration and providers first (0.8 ms, a third of a whole run's CPU) and pull 4 MB into the static program.
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/sha.h>

#include "kaudit/host/file.hpp"

namespace kaudit::host {

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &context);
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const unsigned byte : digest) {
    hex += k_digits[byte >> 4U];
    hex += k_digits[byte & 15U];
  }
  return hex;
}

}  // namespace kaudit::host
