// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/naming_entry.h"

#include <gtest/gtest.h>

#include <vector>

namespace resguardo {
namespace {

LogFact entry_of(LogKind kind, int day, int key = 0) {
  LogFact made;
  made.kind = kind;
  made.day = Day{20775 + day};
  if (key != 0) made.withdrawal_key_hash = Digest{{static_cast<std::uint8_t>(key)}};
  return made;
}

// The key, with "?" if it is disputed; "-": none.
std::string names(const std::vector<LogFact>& facts) {
  const NamingEntry found = naming_entry(facts);
  if (found.entry == nullptr) return "-";
  const auto& key = found.entry->withdrawal_key_hash;
  return (key ? std::to_string(key->bytes[0]) : "none") + (found.disputed ? "?" : "");
}

constexpr LogKind kWhole = LogKind::kReport;
constexpr LogKind kAddendum = LogKind::kAddendum;
constexpr LogKind kIncomplete = LogKind::kIncomplete;

TEST(NamingEntryTest, IsTheFirstReport) {
  EXPECT_EQ(names({}), "-");
  EXPECT_EQ(names({entry_of(kIncomplete, 0)}), "-");
  EXPECT_EQ(names({entry_of(kWhole, 0, 1)}), "1");
  EXPECT_EQ(names({entry_of(kWhole, 0)}), "none");
  EXPECT_EQ(names({entry_of(kWhole, 0, 1), entry_of(kWhole, 1, 9), entry_of(kAddendum, 1, 9)}),
            "1");
  EXPECT_EQ(names({entry_of(LogKind::kWithdrawal, 0), entry_of(kWhole, 0, 1)}), "1");
}

TEST(NamingEntryTest, IsNoneIfTheReportWasThereOnAnotherDay) {
  for (const LogKind kind : {kIncomplete, kAddendum})
    for (const int day : {-1, 1})
      EXPECT_EQ(names({entry_of(kind, 0), entry_of(kWhole, day, 9)}), "-");
}

TEST(NamingEntryTest, OfOneDayIsDisputedByWhatDiffers) {
  EXPECT_EQ(names({entry_of(kWhole, 0, 1), entry_of(kWhole, 0, 9)}), "1?");
  EXPECT_EQ(names({entry_of(kWhole, 0, 1), entry_of(kWhole, 0)}), "1?");
  EXPECT_EQ(names({entry_of(kWhole, 0, 1), entry_of(kWhole, -1, 9)}), "1?");
  EXPECT_EQ(names({entry_of(kWhole, 0, 1), entry_of(kWhole, 0, 1)}), "1") << "logged twice";
  EXPECT_EQ(names({entry_of(kWhole, 0, 1), entry_of(kIncomplete, 0)}), "1?");
  EXPECT_EQ(names({entry_of(kIncomplete, 0), entry_of(kWhole, 0, 1)}), "1?");
  EXPECT_EQ(names({entry_of(kWhole, 0, 1), entry_of(kIncomplete, 1)}), "1");
}

TEST(NamingEntryTest, StandsBehindAnAddendumOfItsDay) {
  EXPECT_EQ(names({entry_of(kAddendum, 0), entry_of(kWhole, 0, 1)}), "1");
  EXPECT_EQ(names({entry_of(kAddendum, -1), entry_of(kAddendum, 0), entry_of(kWhole, 0, 1)}), "-");
}

}  // namespace
}  // namespace resguardo
