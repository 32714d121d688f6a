// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/result.h"
#include "crypto/open/roster_view.h"

namespace resguardo::open {

// What a server takes and no authority should sign. kRefused:
//  - two organisations with one label: who reads "one of each" would be misled;
//  - a quorum inside one organisation while the roster has active analysts of several: it looks
//  like
//    separation, and one organisation reaches the threshold alone (protocol.md §3.3).
// WARNING: that two organisations are two is something only people can know.
Status check_sense(const RosterView& roster);

}  // namespace resguardo::open
