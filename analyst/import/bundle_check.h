// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analyst/import/bundle_walk.h"
#include "analyst/import/log_judge.h"
#include "analyst/import/roster_shelf.h"
#include "crypto/base/sha256.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"

namespace resguardo::analyst {

// What can be said of a bundle without writing anything, and without a secret if no keys are given.
struct BundleFindings {
  std::string bundle_id;
  std::string origin;
  std::uint32_t part = 0;  // from 0
  bool last_part = false;
  Day made;
  std::uint64_t rosters = 0, forms = 0, reports = 0, segments = 0, rows = 0, log_entries = 0;
  std::optional<Damage> damage;

  // Of segments: how they fit their roster (only with a root), and whether the keys open them.
  std::uint64_t unknown_roster = 0, other_members = 0;
  // Only until one of them opens: what comes after is not tried, and not counted here.
  std::uint64_t openable = 0, not_for_these_keys = 0, broken = 0;
  std::set<std::string> readers;  // labels of whom segments are sealed for

  // Of reports: against the log.
  std::uint64_t logged = 0, not_logged = 0, log_differs = 0;
  // At the border of a part: the rest of it is in another one, and may fit together.
  std::uint64_t goes_on_elsewhere = 0;

  // Sealed files. Whether an addendum without chunks here was lost or is still to come, the log
  // says; of what goes over a part's border nothing is compared.
  std::uint64_t files = 0, media_chunks = 0;
  std::uint64_t files_absent = 0;    // that an addendum here brings the key of, and no chunk
  std::uint64_t addenda_absent = 0;  // that the log names of reports that are here
  std::uint64_t nobodys_files = 0;   // that no segment here names, in a bundle that is not split
  std::optional<BundlePlace> nobodys_place;  // of the first
  // Reports that the log names and the bundle does not bring, but for those withdrawn or expired.
  std::set<ReportId> absent;
  std::vector<ReportId> report_ids;  // that it brings, ascending
  LogFindings log;
  std::optional<program::Problem> log_refused;  // only if it was asked to go on despite the log
};

// The first walk: verify does only this, import does it before it writes.
class BundleCheck final : public BundleVisitor {
 public:
  // `shelf`: nullptr when there is no root to believe; the bundle's rosters are added to it.
  // `keys`: nullptr: nothing is opened. `known`: nullptr: no log was seen before. All outlive the
  // check. A log that does not hold is a problem, unless `despite_log`.
  BundleCheck(RosterShelf* shelf, const open::AnalystKeys* keys, VaultLog* known = nullptr,
              bool despite_log = false)
      : shelf_(shelf),
        keys_(keys),
        despite_log_(despite_log),
        judge_(known, shelf, keys != nullptr) {}

  using Progress = std::function<void(const BundlePlace&)>;
  void tell(Progress progress) { progress_ = std::move(progress); }

  program::Outcome<BundleFindings> run(const std::filesystem::path& file);
  program::Outcome<BundleFindings> run(std::istream& in);  // of an open file

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
  // Of the copies of one segment the one with most rows, as import has it.
  struct Chained {
    std::uint64_t rows = 0;
    Digest chain;
  };
  using Segments = std::map<std::pair<std::uint32_t, Digest>, Chained>;  // by index and name
  struct File {
    BundlePlace place;
    bool compared = true;  // it neither began nor may go on in another part
    Digest ciphertext;
  };

  program::Outcome<BundleFindings> concluded();
  bool at_border(const ReportId& report) const;
  program::Outcome<Done> rosters_settled();
  void end_segment();
  void end_file(bool at_border);
  bool is_split() const { return found_.part > 0 || !found_.last_part || found_.damage; }
  std::vector<SealedPart> sealed_parts(const Segments& segments) const;
  void look_for_nobodys_files();
  void count_reader(const WalkedSegment& segment);
  void compare_log();

  RosterShelf* shelf_;
  const open::AnalystKeys* keys_;
  Progress progress_;
  bool despite_log_;
  LogJudge judge_;
  std::string file_;
  BundleFindings found_;
  std::map<ReportId, Segments> chains_;
  std::map<ReportId, std::vector<LogFact>> logged_;
  std::optional<SegmentChain> chain_;
  ReportId first_;
  ReportId current_;
  std::pair<std::uint32_t, Digest> current_segment_;
  std::uint64_t current_rows_ = 0;
  std::multimap<std::uint32_t, File> files_;  // by the index of their addendum
  std::optional<MediaId> current_file_;
  File file_now_;
  Sha256 ciphertext_;
  BundlePlace reached_;
};

}  // namespace resguardo::analyst
