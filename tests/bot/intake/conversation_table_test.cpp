// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/conversation_table.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

#include "bot/gateway/event_maker.h"
#include "crypto/seal/segment_writer.h"
#include "tests/support/seeded_random.h"

namespace resguardo::intake {
namespace {

using State = pb::ConversationState;
using std::chrono::minutes;

class ConversationTableTest : public ::testing::Test {
 protected:
  // Somebody wrote at `start_`, and the turn is over.
  std::shared_ptr<Conversation> somebody(State::Phase phase) {
    Pending pending{gateway::EventMaker::make({}, SecretText("id"), start_, std::nullopt,
                                              gateway::IdentityChange{}),
                    start_,
                    {}};
    auto conversation = table_.enter(ids_.make<outbox::Person>(), std::nullopt, std::move(pending));
    EXPECT_TRUE(next_in_line(*conversation));
    EXPECT_FALSE(next_in_line(*conversation));
    conversation->state.set_phase(phase);
    conversation->state.set_language("ht");
    conversation->state.set_discreet(true);
    conversation->state.add_held()->set_text("CANARY");
    return conversation;
  }
  void forget_after(minutes silence) {
    table_.forget_silent({start_ - minutes(1), start_ + silence - minutes(30)});
  }

  const TimePoint start_{std::chrono::milliseconds(1'795'255'200'000)};
  testing_support::SeededRandom ids_{7};
  std::unique_ptr<LockedSlab> slab_ = LockedSlab::create(SegmentWriter::cell_size(), 4).value();
  Glossary glossary_;
  ConversationTable table_{{10}, *slab_, ids_, glossary_};
};

TEST_F(ConversationTableTest, WhatWasToldBeforeConsentGoesWithTheSilenceThatEndsIt) {
  for (const auto phase : {State::PHASE_NEW, State::PHASE_BEFORE_CONSENT}) {
    const auto conversation = somebody(phase);
    forget_after(minutes(29));
    EXPECT_EQ(conversation->state.held_size(), 1);
    forget_after(minutes(31));
    EXPECT_EQ(conversation->state.held_size(), 0);
    EXPECT_EQ(conversation->state.language(), "");
    EXPECT_TRUE(conversation->state.discreet()) << "what they see is still taken back";
  }
}

TEST_F(ConversationTableTest, WhatTheStoreMayHaveStays) {
  const auto open = somebody(State::PHASE_OPEN);
  const auto left = somebody(State::PHASE_STRANGER);
  const auto known = somebody(State::PHASE_BEFORE_CONSENT);
  known->tag.emplace();
  const auto unknown = somebody(State::PHASE_BEFORE_CONSENT);
  unknown->uncertain.emplace();
  forget_after(minutes(300));
  for (const auto& one : {open, left, known, unknown}) EXPECT_EQ(one->state.held_size(), 1);
  EXPECT_EQ(table_.size(), 4U);
}

TEST_F(ConversationTableTest, KeysOfWhoCameBackGoWithTheSilenceWhateverIsUncertain) {
  const auto one = somebody(State::PHASE_RETURNED);
  one->uncertain.emplace();
  one->returned = std::make_unique<ReturnSession>(ReturnSession{
      {}, {}, SecretBytes::allocate(32).value(), SecretBytes::allocate(32).value(), {}, {}});
  forget_after(minutes(29));
  EXPECT_TRUE(one->returned);
  forget_after(minutes(31));
  EXPECT_FALSE(one->returned);
  EXPECT_TRUE(one->uncertain) << "what the store may have is still asked for";
}

// Many people at a small table: two conversations may lie open beside those at work.
class CrowdedTableTest : public ::testing::Test {
 protected:
  CrowdedTableTest() {
    for (auto& person : people_) person = ids_.make<outbox::Person>();
  }
  std::shared_ptr<Conversation> enter(std::size_t who, TimePoint now) {
    return table_.enter(people_.at(who), std::nullopt,
                        {gateway::EventMaker::make({}, SecretText("id"), now, std::nullopt,
                                                   gateway::IdentityChange{}),
                         now,
                         {}});
  }
  // A turn that says how often this person has spoken. The number of the turn.
  std::int64_t speak(std::size_t who, TimePoint now) {
    const auto conversation = enter(who, now);
    EXPECT_TRUE(next_in_line(*conversation));
    conversation->loaded = true;
    conversation->state.set_last_said_ms(conversation->state.last_said_ms() + 1);
    EXPECT_FALSE(next_in_line(*conversation));
    return conversation->state.last_said_ms();
  }

  // Somebody with up to two names speaks; how often that conversation was spoken in.
  std::uint64_t turns(const outbox::Person& person, std::optional<outbox::Person> also) {
    const auto one =
        table_.enter(person, also,
                     {gateway::EventMaker::make({}, SecretText("id"), kStart, std::nullopt,
                                                gateway::IdentityChange{}),
                      kStart,
                      {}});
    EXPECT_TRUE(next_in_line(*one));
    EXPECT_FALSE(next_in_line(*one));
    return ++one->turns;
  }

  static constexpr TimePoint kStart{std::chrono::milliseconds(1'795'255'200'000)};
  testing_support::SeededRandom ids_{7};
  std::array<outbox::Person, 8> people_;
  std::unique_ptr<LockedSlab> slab_ = LockedSlab::create(SegmentWriter::cell_size(), 8).value();
  Glossary glossary_;
  ConversationTable table_{{10, 2}, *slab_, ids_, glossary_};
};

TEST_F(CrowdedTableTest, WhoSpokeLongestAgoIsPackedAndComesBackAsTheyWere) {
  for (std::int64_t times = 1; times <= 3; ++times)
    for (std::size_t who = 0; who < people_.size(); ++who) {
      EXPECT_EQ(speak(who, kStart), times);
      EXPECT_LE(table_.open(), 3U);
    }
  EXPECT_EQ(table_.size(), people_.size());
  EXPECT_GT(table_.packed_size(), 0U);
}

TEST_F(CrowdedTableTest, WhoseTurnOrReplyIsUnderWayStaysOpen) {
  std::vector<std::shared_ptr<Conversation>> held;
  for (std::size_t who = 0; who < people_.size(); ++who) held.push_back(enter(who, kStart));
  EXPECT_EQ(table_.open(), people_.size()) << "turns";
  for (const auto& one : held) {
    EXPECT_TRUE(next_in_line(*one));
    EXPECT_FALSE(next_in_line(*one));
  }
  table_.pack_quiet(TimePoint::max());
  EXPECT_EQ(table_.open(), people_.size()) << "replies";
  held.clear();
  table_.pack_quiet(TimePoint::max());
  EXPECT_EQ(table_.open(), 0U);
}

TEST_F(CrowdedTableTest, TwoNamesLeadToOneConversationAlsoToAPackedOne) {
  const outbox::Person second = ids_.make<outbox::Person>();
  EXPECT_EQ(turns(people_[0], std::nullopt), 1U);
  table_.pack_quiet(TimePoint::max());
  EXPECT_EQ(turns(second, people_[0]), 2U);
  table_.pack_quiet(TimePoint::max());
  EXPECT_EQ(turns(second, std::nullopt), 3U);
  table_.forget_silent({kStart + minutes(1), kStart});
  EXPECT_EQ(table_.size(), 0U);
}

// A number that passed to another account leads to that one's conversation, and to nobody else's.
TEST_F(CrowdedTableTest, ANameThatPassedToSomebodyElseDoesNotBringTheConversationAlong) {
  const outbox::Person number = ids_.make<outbox::Person>();
  EXPECT_EQ(turns(people_[0], number), 1U);
  EXPECT_EQ(turns(people_[1], number), 1U) << "somebody else";
  EXPECT_EQ(turns(people_[0], std::nullopt), 2U);
  EXPECT_EQ(turns(number, std::nullopt), 2U) << "whose it is now";
  EXPECT_EQ(turns(people_[0], number), 3U) << "and nobody's is lost";
}

TEST_F(CrowdedTableTest, ThoseSilentLongestLeaveAFullTableButNotWhoIsOwedSomething) {
  for (std::size_t who = 0; who < people_.size(); ++who) speak(who, kStart + minutes(who));
  {
    const auto owed = enter(0, kStart);
    EXPECT_TRUE(next_in_line(*owed));
    EXPECT_FALSE(next_in_line(*owed));
    owed->wipe_owed = true;
  }
  table_.pack_quiet(TimePoint::max());
  for (int newcomer = 0; newcomer < 3; ++newcomer) {
    people_[7] = ids_.make<outbox::Person>();
    EXPECT_EQ(speak(7, kStart + minutes(60)), 1);
  }
  EXPECT_LE(table_.size(), 10U);
  EXPECT_TRUE(enter(0, kStart + minutes(61))->wipe_owed);
  EXPECT_EQ(speak(1, kStart + minutes(61)), 1) << "that one had to leave";
}

TEST_F(CrowdedTableTest, HoweverManyStrangersComeWhomTheStoreKnowsStays) {
  for (const std::size_t known : {0U, 1U}) {
    const auto one = enter(known, kStart);
    EXPECT_TRUE(next_in_line(*one));
    one->loaded = true;
    one->tag.emplace();
    one->state.set_last_said_ms(1);
    EXPECT_FALSE(next_in_line(*one));
  }
  for (int newcomer = 0; newcomer < 100; ++newcomer) {
    people_[7] = ids_.make<outbox::Person>();
    EXPECT_EQ(speak(7, kStart + minutes(60 + newcomer)), 1);
  }
  EXPECT_LE(table_.size(), 10U);
  for (const std::size_t known : {0U, 1U}) EXPECT_EQ(speak(known, kStart + minutes(200)), 2);
}

TEST_F(CrowdedTableTest, AnswersBeforeConsentAreForgottenAlsoWhenPacked) {
  {
    const auto one = enter(0, kStart);
    EXPECT_TRUE(next_in_line(*one));
    EXPECT_FALSE(next_in_line(*one));
    one->state.set_phase(State::PHASE_BEFORE_CONSENT);
    one->state.add_held()->set_text("CANARY");
  }
  table_.pack_quiet(TimePoint::max());
  const auto size = table_.packed_size();
  table_.forget_silent({kStart - minutes(1), kStart + minutes(1)});
  EXPECT_LT(table_.packed_size(), size);
  EXPECT_EQ(enter(0, kStart)->state.held_size(), 0);
}

// Events arrive while others are packed: each finds its conversation as the last turn left it.
TEST_F(CrowdedTableTest, NothingIsLostBetweenThreads) {
  constexpr int kTimes = 300;
  std::atomic<bool> over{false};
  std::thread packer([&] {
    while (!over) table_.pack_quiet(TimePoint::max());
  });
  std::vector<std::thread> speakers;
  for (std::size_t first = 0; first < 4; ++first)
    speakers.emplace_back([&, first] {
      for (std::int64_t times = 1; times <= kTimes; ++times)
        for (std::size_t who = first; who < people_.size(); who += 4)
          EXPECT_EQ(speak(who, kStart), times);
    });
  for (auto& one : speakers) one.join();
  over = true;
  packer.join();
}

}  // namespace
}  // namespace resguardo::intake
