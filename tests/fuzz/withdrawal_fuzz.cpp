// SPDX-License-Identifier: AGPL-3.0-or-later
// What a log says was taken back, and the statement inside without its signature.
#include "crypto/log/withdrawal.h"

#include "crypto/log/log_entry.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  if (const auto statement = read_withdrawal(input); statement.ok()) {
    require(statement->purposes.size() <= kMostWithdrawnPurposes);
    const auto again = withdrawal_bytes(*statement);
    require(again.ok() && equal(*again, input));
  }
  const auto entry = read_withdrawal_entry(input);
  if (!entry.ok()) return 0;
  const auto fact = parse_log_entry(input);
  require(fact.ok() && equal(fact->id, entry->statement.report.view()));
  require((fact->kind == LogKind::kWithdrawal) == entry->statement.purposes.empty());
  return 0;
}
