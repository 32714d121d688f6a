// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/http/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace resguardo::http::testing {
namespace {

void check(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

struct File {
  explicit File(const std::string& path) : stream(std::fopen(path.c_str(), "wb")) {
    check(stream != nullptr, "cannot write a certificate");
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { static_cast<void>(std::fclose(stream)); }  // a short file fails where it is read
  std::FILE* stream;
};

void add_extension(X509* certificate, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), X509_EXTENSION_free);
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

void write_key(const std::string& path, EVP_PKEY* key) {
  const File file(path);
  check(PEM_write_PrivateKey(file.stream, key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "write key");
}

}  // namespace

CertificateFiles make_certificate(const std::filesystem::path& directory, const std::string& stem,
                                  const std::string& alternative_names) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  check(key && certificate, "memory");
  X509* x = certificate.get();
  check(X509_set_version(x, X509_VERSION_3) == 1, "version");
  check(ASN1_INTEGER_set(X509_get_serialNumber(x),
                         static_cast<long>(std::hash<std::string>{}(stem) >> 40)) == 1,
        "serial");
  check(X509_gmtime_adj(X509_getm_notBefore(x), -3600) != nullptr, "not before");
  check(X509_gmtime_adj(X509_getm_notAfter(x), 3600) != nullptr, "not after");
  check(X509_set_pubkey(x, key.get()) == 1, "public key");
  X509_NAME* name = X509_get_subject_name(x);
  const auto* text = reinterpret_cast<const unsigned char*>(stem.c_str());
  check(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1, "name");
  check(X509_set_issuer_name(x, name) == 1, "issuer");
  add_extension(x, NID_subject_alt_name, alternative_names);
  add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
  check(X509_sign(x, key.get(), EVP_sha256()) > 0, "sign");

  CertificateFiles files{directory / (stem + ".pem"), directory / (stem + ".key")};
  const File certificate_file(files.certificate);
  check(PEM_write_X509(certificate_file.stream, x) == 1, "write certificate");
  write_key(files.key, key.get());
  return files;
}

std::string make_rsa_key(const std::filesystem::path& directory, const std::string& stem) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}), EVP_PKEY_free);
  check(key != nullptr, "memory");
  const std::string path = directory / (stem + ".key");
  write_key(path, key.get());
  return path;
}

}  // namespace resguardo::http::testing
