// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/bytes.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace resguardo {
namespace {

static_assert(!std::is_convertible_v<ReportId, SetId>);
static_assert(!std::is_convertible_v<Digest, ReportId>);

TEST(HexTest, RoundTrips) {
  const Bytes bytes{0x00, 0x7f, 0xff};
  EXPECT_EQ(to_hex(bytes), "007fff");
  EXPECT_EQ(parse_hex("007fff").value(), bytes);
}

TEST(HexTest, RefusesUpperCaseOddLengthAndOtherText) {
  for (const char* text : {"00FF", "0", "zz", "00 ", " 00", "0x00"})
    EXPECT_FALSE(parse_hex(text).ok()) << text;
}

TEST(Base64Test, RoundTrips) {
  EXPECT_EQ(to_base64(as_bytes("resguardo")), "cmVzZ3VhcmRv");
  EXPECT_EQ(as_text(parse_base64("cmVzZ3VhcmRv").value()), "resguardo");
  EXPECT_EQ(parse_base64("").value(), Bytes{});
}

TEST(Base64Test, AcceptsOneTextForEachValue) {
  for (const char* text : {"QQ", "QQ=", "QR==", "QQ==\n", " QQ==", "Q Q=="})
    EXPECT_FALSE(parse_base64(text).ok()) << text;
  EXPECT_TRUE(parse_base64("QQ==").ok());
}

}  // namespace
}  // namespace resguardo
