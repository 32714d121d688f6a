// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "bot/gateway/gateway.h"

namespace resguardo::gateway::whatsapp {

// What an answer of Meta's API means, by its code (gateways.md §3.9).
SendOutcome outcome_of(const CallAnswer& answer);

}  // namespace resguardo::gateway::whatsapp
