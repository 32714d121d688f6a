// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "analyst/commands/quorum.h"
#include "analyst/commands/withdrawals.h"

namespace resguardo::analyst {

// What `withdrawals` does besides telling: each deed and its line in the journal, or neither.

// Of the command line alone: kUsage.
program::Outcome<Done> nothing_to_decide(const WithdrawalsOptions& options);
program::Outcome<Done> may_decide(const WithdrawalsOptions& options);

// What `--hold` or `--settle` says. Asks on the terminal before anything is to be erased that
// nobody verified.
program::Outcome<Done> decide_withdrawal(const WithdrawalsOptions& options, QuorumDesk& desk,
                                         Call& call);

}  // namespace resguardo::analyst
