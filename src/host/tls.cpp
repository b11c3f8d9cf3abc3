#include "tls.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <type_traits>
#include <vector>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <sys/socket.h>

#include "kaudit/host/certificate.hpp"
#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

using Outcome = HttpAnswer::Outcome;

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* owned) const {
    release(owned);
  }
};
template <typename T, auto release>
using Owned = std::unique_ptr<T, Release<release>>;

using Certificate = Owned<X509, X509_free>;

/// What OpenSSL complained of first; `otherwise` if it did not. Its queue is empty afterwards.
std::string complaint(const std::string& otherwise) {
  const char* text = ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  return text != nullptr ? text : otherwise;
}

Trouble failure(const std::string& what, const std::string& why) { return {Outcome::failed, what + ": " + why}; }

Owned<BIO, BIO_free> memory(const std::string& bytes) {
  return Owned<BIO, BIO_free>(
      BIO_new_mem_buf(bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX))));
}

/// Every certificate of a PEM text, other blocks left out.
std::vector<Certificate> certificates_in(const std::string& pem) {
  std::vector<Certificate> certificates;
  const auto text = memory(pem);
  while (X509* read = PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)) certificates.emplace_back(read);
  ERR_clear_error();  // "no start line" is how the end is said
  return certificates;
}

std::string der_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

/// In place of OpenSSL's own check of a chain. `argument`: the pinned certificates, DER.
int is_pinned(X509_STORE_CTX* context, void* argument) {
  const auto& pinned = *static_cast<const std::vector<std::string>*>(argument);
  X509* leaf = X509_STORE_CTX_get0_cert(context);
  if (leaf != nullptr && std::find(pinned.begin(), pinned.end(), der_of(leaf)) != pinned.end()) return 1;
  X509_STORE_CTX_set_error(context, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

/// Every value of one kind in a subject, in its order, as UTF-8.
std::vector<std::string> values_of(const X509_NAME* subject, int kind) {
  std::vector<std::string> values;
  int at = -1;
  while ((at = X509_NAME_get_index_by_NID(subject, kind, at)) >= 0) {
    unsigned char* bytes = nullptr;
    const int size = ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0) continue;
    values.emplace_back(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
  }
  return values;
}

/// Before anything else of OpenSSL: what openssl.cnf and $OPENSSL_CONF say would load modules into a static program.
void initialise() { OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr); }

int no_passphrase(char*, int, int, void*) { return -1; }  // OpenSSL would ask the terminal for one

// The socket as OpenSSL uses it. Its own kind would write without MSG_NOSIGNAL, and a server that hangs up would end
// the program.
int socket_of(BIO* bio) { return static_cast<const Descriptor*>(BIO_get_data(bio))->get(); }

int read_socket(BIO* bio, char* into, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t got = uninterrupted([&] { return ::recv(socket_of(bio), into, static_cast<std::size_t>(size), 0); });
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  if (got < 0 && errno == EAGAIN) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

int write_socket(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent =
      uninterrupted([&] { return ::send(socket_of(bio), from, static_cast<std::size_t>(size), MSG_NOSIGNAL); });
  if (sent < 0 && errno == EAGAIN) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

long control_socket(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return 0;
}

}  // namespace

struct TlsSession::State {
  const Descriptor* socket = nullptr;
  std::vector<std::string> pinned;
  Owned<BIO_METHOD, BIO_meth_free> method;
  Owned<SSL_CTX, SSL_CTX_free> context;
  Owned<SSL, SSL_free> session;

  [[nodiscard]] std::optional<Trouble> trust(const TlsTrust& trust);
  [[nodiscard]] std::optional<Trouble> show(const ClientIdentity& identity);
  [[nodiscard]] std::optional<Trouble> name(const HttpRequest& request);
  [[nodiscard]] bool attach();
  template <typename Step>
  [[nodiscard]] std::optional<Trouble> repeat(const Deadline& deadline, Step step);
};

std::optional<Trouble> TlsSession::State::trust(const TlsTrust& trust) {
  SSL_CTX_set_verify(context.get(), trust.kind == TlsTrust::Kind::anyone ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  if (trust.kind == TlsTrust::Kind::anyone) return std::nullopt;
  const std::vector<Certificate> certificates = certificates_in(trust.certificates);
  if (certificates.empty()) return Trouble{Outcome::failed, "there is no certificate to know the server by"};
  if (trust.kind == TlsTrust::Kind::pinned) {
    for (const Certificate& certificate : certificates) pinned.push_back(der_of(certificate.get()));
    SSL_CTX_set_cert_verify_callback(context.get(), is_pinned, &pinned);
    return std::nullopt;
  }
  X509_STORE* store = SSL_CTX_get_cert_store(context.get());
  // Any certificate may be an anchor, not only one that signed itself: so do Go's programs read such a file.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  for (const Certificate& certificate : certificates) static_cast<void>(X509_STORE_add_cert(store, certificate.get()));
  return std::nullopt;
}

std::optional<Trouble> TlsSession::State::show(const ClientIdentity& identity) {
  if (identity.certificate.empty()) return std::nullopt;
  const std::string what = "the client certificate cannot be used";
  const std::vector<Certificate> chain = certificates_in(identity.certificate);
  if (chain.empty()) return failure(what, "it holds no certificate");
  const auto text = memory(identity.key);
  const Owned<EVP_PKEY, EVP_PKEY_free> key(PEM_read_bio_PrivateKey(text.get(), nullptr, no_passphrase, nullptr));
  if (!key) return failure(what, complaint("its key cannot be read"));
  for (const Certificate& certificate : chain) {
    const bool is_first = &certificate == &chain.front();
    const long is_used = is_first ? SSL_CTX_use_certificate(context.get(), certificate.get())
                                  : SSL_CTX_add1_chain_cert(context.get(), certificate.get());
    if (is_used != 1) return failure(what, complaint("unknown"));
  }
  if (SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) return failure(what, complaint("it is not its key"));
  return std::nullopt;
}

std::optional<Trouble> TlsSession::State::name(const HttpRequest& request) {
  std::string name = request.server_name.empty() ? request.address : request.server_name;
  const bool is_address = is_numeric_address(name);
  // What the macro SSL_set_tlsext_host_name stands for, without its cast.
  const auto greet_by = [&] {
    return SSL_ctrl(session.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  };
  bool is_set = is_address || greet_by() == 1;
  if (is_set && request.trust.kind == TlsTrust::Kind::authority) {
    // As Go: the alternative names alone count, and a wildcard stands for a whole label.
    SSL_set_hostflags(session.get(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    is_set = is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session.get()), name.c_str()) == 1
                        : SSL_set1_host(session.get(), name.c_str()) == 1;
  }
  if (is_set) return std::nullopt;
  return failure("the server's name cannot be used", complaint("unknown"));
}

bool TlsSession::State::attach() {
  method.reset(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "socket"));
  if (!method || BIO_meth_set_read(method.get(), read_socket) != 1 ||
      BIO_meth_set_write(method.get(), write_socket) != 1 || BIO_meth_set_ctrl(method.get(), control_socket) != 1) {
    return false;
  }
  BIO* bio = BIO_new(method.get());
  if (bio == nullptr) return false;
  BIO_set_data(bio, const_cast<Descriptor*>(socket));  // NOLINT(cppcoreguidelines-pro-type-const-cast): only read
  BIO_set_init(bio, 1);
  SSL_set_bio(session.get(), bio, bio);
  return true;
}

/// Repeats a step of OpenSSL until it is done (true), waiting for the socket between.
template <typename Step>
std::optional<Trouble> TlsSession::State::repeat(const Deadline& deadline, Step step) {
  while (true) {
    if (deadline.left_ms() == 0) return Trouble{Outcome::timed_out, "timed out"};
    ERR_clear_error();
    errno = 0;
    const int result = step();
    if (result > 0) return std::nullopt;
    const int number = errno;
    switch (SSL_get_error(session.get(), result)) {
      case SSL_ERROR_ZERO_RETURN:
        return std::nullopt;
      case SSL_ERROR_WANT_READ:
        if (auto trouble = wait_for(*socket, Direction::reading, deadline)) return trouble;
        break;
      case SSL_ERROR_WANT_WRITE:
        if (auto trouble = wait_for(*socket, Direction::writing, deadline)) return trouble;
        break;
      default:
        return failure("TLS", complaint(number != 0 ? reason(number) : "the connection ended"));
    }
  }
}

TlsSession::TlsSession() : m_state(std::make_unique<State>()) {}
TlsSession::~TlsSession() = default;

std::optional<Trouble> TlsSession::open(const HttpRequest& request, const Descriptor& socket,
                                        const Deadline& deadline) {
  initialise();
  m_state->socket = &socket;
  m_state->context.reset(SSL_CTX_new(TLS_client_method()));
  if (!m_state->context) return failure("TLS", complaint("cannot be initialised"));
  SSL_CTX_set_min_proto_version(m_state->context.get(), TLS1_2_VERSION);
  if (auto trouble = m_state->trust(request.trust)) return trouble;
  if (auto trouble = m_state->show(request.identity)) return trouble;
  m_state->session.reset(SSL_new(m_state->context.get()));
  if (!m_state->session || !m_state->attach()) return failure("TLS", complaint("cannot be initialised"));
  if (auto trouble = m_state->name(request)) return trouble;
  auto trouble = m_state->repeat(deadline, [&] { return SSL_connect(m_state->session.get()); });
  const long verdict = SSL_get_verify_result(m_state->session.get());
  if (trouble && request.trust.kind != TlsTrust::Kind::anyone && verdict != X509_V_OK) {
    const bool is_pinned = request.trust.kind == TlsTrust::Kind::pinned;
    return Trouble{Outcome::untrusted, is_pinned ? "another certificate than the server's own was presented"
                                                 : X509_verify_cert_error_string(verdict)};
  }
  return trouble;
}

std::optional<Trouble> TlsSession::send_all(std::string_view bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    auto trouble = m_state->repeat(
        deadline, [&] { return SSL_write_ex(m_state->session.get(), bytes.data(), bytes.size(), &sent); });
    if (trouble) return trouble;
    if (sent == 0) return Trouble{Outcome::failed, "TLS: the connection ended"};
    bytes.remove_prefix(sent);
  }
  return std::nullopt;
}

std::optional<Trouble> TlsSession::receive(std::string& bytes, const Deadline& deadline) {
  std::array<char, 16384> block;
  std::size_t got = 0;
  auto trouble =
      m_state->repeat(deadline, [&] { return SSL_read_ex(m_state->session.get(), block.data(), block.size(), &got); });
  if (!trouble) bytes.append(block.data(), got);
  return trouble;
}

std::optional<CertificateSubject> subject_of(const std::string& pem) {
  initialise();
  const std::vector<Certificate> certificates = certificates_in(pem);
  if (certificates.empty()) return std::nullopt;
  const X509_NAME* subject = X509_get_subject_name(certificates.front().get());
  const std::vector<std::string> names = values_of(subject, NID_commonName);
  return CertificateSubject{names.empty() ? std::string() : names.back(), values_of(subject, NID_organizationName)};
}

std::optional<std::string> pair_problem(const std::string& certificate, const std::string& key) {
  initialise();
  const std::vector<Certificate> certificates = certificates_in(certificate);
  if (certificates.empty()) return "there is no certificate in it";
  const auto text = memory(key);
  const Owned<EVP_PKEY, EVP_PKEY_free> read(PEM_read_bio_PrivateKey(text.get(), nullptr, no_passphrase, nullptr));
  if (!read) return complaint("the key cannot be read");
  if (X509_check_private_key(certificates.front().get(), read.get()) != 1) return complaint("it is not its key");
  return std::nullopt;
}

}  // namespace kaudit::host
