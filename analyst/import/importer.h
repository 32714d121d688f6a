// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <set>
#include <string>

#include "analyst/import/bundle_walk.h"
#include "analyst/import/roster_shelf.h"
#include "analyst/vault/vault.h"
#include "crypto/log/segment_chain.h"

namespace resguardo::analyst {

struct ImportCounts {
  std::uint64_t reports = 0;       // touched
  std::uint64_t new_segments = 0;  // that the vault did not have
  std::uint64_t more_of_segments = 0;
  std::uint64_t known_segments = 0;
  std::uint64_t not_for_these_keys = 0;
  std::uint64_t unreadable_segments = 0;  // with rows that did not open
  std::uint64_t rows = 0;                 // that opened
};

// The second walk: opens what the keys open and puts it into the vault, one transaction a report.
// What does not open is counted and kept as a gap; nothing is left out silently.
class Importer final : public BundleVisitor {
 public:
  Importer(Vault& vault, const RosterShelf& shelf, const open::AnalystKeys& keys)
      : vault_(vault), shelf_(shelf), keys_(keys) {}

  // Up to `damage` if the first walk found some; otherwise all of it.
  program::Outcome<ImportCounts> run(const std::filesystem::path& file,
                                     const std::optional<Damage>& damage);

  program::Outcome<Done> header(const pb::BundleHeader& header) override;
  program::Outcome<Done> roster(ByteView file) override;
  program::Outcome<Done> questionnaire(ByteView form, const Digest& digest) override;
  program::Outcome<Done> segment(const WalkedSegment& segment) override;
  program::Outcome<Done> row(ByteView row) override;
  program::Outcome<Done> log_entry(const pb::BundleLogEntry& entry) override;

 private:
  program::Outcome<Done> into_vault(Status status) const;
  program::Outcome<Done> begin_report(const ReportId& report, Day day);
  program::Outcome<Done> end_segment();
  program::Outcome<Done> end_report();
  program::Outcome<Done> judge_reports();

  Vault& vault_;
  const RosterShelf& shelf_;
  const open::AnalystKeys& keys_;
  std::string file_;
  std::string origin_;
  ImportCounts counts_;
  std::set<ReportId> touched_;

  std::optional<Vault::Addition> addition_;
  ReportId report_;
  std::optional<StoredSegment> segment_;  // being added
  std::optional<open::SegmentReader> reader_;
  std::optional<SegmentChain> chain_;
};

}  // namespace resguardo::analyst
