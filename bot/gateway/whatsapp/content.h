// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <variant>

#include "bot/gateway/event.h"

namespace resguardo::gateway::whatsapp {

struct NotForUs {};  // reactions, calls …: ignored
struct Broken {};    // not what its type says: refused and counted
using Parsed = std::variant<Content, NotForUs, Broken>;

// What one element of messages[] says (gateways.md §3.5), whoever sent it.
Parsed content_of(const boost::json::object& message);

}  // namespace resguardo::gateway::whatsapp
