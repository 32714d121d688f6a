// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "crypto/seal/roster.h"
#include "storage/store.h"

namespace resguardo::commands {

// Believes a bundle of replies (crypto/mailbox/reply.h) and keeps those that are new, all of them
// or none; told a second time, it keeps nothing twice. `today`: the day on which the server is
// told.
//
// kMalformed, kUnauthentic: it is none, or one is forged or not by an active member of `roster`.
// kRefused: one is for another server.
// WARNING: nobody here can know what they say, or whether the mailbox is that report's.
Result<storage::Delivered> take_replies(storage::Store& store, const VerifiedRoster& roster,
                                        ByteView file, Day today);

}  // namespace resguardo::commands
