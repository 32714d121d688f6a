// SPDX-License-Identifier: AGPL-3.0-or-later
// Segments for a quorum against what Python's integers and PyNaCl made (make_quorum_vectors.py).
#include <gtest/gtest.h>

#include "crypto/open/quorum.h"
#include "tests/golden/faults.h"
#include "tests/golden/vector.h"
#include "tests/support/paths.h"

namespace resguardo::open {
namespace {

using testing_support::GoldenVector;
using testing_support::kFaultNames;

std::filesystem::path quorum_folder() {
  return testing_support::source_dir() / "tests" / "golden" / "quorum";
}

SecretBytes secret_of(ByteView bytes) {
  Bytes copy = to_bytes(bytes);
  return SecretBytes::take(copy).value();
}

// The lines `holder`: an id and the week's secret.
std::vector<AnalystKeys> holders(const GoldenVector& vector) {
  std::vector<AnalystKeys> all;
  for (const Bytes& line : vector.list("holder")) {
    const ByteView bytes(line);
    auto& keys = all.emplace_back(MemberId::from(bytes.first(16)).value(),
                                  SecretKey<AnalystRole>::generate().value());
    keys.add_epoch(parse_week(vector.text("week")).value(),
                   SecretKey<EpochRole>::from_secret(secret_of(bytes.subspan(16))).value());
  }
  return all;
}

struct Brought {
  std::vector<QuorumShare> shares;
  std::optional<Error> error;  // of the first that is refused
  std::uint32_t place = 0;     // whose
};

Brought bring(const GoldenVector& vector, const QuorumStream& stream) {
  Brought brought;
  const auto take = [&](Result<QuorumShare> share, std::uint32_t place) {
    if (share.ok()) {
      brought.shares.push_back(std::move(share).value());
    } else if (!brought.error) {
      brought.error = share.error();
      brought.place = place;
    }
  };
  for (const AnalystKeys& keys : holders(vector)) {
    const auto seat = std::ranges::find(stream.seats(), keys.member(), &QuorumStream::Seat::member);
    take(stream.own_share(keys), static_cast<std::uint32_t>(seat - stream.seats().begin()));
  }
  for (const Bytes& line : vector.list("share")) {
    const ByteView bytes(line);
    std::uint32_t place = 0;
    for (std::size_t i = 4; i > 0; --i) place = place << 8 | bytes[i - 1];
    QuorumShare share{place, secret_of(bytes.subspan(4, 32)), to_bytes(bytes.subspan(36))};
    const Status checked = stream.check(share);
    take(checked.ok() ? Result<QuorumShare>(std::move(share)) : checked.error(), place);
  }
  return brought;
}

void expect_fault(const Error& error, const GoldenVector& vector) {
  EXPECT_EQ(error.fault, kFaultNames.at(vector.text("expect"))) << error.why.view();
}

void expect_opens(const GoldenVector& vector, const SecretBytes& key) {
  const AnalystKeys stranger(MemberId{}, SecretKey<AnalystRole>::generate().value());
  const auto all = holders(vector);
  auto reader = SegmentReader::begin(vector.bytes("header"), all.empty() ? stranger : all.front(),
                                     {nullptr, &key});
  ASSERT_TRUE(reader.ok()) << reader.error().why.view();
  const auto testimony = vector.list("testimony");
  const auto identity = vector.list("identity");
  const auto rows = vector.list("row");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto opened = reader->next(rows[i]);
    ASSERT_TRUE(opened.ok()) << opened.error().why.view();
    EXPECT_EQ(to_hex(opened->testimony.view()), to_hex(testimony.at(i)));
    EXPECT_EQ(to_hex(opened->identity.view()), to_hex(identity.at(i)));
  }
  EXPECT_TRUE(reader->finished());
}

class GoldenQuorumTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenQuorumTest, OpensOrFailsAsItSays) {
  const auto vector = GoldenVector::read(quorum_folder() / (GetParam() + ".txt"));
  const bool success = vector.text("expect") == "success";
  const std::string fails_at = success ? "" : vector.text("fails_at");
  const auto stream = QuorumStream::of(vector.bytes("header"), StreamId::kIdentity);
  if (fails_at == "header") {
    ASSERT_FALSE(stream.ok());
    expect_fault(stream.error(), vector);
    return;
  }
  ASSERT_TRUE(stream.ok()) << stream.error().why.view();
  const Brought brought = bring(vector, *stream);
  ASSERT_EQ(brought.error.has_value(), fails_at == "share");
  if (brought.error) {
    expect_fault(*brought.error, vector);
    EXPECT_EQ(std::to_string(brought.place), vector.text("place"));
    return;
  }
  std::vector<const QuorumShare*> shares;
  for (const QuorumShare& share : brought.shares) shares.push_back(&share);
  const auto key = stream->combine(shares);
  ASSERT_EQ(key.ok(), success) << (key.ok() ? "opened" : key.error().why.view());
  if (!success) return expect_fault(key.error(), vector);
  expect_opens(vector, *key);
}

INSTANTIATE_TEST_SUITE_P(Quorum, GoldenQuorumTest,
                         ::testing::ValuesIn(testing_support::vectors_in(quorum_folder())),
                         testing_support::name_of_vector);

// Alone, a member reads what is not sealed for the quorum, and holds a share that fits.
TEST(GoldenQuorumTest, OneMemberReadsTheTestimonyAndHoldsAShare) {
  const auto vector = GoldenVector::read(quorum_folder() / "two_of_three_and_one_of_two.txt");
  const auto all = holders(vector);
  auto reader = SegmentReader::begin(vector.bytes("header"), all.front());
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE(reader->reads(StreamId::kTestimony));
  EXPECT_FALSE(reader->reads(StreamId::kIdentity));
  EXPECT_EQ(reader->share(StreamId::kTestimony), nullptr);
  ASSERT_NE(reader->share(StreamId::kIdentity), nullptr);
  EXPECT_EQ(reader->share(StreamId::kIdentity)->place, 0U);
  for (const Bytes& row : vector.list("row")) {
    const auto opened = reader->next(row);
    ASSERT_TRUE(opened.ok());
    EXPECT_FALSE(opened->testimony.empty());
    EXPECT_TRUE(opened->identity.empty());
  }
  EXPECT_TRUE(reader->finished());
}

}  // namespace
}  // namespace resguardo::open
