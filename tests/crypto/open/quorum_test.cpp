// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/quorum.h"

#include <gtest/gtest.h>

#include <bit>

#include "crypto/format/strict_parse.h"
#include "proto/envelope.pb.h"
#include "tests/crypto/open/fixed.h"
#include "tests/support/sealing_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo::open {
namespace {

using testing_support::make_quorum_readers;
using testing_support::make_slab;
using testing_support::make_turn;
using testing_support::QuorumPlan;
using testing_support::SeededRandom;
using testing_support::TestReaders;

// A segment of one row for the people of a plan, and everybody's share.
struct Sealed {
  explicit Sealed(const QuorumPlan& plan, StreamId which = StreamId::kIdentity)
      : readers(make_quorum_readers(plan, kWeek, which)), stream(which) {
    const auto slab = make_slab(1);
    SeededRandom ids(1);
    auto writer =
        SegmentWriter::begin(readers.recipients, {ids.make<ReportId>(), 0, {}}, *slab, ids);
    header = writer->header();
    row = writer->finish(make_turn(ids, kNow, "Nos quitaron todo"))->row;
    quorum.emplace(QuorumStream::of(header, which).value());
    for (const auto& keys : readers.keys) shares.push_back(quorum->own_share(keys).value());
  }
  // Those whose bits are set.
  std::vector<const QuorumShare*> of(std::uint32_t people) const {
    std::vector<const QuorumShare*> chosen;
    for (std::size_t i = 0; i < shares.size(); ++i)
      if ((people >> i & 1U) != 0) chosen.push_back(&shares[i]);
    return chosen;
  }
  StreamKeys with(const SecretBytes& key) const {
    StreamKeys keys{};
    keys.at(static_cast<std::size_t>(stream)) = &key;
    return keys;
  }

  TestReaders readers;
  StreamId stream;
  Bytes header, row;
  std::optional<QuorumStream> quorum;
  std::vector<QuorumShare> shares;
};

std::uint32_t low_bits(std::uint32_t count) {
  return (1U << count) - 1;
}

// Every set of people of every policy of up to four in each of two organisations: those that
// satisfy the policy open, all others get nothing.
void try_everybody(const QuorumPlan& plan) {
  const Sealed sealed(plan);
  const std::uint32_t house = low_bits(plan.house);
  const std::uint32_t everybody = low_bits(plan.house + plan.clinic);
  for (std::uint32_t people = 0; people <= everybody; ++people) {
    const auto here = static_cast<std::uint32_t>(std::popcount(people & house));
    const auto there = static_cast<std::uint32_t>(std::popcount(people & ~house));
    const bool enough = here >= plan.house_threshold && there >= plan.clinic_threshold;
    const auto key = sealed.quorum->combine(sealed.of(people));
    ASSERT_EQ(key.ok(), enough) << plan.house_threshold << "/" << plan.house << " "
                                << plan.clinic_threshold << "/" << plan.clinic << " " << people;
    if (!enough) {
      EXPECT_EQ(key.error().fault, Fault::kRefused);
      continue;
    }
    auto reader =
        SegmentReader::begin(sealed.header, sealed.readers.keys.front(), sealed.with(*key));
    ASSERT_TRUE(reader.ok());
    EXPECT_FALSE(reader->next(sealed.row)->identity.empty());
  }
}

TEST(QuorumTest, OneOrganisationOpensWithAsManyAsItSaysAndNoFewer) {
  for (std::uint32_t n = 2; n <= 4; ++n)
    for (std::uint32_t m = 2; m <= n; ++m) try_everybody({m, n, 0, 0});
}

class TwoOrganisationsTest : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(TwoOrganisationsTest, OpenTogetherAndNeitherAlone) {
  const std::uint32_t n = GetParam();
  for (std::uint32_t m = 1; m <= n; ++m)
    for (std::uint32_t other = 1; other <= 4; ++other)
      for (std::uint32_t k = 1; k <= other; ++k) try_everybody({m, n, k, other});
}

INSTANTIATE_TEST_SUITE_P(Members, TwoOrganisationsTest, ::testing::Values(1U, 2U, 3U, 4U));

// With only part of what it takes the sum of the others' secrets is open: any key is as likely.
TEST(QuorumTest, NoMemberAloneOpensAnEnvelopeOfAnother) {
  const Sealed sealed({2, 3, 1, 2});
  for (const auto& keys : sealed.readers.keys) {
    auto reader = SegmentReader::begin(sealed.header, keys);
    ASSERT_TRUE(reader.ok());
    EXPECT_TRUE(reader->reads(StreamId::kTestimony));
    EXPECT_FALSE(reader->reads(StreamId::kIdentity));
    const QuorumShare* share = reader->share(StreamId::kIdentity);
    ASSERT_NE(share, nullptr);
    EXPECT_EQ(sealed.quorum->seats()[share->place].member, keys.member());
    const auto opened = reader->next(sealed.row);
    ASSERT_TRUE(opened.ok());
    EXPECT_TRUE(opened->identity.empty());
    EXPECT_FALSE(opened->testimony.empty());
  }
}

TEST(QuorumTest, ATestimonyOfAQuorumIsSealedToo) {
  const Sealed sealed({1, 1, 1, 1}, StreamId::kTestimony);
  auto alone = SegmentReader::begin(sealed.header, sealed.readers.keys[0]).value();
  const auto row = alone.next(sealed.row);
  ASSERT_TRUE(row.ok());
  EXPECT_TRUE(row->testimony.empty());
  EXPECT_FALSE(row->identity.empty());
  const auto key = sealed.quorum->combine(sealed.of(3));
  ASSERT_TRUE(key.ok());
  auto together =
      SegmentReader::begin(sealed.header, sealed.readers.keys[0], sealed.with(*key)).value();
  EXPECT_FALSE(together.next(sealed.row)->testimony.empty());
}

TEST(QuorumTest, SaysHowManyMoreItTakesOfEachOrganisation) {
  const Sealed sealed({2, 3, 1, 2});
  using Missing = std::vector<std::uint32_t>;
  EXPECT_EQ(sealed.quorum->missing({}), (Missing{2, 1}));
  EXPECT_EQ(sealed.quorum->missing(sealed.of(0b00111)), (Missing{0, 1}));
  EXPECT_EQ(sealed.quorum->missing(sealed.of(0b11001)), (Missing{1, 0}));
}

TEST(QuorumTest, EveryFlippedBitOfAShareIsNoticed) {
  Sealed sealed({2, 2, 1, 1});
  QuorumShare& share = sealed.shares[1];
  for (std::size_t bit = 0; bit < 8 * share.value.size(); ++bit) {
    const auto flip = [&](std::span<std::uint8_t> bytes) {
      bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
    };
    share.value.write(flip);
    EXPECT_FALSE(sealed.quorum->check(share).ok()) << bit;
    EXPECT_FALSE(sealed.quorum->combine(sealed.of(7)).ok());
    share.value.write(flip);
  }
  for (std::size_t bit = 0; bit < 8 * share.commitments.size(); bit += 11) {
    share.commitments[bit / 8] =
        static_cast<std::uint8_t>(share.commitments[bit / 8] ^ 1U << bit % 8);
    EXPECT_EQ(sealed.quorum->check(share).error().fault, Fault::kUnauthentic);
    share.commitments[bit / 8] =
        static_cast<std::uint8_t>(share.commitments[bit / 8] ^ 1U << bit % 8);
  }
  EXPECT_TRUE(sealed.quorum->combine(sealed.of(7)).ok());
}

TEST(QuorumTest, SharesOfAnotherSegmentDoNotFit) {
  const Sealed one({1, 2, 1, 2});
  const Sealed other({1, 2, 1, 2});
  for (const QuorumShare& share : other.shares)
    EXPECT_EQ(one.quorum->check(share).error().fault, Fault::kUnauthentic);
}

TEST(QuorumTest, AKeyOfAnotherStreamIsRefused) {
  const Sealed one({1, 1, 1, 1});
  const Sealed other({1, 1, 1, 1});
  const auto key = other.quorum->combine(other.of(3)).value();
  EXPECT_EQ(SegmentReader::begin(one.header, one.readers.keys[0], one.with(key)).error().fault,
            Fault::kUnauthentic);
}

TEST(QuorumTest, AStreamForAnyIsNone) {
  const Sealed sealed({1, 1, 1, 1});
  EXPECT_EQ(QuorumStream::of(sealed.header, StreamId::kTestimony).error().fault, Fault::kNotFound);
}

// The secret of a group, its shares and those of the others are all different values.
TEST(QuorumTest, NoTwoMembersOfDifferentGroupsHoldOneValue) {
  const Sealed sealed({2, 3, 2, 3});
  std::set<std::string> values;
  for (const QuorumShare& share : sealed.shares)
    values.insert(share.value.read([](ByteView bytes) { return to_hex(bytes); }));
  EXPECT_EQ(values.size(), sealed.shares.size());
}

}  // namespace
}  // namespace resguardo::open
