// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/team_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "storage/memory_store.h"
#include "tests/support/faulty_store.h"

namespace resguardo::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::MatchesRegex;
using ::testing::SizeIs;
using testing_support::FaultyStore;

class TeamCodesTest : public ::testing::Test {
 protected:
  TeamCodes read(storage::Store& store) { return TeamCodes::read(store, key(7)).value(); }
  TeamCodes read() { return read(*store_); }
  static SecretBytes key(std::uint8_t fill) {
    Bytes bytes(32, fill);
    return SecretBytes::take(bytes).value();
  }
  static std::vector<std::string> handles(const TeamCodes& codes) {
    std::vector<std::string> all;
    for (const auto& each : codes.list()) all.push_back(each.handle());
    return all;
  }

  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  Day today_{20'778};
};

TEST_F(TeamCodesTest, ACodeIsKnownAfterARestartAndStandsForItsHandle) {
  TeamCodes codes = read();
  EXPECT_FALSE(codes.handle_of("ABCD-EFGH-JKMN")) << "none was made";
  const auto made = codes.add(*store_, 3, today_).value();
  ASSERT_THAT(made, SizeIs(3));
  std::set<std::string> different;
  for (const TeamCodes& each : {read(), std::move(codes)}) {
    EXPECT_THAT(handles(each), ElementsAre("team-1", "team-2", "team-3"));
    for (const auto& code : made) {
      EXPECT_THAT(
          std::string(code.words.reveal()),
          MatchesRegex("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"));
      EXPECT_EQ(each.handle_of(code.words.reveal()), code.code.handle());
      different.insert(std::string(code.words.reveal()));
    }
  }
  EXPECT_THAT(different, SizeIs(3));
}

TEST_F(TeamCodesTest, ItIsReadAsPeopleWriteIt) {
  TeamCodes codes = read();
  std::string code;
  for (int i = 0; i < 100 && code.find_first_of("01") == std::string::npos; ++i) {
    code = codes.add(*store_, 1, today_).value()[0].words.reveal();
  }
  const std::string handle = codes.handle_of(code).value();
  std::string small, gaps, bare, mixed, dashes;
  for (const char c : code) {
    const char low = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    small += low;
    gaps += c == '-' ? ' ' : c;
    if (c != '-') bare += c;
    mixed += c == '0' ? 'o' : c == '1' ? 'l' : c;
    dashes.append(c == '-' ? " – " : std::string(1, c));
  }
  for (const auto& typed : {small, gaps, bare, mixed, dashes, "  " + code + ".\n"})
    EXPECT_EQ(codes.handle_of(typed), handle) << typed;
  for (const auto& wrong : {code.substr(1), code + "0", std::string(), std::string(5000, 'A')})
    EXPECT_FALSE(codes.handle_of(wrong)) << wrong.size();
  std::string one_off = bare;
  one_off[3] = one_off[3] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(codes.handle_of(one_off));
}

TEST_F(TeamCodesTest, WhoWasWithdrawnIsRefusedAndNoHandleComesTwice) {
  TeamCodes codes = read();
  const auto made = codes.add(*store_, 2, today_).value();
  EXPECT_EQ(codes.remove(*store_, {"team-1", "team-9"}).value(), 1U) << "not all: none";
  EXPECT_THAT(handles(read()), SizeIs(2));
  EXPECT_EQ(codes.remove(*store_, {"team-2"}).value(), 1U);
  EXPECT_FALSE(codes.handle_of(made[1].words.reveal()));
  EXPECT_FALSE(read().handle_of(made[1].words.reveal()));
  EXPECT_EQ(read().handle_of(made[0].words.reveal()), "team-1");
  EXPECT_EQ(codes.add(*store_, 1, today_).value()[0].code.handle(), "team-3");
}

TEST_F(TeamCodesTest, AnotherMasterKeyKnowsNoCode) {
  const auto made = read().add(*store_, 1, today_).value();
  EXPECT_FALSE(TeamCodes::read(*store_, key(8)).value().handle_of(made[0].words.reveal()));
}

TEST_F(TeamCodesTest, NotMoreThanMayBeGood) {
  TeamCodes codes = read();
  ASSERT_TRUE(codes.add(*store_, TeamCodes::kMost, today_).ok());
  EXPECT_EQ(codes.add(*store_, 1, today_).error().fault, Fault::kConflict);
  ASSERT_TRUE(codes.remove(*store_, {"team-5"}).ok());
  EXPECT_TRUE(codes.add(*store_, 1, today_).ok());
}

TEST_F(TeamCodesTest, WhatIsDamagedIsSaidAndNotGuessed) {
  ASSERT_TRUE(read().add(*store_, 1, today_).ok());
  auto bytes = store_->fact("team_codes").value().value();
  bytes.pop_back();
  ASSERT_TRUE(store_->set_fact("team_codes", bytes).ok());
  EXPECT_EQ(TeamCodes::read(*store_, key(7)).error().fault, Fault::kMalformed);
}

// Whatever call fails, in whatever way: memory has what it had, the disk has that or all of the
// new, and codes that are not concerned are good.
TEST_F(TeamCodesTest, AFaultAtAnyCallLosesNothing) {
  const auto first = read().add(*store_, 1, today_).value();
  const std::string kept(first[0].words.reveal());
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
    FaultyStore reading(*store_);
    reading.fail_at(1, fate);
    EXPECT_EQ(TeamCodes::read(reading, key(7)).error().fault, Fault::kUnavailable);
    FaultyStore adding(*store_);
    TeamCodes codes = read(adding);
    const std::size_t before = codes.list().size();
    adding.fail_at(2, fate);
    EXPECT_EQ(codes.add(adding, 2, today_).error().fault, Fault::kUnavailable);
    EXPECT_THAT(codes.list(), SizeIs(before));
    EXPECT_EQ(codes.handle_of(kept), "team-1");
    const bool done = fate == FaultyStore::Fate::kAfter;
    EXPECT_THAT(read().list(), SizeIs(before + (done ? 2 : 0)));
    EXPECT_EQ(read().handle_of(kept), "team-1");
  }
  TeamCodes codes = read();
  FaultyStore removing(*store_);
  removing.fail_at(1, FaultyStore::Fate::kBefore);
  EXPECT_FALSE(codes.remove(removing, {codes.list().back().handle()}).ok());
  EXPECT_THAT(read().list(), SizeIs(codes.list().size()));
  EXPECT_EQ(read().handle_of(kept), "team-1");
}

}  // namespace
}  // namespace resguardo::intake
