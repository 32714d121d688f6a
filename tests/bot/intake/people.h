// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "bot/gateway/event.h"
#include "tests/support/world.h"

// Who writes to the bot in the tests of this folder. The numbers are of the range that is given
// to nobody.
namespace resguardo::intake {

inline constexpr const char* kAna = "15550100001";
inline constexpr const char* kBea = "15550100002";

// One message over WhatsApp that the server has to take.
inline void say(testing_support::World& world, const std::string& who, const std::string& text) {
  ASSERT_EQ(world.say(gateway::Channel::kWhatsApp, who, text), 200U) << text;
}

}  // namespace resguardo::intake
