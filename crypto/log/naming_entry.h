// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>

#include "crypto/log/log_entry.h"

namespace resguardo {

// The entry of a report that may name the key with which its reporter takes it back.
struct NamingEntry {
  const LogFact* entry = nullptr;  // a REPORT; nullptr: none may
  bool disputed = false;           // another of the same day says something else
};

// `facts`: what one log says of one report, in its order, all of it in the log; they outlive the
// result. It is the first REPORT, unless the report was there on a day before it (ADDENDUM,
// INCOMPLETE): whoever has the log's key later would otherwise give it a key of their own. A day's
// entries are in random order, so a REPORT with another key and an INCOMPLETE of the same day
// dispute it; an addendum of that day does not, since honest servers log those together.
// WARNING: a server that was hostile on that day named what it liked.
NamingEntry naming_entry(std::span<const LogFact> facts);

}  // namespace resguardo
