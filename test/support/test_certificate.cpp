#include "support/test_certificate.hpp"

#include <memory>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "must.hpp"

namespace kaudit::test {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

std::string text_of(const Bio& bio) {
  std::string text(BIO_ctrl_pending(bio.get()), '\0');
  must(BIO_read(bio.get(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size()));
  return text;
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

void sign(X509* certificate, EVP_PKEY* own_key, const TestCertificate* issuer) {
  if (issuer == nullptr) {
    must(X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1);
    must(X509_sign(certificate, own_key, EVP_sha256()) > 0);
    return;
  }
  const Bio certificate_text(BIO_new_mem_buf(issuer->certificate.data(), -1), BIO_free);
  const Bio key_text(BIO_new_mem_buf(issuer->key.data(), -1), BIO_free);
  const Certificate above(PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr), X509_free);
  const Key key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  must(X509_set_issuer_name(certificate, X509_get_subject_name(above.get())) == 1);
  must(X509_sign(certificate, key.get(), EVP_sha256()) > 0);
}

}  // namespace

TestCertificate make_certificate(const std::string& name, const std::string& alternative_names,
                                 const TestCertificate* issuer, const std::vector<std::string>& organizations) {
  const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const Certificate certificate(X509_new(), X509_free);
  std::int64_t serial = 0;
  must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), 7) == 1);
  must(X509_set_version(certificate.get(), 2) == 1);
  must(ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate.get()), serial) == 1);
  must(X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60) != nullptr);
  must(X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600) != nullptr);
  must(X509_set_pubkey(certificate.get(), key.get()) == 1);
  const auto add_name = [&](const char* kind, const std::string& value) {
    must(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), kind, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(value.data()), -1, -1, 0) == 1);
  };
  for (const std::string& organization : organizations) add_name("O", organization);
  add_name("CN", name);
  add_extension(certificate.get(), NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (!alternative_names.empty()) add_extension(certificate.get(), NID_subject_alt_name, alternative_names);
  sign(certificate.get(), key.get(), issuer);
  const Bio certificate_text(BIO_new(BIO_s_mem()), BIO_free);
  const Bio key_text(BIO_new(BIO_s_mem()), BIO_free);
  must(PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1);
  must(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return {text_of(certificate_text), text_of(key_text)};
}

}  // namespace kaudit::test
