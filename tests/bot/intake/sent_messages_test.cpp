// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/sent_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace resguardo::intake {
namespace {

using dialogue::TakeBack;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> texts(const std::vector<SecretText>& ids) {
  std::vector<std::string> texts;
  for (const SecretText& id : ids) texts.emplace_back(id.reveal());
  return texts;
}

class SentMessagesTest : public ::testing::Test {
 protected:
  bool note(std::uint64_t turn, const char* id, bool receipt = false) {
    return sent_.note(turn, receipt, SecretText(id));
  }
  std::vector<std::string> gone(TakeBack which, std::uint64_t turn) {
    return texts(sent_.take_back(which, turn));
  }
  SentMessages sent_;
};

TEST_F(SentMessagesTest, TheReceiptStaysUntilEverythingGoes) {
  EXPECT_FALSE(note(1, "11"));
  EXPECT_FALSE(note(2, "22", true));
  EXPECT_THAT(gone(TakeBack::kNothing, 3), IsEmpty());
  EXPECT_THAT(gone(TakeBack::kQuestions, 3), ElementsAre("11"));
  EXPECT_THAT(gone(TakeBack::kQuestions, 3), IsEmpty());
  EXPECT_THAT(gone(TakeBack::kEverything, 4), ElementsAre("22"));
}

TEST_F(SentMessagesTest, ANameThatComesAfterItsMessageWasTakenBackIsTakenBackAtOnce) {
  EXPECT_THAT(gone(TakeBack::kQuestions, 5), IsEmpty());
  EXPECT_TRUE(note(4, "44"));
  EXPECT_FALSE(note(4, "44r", true));
  EXPECT_FALSE(note(5, "55"));
  EXPECT_THAT(gone(TakeBack::kEverything, 6), ElementsAre("44r", "55"));
  EXPECT_TRUE(note(5, "55r", true));
}

TEST_F(SentMessagesTest, SurvivesARestartInTheSealedState) {
  note(1, "11");
  note(2, "22", true);
  pb::ConversationState state;
  sent_.save(state);
  SentMessages after;
  after.load(state);
  EXPECT_THAT(texts(after.take_back(TakeBack::kEverything, 1)), ElementsAre("11", "22"));
  sent_.load(state);  // who knows already learns nothing twice
  EXPECT_THAT(gone(TakeBack::kEverything, 3), ElementsAre("11", "22"));
}

TEST_F(SentMessagesTest, NothingWithoutANameAndNotWithoutEnd) {
  EXPECT_FALSE(note(1, ""));
  EXPECT_FALSE(note(1, std::string(65, '1').c_str()));
  EXPECT_THAT(gone(TakeBack::kEverything, 1), IsEmpty());
  for (std::uint64_t turn = 1; turn <= 1000; ++turn) note(turn, std::to_string(turn).c_str());
  const auto all = gone(TakeBack::kEverything, 1001);
  EXPECT_EQ(all.size(), 256U);
  EXPECT_EQ(all.back(), "1000");  // the newest are the ones that can still be taken back
}

// What the store has is read from there, and comes before what was noted since.
TEST_F(SentMessagesTest, ArePackedInTwoParts) {
  const Glossary glossary;
  const Glossary::Reading reading(glossary);
  pb::ConversationState stored;
  note(1, "1795255200001");
  note(2, "not a number");
  sent_.save(stored);
  sent_.saved();
  note(3, "1795255200003");
  note(4, "0044", true);
  PackWriter memory(reading);
  PackWriter rest(reading);
  sent_.pack(memory, rest);
  EXPECT_LT(memory.size(), 20U);
  for (const bool whole : {true, false}) {
    PackReader from_memory(memory.view(), reading);
    PackReader from_rest(rest.view(), reading);
    SentMessages after;
    after.unpack(from_memory, whole ? &from_rest : nullptr);
    after.load(stored);
    EXPECT_THAT(texts(after.take_back(TakeBack::kEverything, 9)),
                ElementsAre("1795255200001", "not a number", "1795255200003", "0044"));
  }
}

// The store still has what was taken back: none of that is read again.
TEST_F(SentMessagesTest, WhatWasTakenBackDoesNotComeBackFromTheStore) {
  const Glossary glossary;
  const Glossary::Reading reading(glossary);
  pb::ConversationState stored;
  note(1, "11");
  sent_.save(stored);
  sent_.saved();
  gone(TakeBack::kQuestions, 2);
  note(2, "22");
  PackWriter memory(reading);
  PackWriter rest(reading);
  sent_.pack(memory, rest);
  PackReader from_memory(memory.view(), reading);
  SentMessages after;
  after.unpack(from_memory, nullptr);
  after.load(stored);
  EXPECT_THAT(texts(after.take_back(TakeBack::kEverything, 9)), ElementsAre("22"));
}

}  // namespace
}  // namespace resguardo::intake
