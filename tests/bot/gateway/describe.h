// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "bot/gateway/gateway.h"

namespace resguardo::gateway::testing_support {

// An event on one line, everything of it, for comparing with a case file:
//   text from=wa:38163555010 id=w:wamid.A1 at=1790000100 text="start" reply_to="wamid.Q1"
// What is empty or not there is left out; control characters are \x00, quotes \".
std::string describe(const InboundEvent& event);
std::string describe(const SentStatus& status);
std::string describe_counts(const Delivery& delivery);

}  // namespace resguardo::gateway::testing_support
