// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "bot/dialogue/step.h"
#include "bot/gateway/event.h"
#include "bot/gateway/gateway.h"

namespace resguardo::intake {

// Between a messenger's words and the dialogue's. nullopt: not for the dialogue (IdentityChange).
std::optional<dialogue::Said> said_of(gateway::Content& content);
dialogue::ChannelKind channel_of(gateway::Channel channel);
std::string_view channel_name(gateway::Channel channel);
// What an edit or a deletion of it would name: Signal's files have a number more than their
// message.
std::string_view whole_message(const gateway::InboundEvent& event);

// The receipt's digits, if any, stand where the prompt has its mark.
SecretText with_receipt(std::string_view text, std::string_view receipt);
gateway::Reply reply_of(const dialogue::Prompt& prompt, std::string_view receipt);

}  // namespace resguardo::intake
