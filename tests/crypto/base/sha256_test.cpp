// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/sha256.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include "crypto/base/hash.h"

namespace resguardo {
namespace {

Bytes counted(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + 1);
  return bytes;
}

Digest by_libsodium(ByteView bytes) {
  Digest digest;
  EXPECT_EQ(crypto_hash_sha256(digest.bytes.data(), bytes.data(), bytes.size()), 0);
  return digest;
}

// FIPS 180-4's examples, as NIST publishes them.
TEST(Sha256Test, GivesTheStandardsDigests) {
  EXPECT_EQ(to_hex(sha256(ByteView()).view()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256(as_bytes("abc")).view()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      to_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).view()),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256Test, IsWhatLibsodiumSaysAtEveryLengthAroundTheBlocks) {
  for (std::size_t size = 0; size < 260; ++size) {
    const Bytes bytes = counted(size);
    EXPECT_EQ(sha256(bytes), by_libsodium(bytes)) << size;
  }
  const Bytes large = counted(100'000);
  EXPECT_EQ(sha256(large), by_libsodium(large));
}

TEST(Sha256Test, DoesNotMindHowItComesInPieces) {
  const Bytes bytes = counted(1000);
  const Digest whole = sha256(bytes);
  for (std::size_t piece : {1U, 3U, 63U, 64U, 65U, 999U}) {
    Sha256 hash;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      hash.add(ByteView(bytes).subspan(at, std::min(piece, bytes.size() - at)));
    EXPECT_EQ(hash.finish(), whole) << piece;
  }
  const ByteView all(bytes);
  EXPECT_EQ(sha256({all.first(1), all.subspan(1, 100), all.subspan(101)}), whole);
}

}  // namespace
}  // namespace resguardo
