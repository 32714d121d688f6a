// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/bot/intake/returning_people.h"

namespace resguardo::intake {

// Ana has told her report over WhatsApp and left; with her receipt somebody comes back on Signal.
class Returning : public ::testing::Test {
 protected:
  explicit Returning(testing_support::WorldOptions options = {}) : world_(std::move(options)) {}

  void SetUp() override {
    receipt_ = tell_report(world_, kAna);
    ASSERT_THAT(receipt_, ::testing::Not(::testing::IsEmpty()));
    say(world_, kAna, "SALIR");
    world_.replies(kAna);
  }
  std::string by_signal(const std::string& text) {
    EXPECT_EQ(world_.say(gateway::Channel::kSignal, kOtherPhone, text), 200U) << text;
    return last_text(world_, kOtherPhone);
  }
  std::string by_whatsapp(const std::string& text) {
    say(world_, kBea, text);
    return last_text(world_, kBea);
  }
  // From the other phone, up to the menu.
  std::string come_back() {
    EXPECT_THAT(world_.say_code(gateway::Channel::kSignal, kOtherPhone, receipt_),
                ::testing::SizeIs(1));
    by_signal("1");
    by_signal("1");
    return by_signal("1");  // the phone is theirs alone
  }
  // From a third one.
  std::string come_back_by_whatsapp() {
    EXPECT_THAT(world_.say_code(gateway::Channel::kWhatsApp, kBea, receipt_), ::testing::SizeIs(1));
    by_whatsapp("1");
    by_whatsapp("1");
    return by_whatsapp("1");
  }
  testing_support::OpenedReport opened() {
    const auto all = world_.open(0);
    EXPECT_THAT(all, ::testing::SizeIs(1));
    return all.empty() ? testing_support::OpenedReport{} : all.front();
  }
  // What was added, in the order of its records.
  std::vector<std::string> words() {
    std::vector<std::string> words;
    for (const auto& record : opened().testimony)
      for (const auto& entry : record.entries())
        if (entry.answer().node() == "add_story") words.push_back(entry.answer().text());
    return words;
  }

  testing_support::World world_;
  std::string receipt_;
};

}  // namespace resguardo::intake
