// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analyst/vault/vault_log.h"
#include "crypto/base/clock.h"
#include "program/problem.h"

namespace resguardo::analyst {

struct Retirement {
  Week week;
  VaultReader reader;             // whose keys
  std::vector<std::string> gone;  // logs of servers that are no more, by name
};

// Whether a week's key may be destroyed (protocol.md §1). Refuses, with one line that says what is
// missing, unless
//  - the week is over for a day (no segment outlives that);
//  - for the log that the newest roster names, and for each other that this vault knows or has
//    reports of: a verified checkpoint holds EPOCH_CLOSED of the week, and every report that the
//    log names up to that checkpoint came as the log says and was opened to its end with the
//    reader's keys, or is sealed for others or to a week whose key is gone already, or was
//    withdrawn or has expired;
//  - the reader's keys opened every segment of the week that is here at all and sealed for them.
// A log in `gone` is asked for nothing; kUsage if the newest roster names it, or nothing does.
// WARNING: what a server logged nowhere it cannot ask for; and `now` is this machine's clock.
program::Outcome<Done> check_retirement(Vault& vault, const Retirement& wanted, TimePoint now);

}  // namespace resguardo::analyst
