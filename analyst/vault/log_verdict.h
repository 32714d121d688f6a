// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>

#include "analyst/report/stored_report.h"
#include "crypto/log/log_entry.h"

namespace resguardo::analyst {

struct LogFinding {
  LogVerdict verdict = LogVerdict::kNotLogged;
  bool withdrawal_claimed = false;
  // ADDENDUM entries of which no addendum came.
  std::size_t addenda_absent = 0;
  // Addenda that cannot be compared, because their file is not here whole.
  std::size_t files_absent = 0;
  // … of which nobody here can read that a file is to come: nothing tells them from others' work.
  std::size_t unread = 0;
};

// Compares what is sealed of a report, in order of index, with what the log says of it. An entry
// covers the conversation's segments from the start, or those after what an earlier entry covered;
// all must be covered. Each addendum has an entry of its own, over its chain and the SHA-256 of its
// file's ciphertext if it has one; what of them did not come yet is no difference, but each that
// cannot be compared takes one entry that is left. One that is open and brings no file is compared.
LogFinding check_log(std::span<const LogFact> entries, std::span<const SealedPart> parts);

// Whether, by these entries about a report, it should be there: logged, not withdrawn, not expired.
bool names_report(std::span<const LogFact> entries);

// Whether an entry is about a report: its id is the report's.
bool concerns_report(const LogFact& fact);

}  // namespace resguardo::analyst
