// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/withdrawal.h"

#include <algorithm>

#include "crypto/format/strict_parse.h"
#include "proto/withdrawal.pb.h"

namespace resguardo {
namespace {

constexpr Error kNoWithdrawal{Fault::kMalformed, "not a withdrawal of this version"};
constexpr std::int64_t kLastWithdrawalDay = 2'932'896;  // 9999-12-31

bool sound_purpose(std::string_view purpose) {
  return !purpose.empty() && purpose.size() <= kLongestPurpose &&
         std::ranges::all_of(purpose, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

}  // namespace

Result<WithdrawalStatement> read_withdrawal(ByteView exact) {
  RESGUARDO_TRY(const auto sent, parse_strict<pb::WithdrawalStatement>(exact));
  const auto report = ReportId::from(as_bytes(sent.report_id()));
  if (sent.format() != 1 || !report || sent.day() <= 0 || sent.day() > kLastWithdrawalDay ||
      static_cast<std::size_t>(sent.purposes_size()) > kMostWithdrawnPurposes)
    return kNoWithdrawal;
  WithdrawalStatement read{*report, {}, Day{static_cast<std::int32_t>(sent.day())}};
  for (const std::string& purpose : sent.purposes()) {
    if (!sound_purpose(purpose)) return kNoWithdrawal;
    if (!read.purposes.empty() && read.purposes.back() >= purpose) return kNoWithdrawal;
    read.purposes.push_back(purpose);
  }
  return read;
}

Result<Bytes> withdrawal_bytes(const WithdrawalStatement& statement) {
  pb::WithdrawalStatement sent;
  sent.set_format(1);
  sent.set_report_id(statement.report.str());
  for (const std::string& purpose : statement.purposes) sent.add_purposes(purpose);
  sent.set_day(statement.day.number);
  Bytes exact = serialize_canonical(sent);
  if (const auto read = read_withdrawal(exact); !read.ok()) return read.error();
  return exact;
}

}  // namespace resguardo
