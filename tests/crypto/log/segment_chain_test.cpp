// SPDX-License-Identifier: AGPL-3.0-or-later
// Expected values: Python's hashlib, over the same bytes.
#include "crypto/log/segment_chain.h"

#include <gtest/gtest.h>

namespace resguardo {
namespace {

TEST(SegmentChainTest, IsTheHashOfHashAndRow) {
  SegmentChain chain = SegmentChain::begin(as_bytes("header"));
  EXPECT_EQ(to_hex(chain.digest().view()),
            "1e0584a25d9f43bf5cbd0aec01eb1af2220ed085b4e7f1837b0d89958cae353a");
  chain.add(as_bytes("row 0"));
  chain.add(as_bytes("row 1"));
  EXPECT_EQ(to_hex(chain.digest().view()),
            "c0b176fed738b2446ccba61495e9fec5b1f6f53756d5b532a58a66598fe79b5e");
}

TEST(SegmentChainTest, GoesOnFromItsState) {
  SegmentChain chain = SegmentChain::begin(as_bytes("header"));
  chain.add(as_bytes("row 0"));
  SegmentChain resumed = SegmentChain::resume(chain.digest());
  chain.add(as_bytes("row 1"));
  resumed.add(as_bytes("row 1"));
  EXPECT_EQ(resumed.digest(), chain.digest());
}

TEST(SegmentChainTest, DependsOnTheOrderOfItsRows) {
  SegmentChain one = SegmentChain::begin(as_bytes("header"));
  SegmentChain other = one;
  one.add(as_bytes("row 0"));
  one.add(as_bytes("row 1"));
  other.add(as_bytes("row 1"));
  other.add(as_bytes("row 0"));
  EXPECT_NE(one.digest(), other.digest());
}

TEST(ReportDigestTest, CoversSegmentsThenMedia) {
  SegmentChain chain = SegmentChain::begin(as_bytes("header"));
  chain.add(as_bytes("row 0"));
  chain.add(as_bytes("row 1"));
  const Digest segment = chain.digest();
  const Digest media;
  const auto both = report_digest({&segment, 1}, {&media, 1});
  EXPECT_EQ(to_hex(both.view()),
            "458539202ad3b2e55731c0a221daf63affc4269a63fceb73da34222028c9e4bd");
  EXPECT_NE(report_digest({&segment, 1}), both);
  EXPECT_NE(report_digest({&media, 1}, {&segment, 1}), both);
}

}  // namespace
}  // namespace resguardo
