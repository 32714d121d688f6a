// SPDX-License-Identifier: AGPL-3.0-or-later
// What was read of a person's words is in the record, in the form that analysts parse.
#include "bot/intake/record_builder.h"

#include <gtest/gtest.h>

#include <utility>

#include "crypto/base/random.h"
#include "proto/record.pb.h"

namespace resguardo::intake {
namespace {

class Zeros final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = 0;
  }
};

pb::Answer sealed(dialogue::Value value) {
  std::vector<dialogue::Given> given(1);
  given[0].node = "q";
  given[0].text = SecretText("words");
  given[0].value = std::move(value);
  Zeros salts;
  TurnStamp stamp{TimePoint{std::chrono::milliseconds(1)}, {}, {}};
  const auto records = records_of(given, stamp, salts);
  const auto bytes = records.testimony.view();
  pb::Record record;
  EXPECT_TRUE(record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  EXPECT_EQ(record.entries_size(), 1);
  EXPECT_EQ(record.entries(0).answer().text(), "words");
  return record.entries(0).answer();
}

TEST(RecordBuilderTest, SealsWhatWasRead) {
  EXPECT_EQ(sealed({}).value_case(), pb::Answer::VALUE_NOT_SET);
  const auto none = sealed(std::int64_t{0});
  EXPECT_EQ(none.value_case(), pb::Answer::kNumber);  // "nobody" is an answer
  EXPECT_EQ(sealed(std::int64_t{15}).number(), 15);
  const auto date = sealed(dialogue::DateValue{"2025-03~", "approx"}).date();
  EXPECT_EQ(date.edtf(), "2025-03~");
  EXPECT_EQ(date.precision(), "approx");
  const auto place = sealed(dialogue::PlaceValue{"mx-tijuana", "city"}).place();
  EXPECT_EQ(place.code(), "mx-tijuana");
  EXPECT_EQ(place.precision(), "city");
  const auto money = sealed(dialogue::MoneyValue{200'000, "MXN"}).money();
  EXPECT_EQ(money.minor_units(), 200'000);
  EXPECT_EQ(money.currency(), "MXN");
}

}  // namespace
}  // namespace resguardo::intake
