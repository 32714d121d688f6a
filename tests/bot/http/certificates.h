// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace resguardo::http::testing {

// Throw-away certificates, made by OpenSSL's library in a directory of the test's.
struct CertificateFiles {
  std::string certificate;  // self-signed: also the authority a client trusts
  std::string key;
};
// `alternative_names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
CertificateFiles make_certificate(const std::filesystem::path& directory, const std::string& stem,
                                  const std::string& alternative_names);

// Of another kind than those certificates have.
std::string make_rsa_key(const std::filesystem::path& directory, const std::string& stem);

}  // namespace resguardo::http::testing
