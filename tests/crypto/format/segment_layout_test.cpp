// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/segment_layout.h"

#include <gtest/gtest.h>

#include "crypto/base/hash.h"

namespace resguardo {
namespace {

Digest digest_of(std::uint8_t byte) {
  Digest digest;
  digest.bytes.fill(byte);
  return digest;
}

TEST(RowContextTest, IsHeaderDigestThenCompartmentThenLittleEndianSequence) {
  const auto context = row_context(digest_of(0xab), 1, 0x0102030405060708);
  std::string expected;
  for (int i = 0; i < 32; ++i) expected += "ab";
  EXPECT_EQ(to_hex(context), expected + "01" + "0807060504030201");
}

TEST(EnvelopePlainTest, IsSecretThenSetDigestThenLittleEndianIndex) {
  std::array<std::uint8_t, kEnvelopePlainSize> plain{};
  write_envelope_plain(digest_of(0x11).view(), digest_of(0x22), 0x01020304, plain);
  EXPECT_EQ(to_hex(ByteView(plain).first(32)), to_hex(digest_of(0x11).view()));
  EXPECT_EQ(to_hex(ByteView(plain).subspan(32, 32)), to_hex(digest_of(0x22).view()));
  EXPECT_EQ(to_hex(ByteView(plain).last(4)), "04030201");
  EXPECT_TRUE(envelope_fits(plain, digest_of(0x22), 0x01020304));
  EXPECT_FALSE(envelope_fits(plain, digest_of(0x23), 0x01020304));
  EXPECT_FALSE(envelope_fits(plain, digest_of(0x22), 0x02020304));
}

TEST(RecordDigestTest, HashesTheSaltBeforeTheRecord) {
  Bytes record = {0x0a, 0x10};
  const Bytes salt = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  record.insert(record.end(), salt.begin(), salt.end());
  record.push_back(0x10);
  record.push_back(0x05);
  Bytes both = salt;
  both.insert(both.end(), record.begin(), record.end());
  EXPECT_EQ(record_digest(record).value(), blake2b(both));
}

TEST(RecordDigestTest, RefusesARecordThatDoesNotStartWithASaltOfSixteenBytes) {
  Bytes record(18, 0);
  EXPECT_FALSE(record_digest(record).ok());
  record[0] = 0x0a;
  record[1] = 0x0f;
  EXPECT_FALSE(record_digest(record).ok());
  record[1] = 0x10;
  EXPECT_TRUE(record_digest(record).ok());
  record.pop_back();
  EXPECT_FALSE(record_digest(record).ok());
  EXPECT_FALSE(record_digest({}).ok());
}

}  // namespace
}  // namespace resguardo
