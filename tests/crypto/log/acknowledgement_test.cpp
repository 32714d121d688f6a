// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/acknowledgement.h"

#include <gtest/gtest.h>

#include "crypto/base/hash.h"
#include "tests/support/roster_fixture.h"

namespace resguardo {
namespace {

const TimePoint kNow = start_of(Day{20700});

class AcknowledgementTest : public ::testing::Test {
 protected:
  static testing_support::RosterFixture make() {
    return testing_support::make_roster(
        {.analysts = 2,
         .first_week = week_of(kNow),
         .weeks = 1,
         .reserve = false,
         .valid_days = 365,
         .log_keys = {PublicKey<LogRole>::from_bytes(
                          open::SecretKey<RootRole>::generate().value().public_key().view())
                          .value()},
         .log_origin = "example.org/log"});
  }
  Acknowledgement content() const {
    Acknowledgement made{"example.org/log",
                         fixture_.analysts[0].member(),
                         fixture_.roster.anchor().digest,
                         Day{20700},
                         2,
                         blake2b(as_bytes("root")),
                         "",
                         {}};
    for (const char* name : {"one", "two", "three"})
      made.segments.push_back({blake2b(as_bytes(name)), blake2b(as_bytes("chain")), true, true});
    std::sort(made.segments.begin(), made.segments.end());
    return made;
  }
  static std::string file(const Acknowledgement& content, const open::AnalystKeys& keys) {
    const Bytes exact = acknowledgement_bytes(content).value();
    return acknowledgement_file(exact, keys.identity().public_key(),
                                keys.identity().sign(Label::kSignAcknowledgement, exact))
        .value();
  }
  Result<Acknowledgement> verify(const std::string& text) const {
    return verify_acknowledgement(as_bytes(text), fixture_.roster);
  }
  testing_support::RosterFixture fixture_ = make();
};

TEST_F(AcknowledgementTest, SaysWhatItsMemberSaid) {
  const auto read = verify(file(content(), fixture_.analysts[0]));
  ASSERT_TRUE(read.ok()) << read.error().why.c_str();
  EXPECT_EQ(read->member, fixture_.analysts[0].member());
  EXPECT_EQ(read->log_size, 2U);
  EXPECT_EQ(read->segments, content().segments);
}

TEST_F(AcknowledgementTest, OneMemberCannotSpeakForAnother) {
  EXPECT_EQ(verify(file(content(), fixture_.analysts[1])).error().fault, Fault::kUnauthentic);
}

TEST_F(AcknowledgementTest, AStrangerIsNotHeard) {
  const auto stranger = make();
  Acknowledgement said = content();
  said.member = stranger.analysts[0].member();
  EXPECT_EQ(verify(file(said, stranger.analysts[0])).error().fault, Fault::kUnauthentic);
}

TEST_F(AcknowledgementTest, IsForOneServersLog) {
  Acknowledgement said = content();
  said.origin = "example.net/log";
  EXPECT_EQ(verify(file(said, fixture_.analysts[0])).error().fault, Fault::kRefused);
}

TEST_F(AcknowledgementTest, EveryChangedByteIsRefused) {
  const std::string text = file(content(), fixture_.analysts[0]);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string flipped = text;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    EXPECT_FALSE(verify(flipped).ok()) << at;
  }
}

TEST_F(AcknowledgementTest, NothingMalformedIsWritten) {
  Acknowledgement said = content();
  std::swap(said.segments[0], said.segments[1]);
  EXPECT_FALSE(acknowledgement_bytes(said).ok());
  said.segments.clear();
  EXPECT_FALSE(acknowledgement_bytes(said).ok());
  said = content();
  said.log_root.reset();
  EXPECT_FALSE(acknowledgement_bytes(said).ok());
  said = content();
  said.segments[0].testimony = said.segments[0].identity = false;
  EXPECT_FALSE(acknowledgement_bytes(said).ok());
}

TEST_F(AcknowledgementTest, HoldsNoMoreSegmentsThanALimit) {
  Acknowledgement said = content();
  said.segments.assign(kMaxAcknowledged + 1, said.segments[0]);
  for (std::size_t i = 0; i < said.segments.size(); ++i)
    for (std::size_t byte = 0; byte < 4; ++byte)
      said.segments[i].segment.bytes[byte] = static_cast<std::uint8_t>(i >> (8 * (3 - byte)));
  EXPECT_FALSE(acknowledgement_bytes(said).ok());
  said.segments.pop_back();
  const std::string text = file(said, fixture_.analysts[0]);
  EXPECT_LE(text.size(), kMaxAcknowledgementFile);
  EXPECT_TRUE(verify(text).ok());
}

}  // namespace
}  // namespace resguardo
