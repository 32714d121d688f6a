// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/header_wrap.h"

#include <gtest/gtest.h>

#include "tests/storage/script.h"

namespace resguardo::storage {
namespace {

SecretBytes slot_key(std::uint8_t byte) {
  Bytes bytes(32, byte);
  return SecretBytes::take(bytes).value();
}

const HeaderPlace kPlace{report_id(1), 2, segment_id(3)};

TEST(HeaderWrapTest, OpensInItsPlaceWithItsKeyAndNowhereElse) {
  const Bytes header = text("a segment's header");
  const Bytes wrapped = wrap_header(header, kPlace, slot_key(1)).value();
  EXPECT_EQ(as_text(wrapped).find("header"), std::string_view::npos);
  EXPECT_EQ(unwrap_header(wrapped, kPlace, slot_key(1)).value(), header);
  EXPECT_FALSE(unwrap_header(wrapped, kPlace, slot_key(2)).ok());
  for (const HeaderPlace& other :
       {HeaderPlace{report_id(2), 2, segment_id(3)}, HeaderPlace{report_id(1), 3, segment_id(3)},
        HeaderPlace{report_id(1), 2, segment_id(4)}})
    EXPECT_EQ(unwrap_header(wrapped, other, slot_key(1)).error().fault, Fault::kUnauthentic);
}

TEST(HeaderWrapTest, EveryChangedBitAndEveryLengthIsRefused) {
  const Bytes wrapped = wrap_header(text("header"), kPlace, slot_key(1)).value();
  for (std::size_t bit = 0; bit < wrapped.size() * 8; ++bit) {
    Bytes changed = wrapped;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(unwrap_header(changed, kPlace, slot_key(1)).ok()) << bit;
  }
  for (std::size_t size = 0; size < wrapped.size(); ++size)
    EXPECT_FALSE(unwrap_header(ByteView(wrapped).first(size), kPlace, slot_key(1)).ok()) << size;
}

TEST(HeaderWrapTest, TheSameHeaderIsNeverTheSameTwice) {
  EXPECT_NE(wrap_header(text("header"), kPlace, slot_key(1)).value(),
            wrap_header(text("header"), kPlace, slot_key(1)).value());
  EXPECT_EQ(
      unwrap_header(wrap_header({}, kPlace, slot_key(1)).value(), kPlace, slot_key(1)).value(),
      Bytes());
}

}  // namespace
}  // namespace resguardo::storage
