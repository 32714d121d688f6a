// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/conversation.h"

#include <gtest/gtest.h>

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
  ConversationTable table_{10, *slab_, ids_};
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

}  // namespace
}  // namespace resguardo::intake
