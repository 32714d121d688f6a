// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/padding.h"

#include <gtest/gtest.h>

namespace resguardo {
namespace {

SecretBuffer filled(std::size_t size) {
  SecretBuffer buffer;
  for (std::size_t i = 0; i < size; ++i) buffer.push_back(static_cast<std::uint8_t>(i | 1));
  return buffer;
}

TEST(SizeClassTest, ChangesOneByteAfterEachBorder) {
  const struct {
    std::size_t length, size;
  } cases[] = {{0, 256},     {255, 256},   {256, 512},    {511, 512},          {512, 1024},
               {1023, 1024}, {1024, 2048}, {2047, 2048},  {2048, 4096},        {4095, 4096},
               {4096, 8192}, {8191, 8192}, {8192, 12288}, {kMaxRecord, 262144}};
  for (const auto& c : cases) EXPECT_EQ(size_class(c.length), c.size) << c.length;
}

TEST(SizeClassTest, OnlyTheListedSizesAreClasses) {
  std::size_t classes = 0;
  for (std::size_t size = 0; size <= kMaxSizeClass + 8192; ++size)
    if (is_size_class(size)) ++classes;
  EXPECT_EQ(classes, 4U + kMaxSizeClass / 4096);
  for (const std::size_t size : {std::size_t{0}, std::size_t{128}, std::size_t{255},
                                 std::size_t{768}, std::size_t{6144}, kMaxSizeClass + 4096})
    EXPECT_FALSE(is_size_class(size)) << size;
}

TEST(PaddingTest, ComesBackAtEveryLengthAroundTheBorders) {
  for (const std::size_t length : {0U, 1U, 254U, 255U, 256U, 511U, 512U, 4095U, 4096U, 12287U}) {
    for (const std::size_t target : {size_class(length), size_class(length) + 8192}) {
      if (!is_size_class(target)) continue;
      SecretBuffer record = filled(length);
      ASSERT_TRUE(pad_record(record, target).ok()) << length;
      EXPECT_EQ(record.size(), target);
      EXPECT_EQ(unpadded_length(record.view()).value(), length);
      EXPECT_EQ(unpadded_length_offline(record.view()).value(), length);
      EXPECT_TRUE(equal(record.view().first(length), filled(length).view()));
    }
  }
}

TEST(PaddingTest, RefusesATargetThatIsNoClassOrTooSmall) {
  for (const std::size_t target : {std::size_t{0}, std::size_t{300}, std::size_t{256}}) {
    SecretBuffer record = filled(256);
    EXPECT_EQ(pad_record(record, target).error().fault, Fault::kRefused) << target;
    EXPECT_EQ(record.size(), 256U);
  }
}

TEST(PaddingTest, RefusesWhatIsNotPadded) {
  for (const auto& length_of : {unpadded_length, unpadded_length_offline}) {
    SecretBuffer zeros(256);
    EXPECT_EQ(length_of(zeros.view()).error().fault, Fault::kMalformed);
    SecretBuffer text = filled(256);
    EXPECT_EQ(length_of(text.view()).error().fault, Fault::kMalformed);
    SecretBuffer padded = filled(10);
    ASSERT_TRUE(pad_record(padded, 256).ok());
    for (std::size_t i = 11; i < 256; ++i) {
      SecretBuffer changed(padded.view());
      changed.span()[i] = 1;
      EXPECT_FALSE(length_of(changed.view()).ok()) << i;
    }
    EXPECT_FALSE(length_of(padded.view().first(255)).ok());
    EXPECT_FALSE(length_of({}).ok());
  }
}

}  // namespace
}  // namespace resguardo
