// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/entry_day.h"

#include <gtest/gtest.h>

#include "crypto/format/strict_parse.h"
#include "proto/log.pb.h"

namespace resguardo {
namespace {

pb::LogEntry an_entry(std::int64_t day) {
  pb::LogEntry entry;
  entry.set_salt(std::string(16, 's'));
  entry.set_kind(pb::LOG_ADDENDUM);
  entry.set_id(std::string(16, 'i'));
  entry.set_digest(std::string(32, 'd'));
  entry.set_day(day);
  return entry;
}

TEST(EntryDayTest, NothingButTheDayChanges) {
  const Bytes undated = serialize_canonical(an_entry(0));
  EXPECT_EQ(entry_on(undated, Day{20000}).value(), serialize_canonical(an_entry(20000)));
  EXPECT_EQ(entry_on(serialize_canonical(an_entry(19000)), Day{20000}).value(),
            serialize_canonical(an_entry(20000)));
}

TEST(EntryDayTest, WhatIsNoEntryHasNoDay) {
  EXPECT_EQ(entry_on(as_bytes("an entry"), Day{1}).error().fault, Fault::kMalformed);
}

}  // namespace
}  // namespace resguardo
