// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/sqlcipher_pages.h"

#include <openssl/evp.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace resguardo::testing_support {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kReserve = 80;
constexpr std::size_t kSalt = 16;
constexpr std::size_t kWalHeader = 32;
constexpr std::size_t kFrameHeader = 24;

Bytes content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A page that was never written (zeros) comes out as noise, which is fine for a hunt.
Bytes decrypt_page(ByteView page, ByteView key, bool first) {
  const ByteView sealed = page.first(kPage - kReserve).subspan(first ? kSalt : 0);
  const ByteView iv = page.subspan(kPage - kReserve, 16);
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher(EVP_CIPHER_CTX_new(),
                                                                               EVP_CIPHER_CTX_free);
  Bytes plain(sealed.size() + 16);
  int size = 0;
  if (EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_cbc(), nullptr, key.data(), iv.data()) != 1 ||
      EVP_CIPHER_CTX_set_padding(cipher.get(), 0) != 1 ||
      EVP_DecryptUpdate(cipher.get(), plain.data(), &size, sealed.data(),
                        static_cast<int>(sealed.size())) != 1)
    throw std::runtime_error("a page cannot be decrypted");
  plain.resize(static_cast<std::size_t>(size));
  return plain;
}

bool contains(ByteView where, std::string_view what) {
  return as_text(where).find(what) != std::string_view::npos;
}

}  // namespace

std::vector<Bytes> decrypt_pages(const std::filesystem::path& file, ByteView key) {
  const Bytes content = content_of(file);
  const bool wal = file.string().ends_with("-wal");
  const std::size_t step = kPage + (wal ? kFrameHeader : 0);
  std::vector<Bytes> pages;
  for (std::size_t at = wal ? kWalHeader : 0; at + step <= content.size(); at += step) {
    const ByteView frame = ByteView(content).subspan(at, step);
    const bool first =
        wal ? frame[0] == 0 && frame[1] == 0 && frame[2] == 0 && frame[3] == 1 : at == 0;
    pages.push_back(decrypt_page(frame.last(kPage), key, first));
  }
  return pages;
}

bool occurs_in_pages(const std::filesystem::path& file, ByteView key, std::string_view planted) {
  const auto pages = decrypt_pages(file, key);
  return std::any_of(pages.begin(), pages.end(),
                     [&](const Bytes& page) { return contains(page, planted); });
}

bool occurs_in_files(const std::filesystem::path& directory, std::string_view planted) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    if (entry.is_regular_file() && contains(content_of(entry.path()), planted)) return true;
  return false;
}

}  // namespace resguardo::testing_support
