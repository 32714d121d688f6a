// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/plain_name.h"

#include <gtest/gtest.h>

#include <string>

namespace resguardo {
namespace {

TEST(PlainNameTest, TakesNamesOfManyScripts) {
  for (const char* name : {"a", "Legal team 2", "Ángela Ñ.", "Òganizasyon", "组织", "مؤسسة", "🕊"})
    EXPECT_TRUE(is_plain_name(name)) << name;
}

TEST(PlainNameTest, HoldsItsLimit) {
  EXPECT_TRUE(is_plain_name(std::string(kMaxName, 'x')));
  EXPECT_FALSE(is_plain_name(std::string(kMaxName + 1, 'x')));
  EXPECT_FALSE(is_plain_name(""));
}

TEST(PlainNameTest, RefusesWhatMovesACursorOrHides) {
  for (const char* name :
       {" a", "a ", "a\nb", "a\tb", "\x1b[31m", "a\x7f", "a\xc2\x9b", "a\xe2\x80\xaelmth",
        "a\xe2\x80\xa8", "a\xe2\x81\xa6", "\xef\xbb\xbf", "a\xe2\x80\x8b"})
    EXPECT_FALSE(is_plain_name(name)) << name;
  EXPECT_FALSE(is_plain_name(std::string_view("a\0b", 3)));
}

TEST(PlainNameTest, RefusesWhatIsNotUtf8) {
  for (const char* name :
       {"\x80", "\xc3", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82", "\xe2\x28\xa1"})
    EXPECT_FALSE(is_plain_name(name));
}

}  // namespace
}  // namespace resguardo
