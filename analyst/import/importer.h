// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "analyst/import/bundle_walk.h"
#include "analyst/import/file_intake.h"
#include "analyst/import/log_judge.h"
#include "analyst/import/roster_shelf.h"
#include "analyst/vault/vault.h"
#include "analyst/vault/vault_quorum.h"
#include "crypto/log/segment_chain.h"

namespace resguardo::analyst {

struct ImportCounts {
  std::uint64_t reports = 0;       // touched
  std::uint64_t new_segments = 0;  // that the vault did not have
  std::uint64_t more_of_segments = 0;
  std::uint64_t known_segments = 0;
  std::uint64_t not_for_these_keys = 0;
  std::uint64_t quorum_segments = 0;      // of which a stream waits for others' shares
  std::uint64_t cut_segments = 0;         // whose rows opened as far as they came
  std::uint64_t unreadable_segments = 0;  // with rows that did not open
  std::uint64_t rows = 0;                 // that opened
  std::uint64_t new_files = 0;            // that came whole, and open
  std::uint64_t known_files = 0;          // that did before
  std::uint64_t cut_files = 0;            // of which chunks are still to come
  std::uint64_t damaged_files = 0;        // that came whole, and do not open
  std::uint64_t sealed_files = 0;         // whose key is not open here
  std::uint64_t nobodys_files = 0;        // that no segment names; they are not kept
  ImportCounts& operator+=(const ImportCounts& more);
};

// The second walk: opens what the keys open and puts it into the vault. What does not open is
// counted and kept as a gap; nothing is left out silently.
//
// Reports go in several to a transaction, each wholly in one: an import that is stopped anywhere
// loses the last few MiB, and the next one passes over segments that these keys have opened. So it
// is with the chunks of files; whether a file opens is looked at when all of the bundle is in.
class Importer final : public BundleVisitor {
 public:
  // All outlive it. `log`: what the first walk found of the log; nothing: it is not to be believed,
  // and nothing of it is kept.
  Importer(Vault& vault, const RosterShelf& shelf, const open::AnalystKeys& keys,
           std::optional<LogFindings> log)
      : vault_(vault),
        logs_(vault),
        files_(vault),
        quorum_(vault),
        shelf_(shelf),
        keys_(keys),
        log_(std::move(log)) {}
  using Progress = std::function<void(const BundlePlace&)>;
  void tell(Progress progress) { progress_ = std::move(progress); }

  // Up to `damage` if the first walk found some; otherwise all of it. Once.
  program::Outcome<ImportCounts> run(const std::filesystem::path& file,
                                     const std::optional<Damage>& damage);
  // How much is gathered into one transaction; what an import that is stopped may lose.
  void commit_every(std::uint64_t bytes) { most_gathered_ = bytes; }

  program::Outcome<Done> header(const pb::BundleHeader& header) override;
  program::Outcome<Done> roster(ByteView file) override;
  program::Outcome<Done> questionnaire(ByteView form, const Digest& digest) override;
  program::Outcome<Done> segment(const WalkedSegment& segment) override;
  program::Outcome<Done> row(ByteView row) override;
  program::Outcome<Done> media_chunk(const WalkedChunk& chunk) override;
  program::Outcome<Done> log_entry(const pb::BundleLogEntry& entry) override;
  program::Outcome<Done> checkpoint(const std::string& note) override;
  program::Outcome<Done> end(const pb::BundleEnd& end) override;
  void reached(const BundlePlace& place) override;

 private:
  program::Outcome<Done> into_vault(Status status) const;
  // The transaction everything is written in; begun when there is none.
  program::Outcome<Vault::Addition*> addition();
  program::Outcome<Done> commit();
  program::Outcome<Done> commit_when_enough();
  program::Outcome<bool> opened_before(const WalkedSegment& segment);
  program::Outcome<Done> begin_reading(const WalkedSegment& walked);
  Status keep_shares();
  program::Outcome<Done> begin_report(const ReportId& report, Day day);
  program::Outcome<Done> end_segment();
  program::Outcome<Done> end_report();
  program::Outcome<Done> end_files();
  program::Outcome<Done> begin_log();
  program::Outcome<Done> end_log();
  Status gather_facts();
  program::Outcome<Done> judge_if_here(const ReportId& report);
  program::Outcome<Done> judge(const ReportId& report);
  Result<std::vector<SealedPart>> parts_of(const ReportId& report);
  bool all_told() const;
  void remember(StreamId stream, SecretBuffer content);
  Status index(const ReportId& report);
  void count(SegmentFate fate);

  Vault& vault_;
  VaultLog logs_;
  FileIntake files_;
  VaultQuorum quorum_;
  const RosterShelf& shelf_;
  const open::AnalystKeys& keys_;
  Progress progress_;
  std::optional<LogFindings> log_;
  std::optional<VaultLog::Update> update_;
  bool log_ended_ = false;
  std::set<ReportId> named_;                        // by the entries of this bundle
  std::map<ReportId, std::vector<LogFact>> facts_;  // what logs say of these, once they are known
  std::string file_;
  ImportCounts counts_;
  Bytes bundle_id_;
  Vault::Part part_;
  Day made_;
  Opening opening_;
  std::uint64_t most_gathered_ = 8UL * 1024 * 1024;  // a commit costs an fsync or two

  std::optional<Vault::Addition> addition_;
  std::uint64_t gathered_ = 0;  // bytes since the last commit
  std::optional<ReportId> report_;
  bool report_new_ = false;           // the vault had nothing of it
  std::optional<bool> foreign_here_;  // the vault has segments for other readers only
  std::size_t report_segments_ = 0;   // of this bundle, so far
  bool report_changed_ = false;
  SegmentFate told_fate_ = SegmentFate::kKnown;
  StoredReport told_;  // what was opened of the segment before the end of the report
  std::optional<StoredSegment> segment_;  // being added
  std::uint64_t rows_came_ = 0;           // of it
  bool foreign_ = false;                  // … or only noted: it is for other readers
  bool for_member_ = false;               // the segment is sealed for this member
  std::optional<open::SegmentReader> reader_;
  std::optional<SegmentChain> chain_;
};

}  // namespace resguardo::analyst
