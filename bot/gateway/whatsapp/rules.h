// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "bot/gateway/gateway.h"
#include "bot/gateway/shared_secret.h"

namespace resguardo::gateway::whatsapp {

// What an answer of Meta's API means, by its code (gateways.md §3.9).
SendOutcome outcome_of(const CallAnswer& answer);
// What lets us in: it is never logged.
RawRequest::Header bearer_of(const SharedSecret& access_token);

}  // namespace resguardo::gateway::whatsapp
