// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/profile_source.h"

namespace resguardo::analyst {

using program::Outcome;

Outcome<Done> ProfileSource::walk(const ExportVisitor& visitor) {
  if (profile_ == Profile::kFull) return whole_(visitor);
  if (profile_ == Profile::kPublic) return walk_public(visitor);
  std::uint64_t before = 0, after = 0;
  alike_.clear();
  RESGUARDO_CHECK(whole_([&](const ReportView& view, const CodedReport& report) -> Outcome<Done> {
    const CodedReport seen = report_for(report, profile_, names_);
    before += report.incidents.size();
    after += seen.incidents.size();
    if (profile_ == Profile::kPartner)
      for (const Incident& one : seen.incidents) ++alike_[public_key_of(one, codes_)];
    // Not even that there is a report, if nothing of it is there to be seen.
    if (seen.incidents.empty() && !report.incidents.empty()) return Done{};
    return visitor(view_for(view, profile_, names_), seen);
  }));
  counts_.rows_before = before;
  counts_.rows_after = after;
  counts_.sexual_violence = before - after;
  count_alike();
  return Done{};
}

void ProfileSource::count_alike() {
  for (const auto& [key, rows] : alike_) {
    if (rows < kLeastAlike) counts_.below_k += rows;
    if (rows == 1) ++counts_.alone;
  }
}

Outcome<Done> ProfileSource::walk_public(const ExportVisitor& visitor) {
  PublicRelease release(codes_, names_);
  RESGUARDO_CHECK(whole_([&](const ReportView&, const CodedReport& report) -> Outcome<Done> {
    if (!public_) release.add(report);
    return Done{};
  }));
  if (!public_) public_ = std::move(release).rows();
  counts_.rows_before = public_->before;
  counts_.rows_after = public_->rows.size();
  counts_.too_few = public_->too_few;
  counts_.sexual_violence = public_->sexual_violence;
  for (const CodedReport& row : public_->rows) {
    ReportView view;
    view.id = row.id;
    RESGUARDO_CHECK(visitor(view, row));
  }
  return Done{};
}

}  // namespace resguardo::analyst
