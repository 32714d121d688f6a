// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <utility>

namespace resguardo::http {
namespace {

constexpr const char* kTls12Ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

// A key under a passphrase would make OpenSSL ask on the terminal: it is refused instead.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

Result<TlsContext> make_context(asio::ssl::context::method method) {
  auto context = std::make_shared<asio::ssl::context>(method);
  SSL_CTX* native = context->native_handle();
  if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(native, kTls12Ciphers) != 1) {
    return Error{Fault::kUnavailable, "OpenSSL cannot do TLS 1.2 with forward secrecy"};
  }
  // What was deciphered is overwritten once handed over, and idle connections hold no buffers.
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                  SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_default_passwd_cb(native, no_passphrase);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  if (SSL_CTX_set_num_tickets(native, 0) != 1) {
    return Error{Fault::kUnavailable, "OpenSSL cannot switch session tickets off"};
  }
  return context;
}

Error key_error(const boost::system::error_code& error) {
  const auto code = static_cast<unsigned long>(static_cast<unsigned>(error.value()));
  if (ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH)
    return {Fault::kMalformed, "the TLS key is not the certificate's"};
  return {Fault::kMalformed, "the TLS key file cannot be used"};
}

std::optional<TimePoint> moment(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return TimePoint(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace

Result<TlsContext> load_server_tls(const TlsFiles& files) {
  RESGUARDO_TRY(TlsContext context, make_context(asio::ssl::context::tls_server));
  boost::system::error_code error;
  context->use_certificate_chain_file(files.certificate_chain, error);
  if (error) return Error{Fault::kMalformed, "the TLS certificate file cannot be used"};
  context->use_private_key_file(files.private_key, asio::ssl::context::pem, error);
  if (error) return key_error(error);
  // A key of another kind than the certificate's is taken, and no handshake succeeds.
  if (SSL_CTX_check_private_key(context->native_handle()) != 1)
    return Error{Fault::kMalformed, "the TLS key is not the certificate's"};
  return context;
}

Result<Validity> validity_of(const TlsContext& context) {
  const X509* first = SSL_CTX_get0_certificate(context->native_handle());
  const auto from = first == nullptr ? std::nullopt : moment(X509_get0_notBefore(first));
  const auto until = first == nullptr ? std::nullopt : moment(X509_get0_notAfter(first));
  if (!from || !until) return Error{Fault::kMalformed, "the TLS certificate says no time"};
  return Validity{*from, *until};
}

Result<Validity> check_tls(const TlsFiles& files) {
  RESGUARDO_TRY(const TlsContext context, load_server_tls(files));
  return validity_of(context);
}

Result<TlsContext> load_client_tls(const std::string& ca_file) {
  RESGUARDO_TRY(TlsContext context, make_context(asio::ssl::context::tls_client));
  boost::system::error_code error;
  if (ca_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->load_verify_file(ca_file, error);
  }
  if (error) return Error{Fault::kMalformed, "the certificate authorities cannot be read"};
  context->set_verify_mode(asio::ssl::verify_peer, error);
  if (error) return Error{Fault::kUnavailable, "OpenSSL cannot verify peers"};
  return context;
}

}  // namespace resguardo::http
