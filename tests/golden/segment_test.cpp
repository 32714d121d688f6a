// SPDX-License-Identifier: AGPL-3.0-or-later
// The reader against what PyNaCl sealed (make_segment_vectors.py).
#include <gtest/gtest.h>

#include <map>

#include "crypto/open/segment_reader.h"
#include "tests/golden/vector.h"
#include "tests/support/paths.h"

namespace resguardo {
namespace {

using open::AnalystKeys;
using open::SecretKey;
using open::SegmentReader;
using testing_support::GoldenVector;

const std::map<std::string, Fault> kFaults = {{"malformed", Fault::kMalformed},
                                              {"unauthentic", Fault::kUnauthentic},
                                              {"refused", Fault::kRefused},
                                              {"not_found", Fault::kNotFound}};

std::filesystem::path folder() {
  return testing_support::source_dir() / "tests" / "golden" / "segment";
}

AnalystKeys keys_of(const GoldenVector& vector) {
  const auto key = [&](std::string_view name) {
    Bytes secret = vector.bytes(name);
    return SecretKey<EpochRole>::from_secret(SecretBytes::take(secret).value()).value();
  };
  AnalystKeys keys(MemberId::from(vector.bytes("member")).value(),
                   SecretKey<AnalystRole>::generate().value());
  if (vector.has("epoch_secret"))
    keys.add_epoch(parse_week(vector.text("week")).value(), key("epoch_secret"));
  if (vector.has("reserve_secret")) keys.set_reserve(key("reserve_secret"));
  return keys;
}

class GoldenSegmentTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenSegmentTest, OpensOrFailsAsItSays) {
  const auto vector = GoldenVector::read(folder() / (GetParam() + ".txt"));
  const std::string expect = vector.text("expect");
  const bool success = expect == "success";
  const std::string place = success ? "" : vector.text("fails_at");
  auto reader = SegmentReader::begin(vector.bytes("header"), keys_of(vector));
  if (place == "header") {
    ASSERT_FALSE(reader.ok());
    EXPECT_EQ(reader.error().fault, kFaults.at(expect)) << reader.error().why.view();
    return;
  }
  ASSERT_TRUE(reader.ok()) << reader.error().why.view();
  EXPECT_EQ(reader->claims().reserve, vector.has("reserve_secret"));

  const auto rows = vector.list("row");
  const auto testimony = vector.list("testimony");
  const auto identity = vector.list("identity");
  const std::size_t whole = success ? rows.size() : std::stoul(place);
  ASSERT_EQ(testimony.size(), whole);
  for (std::size_t i = 0; i < whole; ++i) {
    const auto opened = reader->next(rows[i]);
    ASSERT_TRUE(opened.ok()) << opened.error().why.view();
    EXPECT_EQ(to_hex(opened->testimony.view()), to_hex(testimony[i]));
    EXPECT_EQ(to_hex(opened->identity.view()), to_hex(identity[i]));
  }
  if (success) {
    EXPECT_EQ(reader->finished(), GetParam() != "not_ended");
    return;
  }
  const auto failed = reader->next(rows.at(whole));
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().fault, kFaults.at(expect)) << failed.error().why.view();
}

INSTANTIATE_TEST_SUITE_P(Segment, GoldenSegmentTest,
                         ::testing::ValuesIn(testing_support::vectors_in(folder())),
                         [](const auto& vector) { return vector.param; });

}  // namespace
}  // namespace resguardo
