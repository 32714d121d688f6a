// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/world.h"

// Somebody on WhatsApp who begins a report. Use as a statement; look at HasFatalFailure() after.
namespace resguardo::testing_support {

// From hello to the consent question, which is not answered yet.
inline void walk_to_consent(World& world, const std::string& who) {
  for (const char* text : {"hola", "es", "1", "1", "1", "1", "1"})
    ASSERT_EQ(world.say(gateway::Channel::kWhatsApp, who, text), 200U) << text;
  const auto shown = world.replies(who);
  ASSERT_THAT(shown, ::testing::Not(::testing::IsEmpty()));
  ASSERT_EQ(shown.back().node, "consent");
}

inline void give_consent(World& world, const std::string& who) {
  ASSERT_NO_FATAL_FAILURE(walk_to_consent(world, who));
  ASSERT_EQ(world.tap(who, "consent:all"), 200U);
  ASSERT_THAT(world.replies(who), ::testing::SizeIs(1));
}

}  // namespace resguardo::testing_support
