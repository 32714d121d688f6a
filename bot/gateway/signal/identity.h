// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string_view>

#include "bot/gateway/event.h"

namespace resguardo::gateway::signal {

constexpr std::string_view kAddressPrefix = "sg:";

bool is_number(std::string_view text);  // E.164 with +
// An account's id in lower case; nullopt: not a UUID, or the one that stands for nobody.
std::optional<SecretText> account_id(std::string_view text);

// "sg:uuid", the number going along if it is told; "sg:+number" if only that is known.
std::optional<Sender> sender_of(const boost::json::object& envelope);

// What a message of that sender is called: "s:uuid:timestamp".
SecretText message_id(const Sender& sender, std::uint64_t timestamp);

}  // namespace resguardo::gateway::signal
