// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"

namespace resguardo {

// What a reporter takes back (protocol.md §5): all of the report, or the permission for some of the
// purposes that its `final` record names.
struct WithdrawalStatement {
  ReportId report;
  std::vector<std::string> purposes;  // ascending, each once; none: all of the report
  Day day;
  friend bool operator==(const WithdrawalStatement&, const WithdrawalStatement&) = default;
};
constexpr std::size_t kMostWithdrawnPurposes = 16;
constexpr std::size_t kLongestPurpose = 48;  // a-z, 0-9, '_'

// Exact bytes of pb::WithdrawalStatement: what is signed. kMalformed: not as the fields above say.
Result<Bytes> withdrawal_bytes(const WithdrawalStatement& statement);
// WARNING: says nothing about who signed them (crypto/log/withdrawal.h).
Result<WithdrawalStatement> read_withdrawal(ByteView exact);

}  // namespace resguardo
