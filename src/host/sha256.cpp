#include <array>
#include <cstdlib>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "kaudit/host/file.hpp"

namespace kaudit::host {

std::string sha256(std::string_view bytes) {
  // Without this, OpenSSL reads its configuration file at the first call: a file of the machine has no say here.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, nullptr);
  std::array<unsigned char, 32> digest{};
  std::size_t size = 0;
  // A SHA-256 that fails means no memory or a broken library: nothing that depends on digests may go on.
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(), digest.data(), &size) != 1) std::abort();
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(64);
  for (const unsigned byte : digest) {
    hex += k_digits[byte >> 4U];
    hex += k_digits[byte & 15U];
  }
  return hex;
}

}  // namespace kaudit::host
