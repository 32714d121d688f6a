// SPDX-License-Identifier: AGPL-3.0-or-later
// The envelopes by themselves, without the reader that refuses earlier.
#include <gtest/gtest.h>
#include <sodium.h>

#include <set>

#include "crypto/base/hash.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"
#include "proto/envelope.pb.h"
#include "tests/support/sealing_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo {
namespace {

using testing_support::SeededRandom;
using testing_support::TestReaders;

const Week kWeek = parse_week("2026-W47").value();
constexpr int kReaders = 5;

class EnvelopeTest : public ::testing::Test {
 protected:
  EnvelopeTest() {
    SeededRandom ids(1);
    const auto slab = testing_support::make_slab(1);
    const auto writer =
        SegmentWriter::begin(readers_.recipients, {ids.make<ReportId>(), 0, {}}, *slab, ids);
    header_ = parse_strict<pb::SegmentHeader>(writer->header()).value();
  }
  const pb::StreamHeader& stream(StreamId id) const {
    return id == StreamId::kTestimony ? header_.testimony() : header_.identity();
  }
  using Plain = std::array<std::uint8_t, kEnvelopePlainSize>;
  std::optional<Plain> opened(const std::string& envelope, std::size_t reader) const {
    const auto* key = readers_.keys.at(reader).epoch(kWeek);
    Plain plain{};
    const bool opens = key->secret().read([&](ByteView secret) {
      return crypto_box_seal_open(plain.data(), as_bytes(envelope).data(), envelope.size(),
                                  key->public_key().view().data(), secret.data()) == 0;
    });
    return opens ? std::optional(plain) : std::nullopt;
  }

  TestReaders readers_ = testing_support::make_readers(kReaders, kWeek);
  pb::SegmentHeader header_;
};

TEST_F(EnvelopeTest, EveryEnvelopeOpensForItsMemberAndNoOther) {
  for (const StreamId id : kStreams)
    for (int place = 0; place < kReaders; ++place)
      for (std::size_t reader = 0; reader < kReaders; ++reader)
        EXPECT_EQ(opened(stream(id).envelopes(place), reader).has_value(),
                  reader == static_cast<std::size_t>(place));
}

TEST_F(EnvelopeTest, EveryFlippedBitOfOneFails) {
  const std::string envelope = header_.testimony().envelopes(0);
  ASSERT_TRUE(opened(envelope, 0));
  for (std::size_t bit = 0; bit < envelope.size() * 8; ++bit) {
    std::string changed = envelope;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(opened(changed, 0)) << bit;
  }
}

TEST_F(EnvelopeTest, HoldsOneSecretForAllMembersAndAnotherForEachStream) {
  std::set<std::string> secrets;
  for (const StreamId id : kStreams) {
    std::set<std::string> of_stream;
    const Digest set = blake2b(as_bytes(stream(id).envelope_set()));
    for (std::uint32_t place = 0; place < kReaders; ++place) {
      const auto plain = opened(stream(id).envelopes(static_cast<int>(place)), place);
      ASSERT_TRUE(plain && envelope_fits(*plain, set, place));
      of_stream.insert(to_string(ByteView(*plain).first(kSetSecretSize)));
    }
    EXPECT_EQ(of_stream.size(), 1U);
    secrets.merge(of_stream);
  }
  EXPECT_EQ(secrets.size(), 2U);
}

}  // namespace
}  // namespace resguardo
