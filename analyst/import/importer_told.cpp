// SPDX-License-Identifier: AGPL-3.0-or-later
// A report that was opened just now and is still in memory need not be read back.
#include "analyst/import/importer.h"
#include "analyst/vault/vault_search.h"

namespace resguardo::analyst {

void Importer::remember(StreamId stream, SecretBuffer content) {
  if (!content.empty())
    told_.records.push_back({segment_->digest, segment_->opened, stream, std::move(content)});
}

// Most reports have one segment, and then all that there is of them was opened just now.
bool Importer::all_told() const {
  return report_new_ && report_segments_ == 1 && !told_.segments.empty() &&
         told_fate_ == SegmentFate::kNew && told_.segments.front().index == 0 &&
         told_.segments.front().quorum == 0;
}

Status Importer::index(const ReportId& report) {
  VaultSearch search(vault_);
  if (!all_told()) return search.index(report);
  told_.id = report;
  return search.index(told_);
}

// As the log covers them.
Result<std::vector<SealedPart>> Importer::parts_of(const ReportId& report) {
  const bool just_told = report_ == report && all_told();
  if (!foreign_here_) {
    RESGUARDO_TRY(foreign_here_, vault_.has_foreign());
  }
  if (!just_told || *foreign_here_) return vault_.sealed_parts(report);
  const StoredSegment& only = told_.segments.front();
  const auto chain = Digest::from(only.chain);
  if (!chain) return std::vector<SealedPart>();
  return std::vector{SealedPart{only.index, *chain}};
}

}  // namespace resguardo::analyst
