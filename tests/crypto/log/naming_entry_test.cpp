// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/naming_entry.h"

#include <gtest/gtest.h>

#include <vector>

namespace resguardo {
namespace {

LogFact fact(LogKind kind, int day, int key = 0) {
  LogFact made;
  made.kind = kind;
  made.day = Day{20775 + day};
  if (key != 0) made.withdrawal_key_hash = Digest{{static_cast<std::uint8_t>(key)}};
  return made;
}

// The key, with "?" if it is disputed; "-": none.
std::string named(const std::vector<LogFact>& facts) {
  const NamingEntry found = naming_entry(facts);
  if (found.entry == nullptr) return "-";
  const auto& key = found.entry->withdrawal_key_hash;
  return (key ? std::to_string(key->bytes[0]) : "none") + (found.disputed ? "?" : "");
}

constexpr LogKind kReport = LogKind::kReport;
constexpr LogKind kAddendum = LogKind::kAddendum;
constexpr LogKind kIncomplete = LogKind::kIncomplete;

TEST(NamingEntryTest, IsTheFirstReport) {
  EXPECT_EQ(named({}), "-");
  EXPECT_EQ(named({fact(kIncomplete, 0)}), "-");
  EXPECT_EQ(named({fact(kReport, 0, 1)}), "1");
  EXPECT_EQ(named({fact(kReport, 0)}), "none");
  EXPECT_EQ(named({fact(kReport, 0, 1), fact(kReport, 1, 9), fact(kAddendum, 1, 9)}), "1");
  EXPECT_EQ(named({fact(LogKind::kWithdrawal, 0), fact(kReport, 0, 1)}), "1");
}

TEST(NamingEntryTest, IsNoneIfTheReportWasThereOnAnotherDay) {
  for (const LogKind kind : {kIncomplete, kAddendum})
    for (const int day : {-1, 1}) EXPECT_EQ(named({fact(kind, 0), fact(kReport, day, 9)}), "-");
}

TEST(NamingEntryTest, OfOneDayIsDisputedByWhatDiffers) {
  EXPECT_EQ(named({fact(kReport, 0, 1), fact(kReport, 0, 9)}), "1?");
  EXPECT_EQ(named({fact(kReport, 0, 1), fact(kReport, 0)}), "1?");
  EXPECT_EQ(named({fact(kReport, 0, 1), fact(kReport, -1, 9)}), "1?");
  EXPECT_EQ(named({fact(kReport, 0, 1), fact(kReport, 0, 1)}), "1") << "logged twice";
  EXPECT_EQ(named({fact(kReport, 0, 1), fact(kIncomplete, 0)}), "1?");
  EXPECT_EQ(named({fact(kIncomplete, 0), fact(kReport, 0, 1)}), "1?");
  EXPECT_EQ(named({fact(kReport, 0, 1), fact(kIncomplete, 1)}), "1");
}

TEST(NamingEntryTest, StandsBehindAnAddendumOfItsDay) {
  EXPECT_EQ(named({fact(kAddendum, 0), fact(kReport, 0, 1)}), "1");
  EXPECT_EQ(named({fact(kAddendum, -1), fact(kAddendum, 0), fact(kReport, 0, 1)}), "-");
}

}  // namespace
}  // namespace resguardo
