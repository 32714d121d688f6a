// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/purposes.h"

#include <algorithm>

namespace resguardo::analyst {
namespace {

// Those of `agreed` that were taken back; the others stay in it.
std::vector<std::string> without(google::protobuf::RepeatedPtrField<std::string>& agreed,
                                 const std::set<std::string>& purposes) {
  std::vector<std::string> gone, stay;
  for (std::string& purpose : agreed)
    (purposes.contains(purpose) ? gone : stay).push_back(std::move(purpose));
  agreed.Assign(stay.begin(), stay.end());
  return gone;
}

}  // namespace

void take_back(ReportView& report, const std::set<std::string>& purposes) {
  if (purposes.empty()) return;
  without(*report.final.mutable_consent(), purposes);
  for (AnswerView& told : report.answers) {
    if (told.answer.text_version().empty()) continue;  // only a consent has it
    for (std::string& purpose : without(*told.answer.mutable_codes(), purposes))
      told.taken_back.push_back(std::move(purpose));
  }
}

std::set<std::string> agreed_purposes(const ReportView& report) {
  if (report.status == ReportStatus::kComplete)
    return {report.final.consent().begin(), report.final.consent().end()};
  std::set<std::string> agreed;
  for (const AnswerView& told : report.answers)
    if (told.state == AnswerState::kCurrent && !told.answer.text_version().empty())
      agreed.insert(told.answer.codes().begin(), told.answer.codes().end());
  return agreed;
}

}  // namespace resguardo::analyst
