// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/deep_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "crypto/base/hash.h"
#include "crypto/format/media_layout.h"
#include "crypto/log/checkpoint.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/merkle_tree.h"
#include "crypto/log/segment_chain.h"

namespace resguardo::commands {
namespace {

using program::Problem;
using storage::Damage;

constexpr std::size_t kMostNumbers = 20;  // of one kind, in its line
constexpr Error kStoppedCheck = {Fault::kUnavailable, "the check was stopped"};
constexpr const char* kKeepAll =
    "the disk may be failing: `resguardo-bot export` what can be read, make a copy of the data "
    "directory, and `restore` from a backup on another disk";
constexpr const char* kFromBackup =
    "`restore` from a backup on another machine, and export it from there";
constexpr const char* kFilesFromBackup =
    "their reports are read and exported without them; look for them in a backup";

bool damaged(Fault fault) {
  return fault == Fault::kMalformed || fault == Fault::kUnauthentic;
}

// "12, 13, 40 and 3 more"
std::string listed(const std::vector<std::uint64_t>& numbers) {
  std::string text;
  for (std::size_t at = 0; at < std::min(numbers.size(), kMostNumbers); ++at)
    text.append(at == 0 ? "" : ", ").append(std::to_string(numbers[at]));
  if (numbers.size() > kMostNumbers)
    text.append(" and ").append(std::to_string(numbers.size() - kMostNumbers)).append(" more");
  return text;
}

Problem told_of(Damage what, const std::vector<std::uint64_t>& numbers) {
  const std::string all = listed(numbers);
  switch (what) {
    case Damage::kReportsPage:
      return {"reports.db", "pages do not authenticate: " + all, kKeepAll};
    case Damage::kReportsTrees:
      return {"reports.db", "what its pages say together does not make sense", kKeepAll};
    case Damage::kJournalPage:
      return {"the journal", "pages do not authenticate: " + all,
              "who is in the middle of a report may have to begin anew; the next day has a new "
              "journal; see the disk"};
    case Damage::kJournalTrees:
      return {"the journal", "what its pages say together does not make sense", kKeepAll};
    case Damage::kReportsWal:
    case Damage::kJournalWal:
      return {what == Damage::kJournalWal ? "the journal" : "reports.db",
              all + " commits that were on disk could not be read at the last start",
              "what was told in them is gone; see the disk"};
    case Damage::kMediaMissing:
      return {"media", all + " files that reporters sent are missing", kFilesFromBackup};
    case Damage::kMediaChanged:
      return {"media", all + " files that reporters sent are not as they were stored",
              kFilesFromBackup};
    case Damage::kMediaForeign:
      return {"media", all + " files belong to no report",
              "what the server left goes with its next start; take away what somebody put there"};
    case Damage::kCell:
      break;
  }
  return {"slots", "cells do not open: " + all,
          "of a free cell nothing is lost; a report whose key it was is named here too"};
}

class DeepCheck {
 public:
  DeepCheck(storage::Store& store, const PublicKey<LogRole>& log_key,
            const std::function<bool()>& stop)
      : store_(store), log_key_(log_key), stop_(stop) {}

  Result<DeepFindings> run() {
    RESGUARDO_CHECK(files());
    // Reports first: whatever is in the list has its entry in the log by then.
    RESGUARDO_TRY(reports_, store_.reports());
    RESGUARDO_CHECK(log());
    RESGUARDO_CHECK(check_reports());
    return std::move(found_);
  }

 private:
  Status go_on() const { return stop_ && stop_() ? Status(kStoppedCheck) : success(); }

  Status files() {
    RESGUARDO_TRY(const auto inspected, store_.inspect_files({.stop = stop_}));
    found_.pages = inspected.pages;
    found_.cells = inspected.cells;
    found_.media = inspected.media;
    std::map<Damage, std::vector<std::uint64_t>> numbers;
    for (const auto& one : inspected.found) numbers[one.what].push_back(one.number);
    for (const auto& [what, all] : numbers) found_.problems.push_back(told_of(what, all));
    return success();
  }

  // Whatever cannot be read of the log is one problem; an error is the disk's.
  Status log() {
    const Status read = read_log();
    if (read.ok() || !damaged(read.error().fault)) return read;
    log_is_whole_ = false;
    found_.problems.push_back({"the log", read.error().why.c_str(),
                               "analysts will refuse it: keep this directory, and `restore`"});
    return success();
  }

  Status read_log() {
    RESGUARDO_TRY(const auto waiting, store_.log_entries());
    RESGUARDO_TRY(const auto last, store_.last_checkpoint());
    CompactTree tree;
    if (last) {
      RESGUARDO_CHECK(store_.logged(0, last->size, [&](std::uint64_t, ByteView entry) {
        tree.append(leaf_hash(entry));
        return note(entry);
      }));
      RESGUARDO_CHECK(check_checkpoint(*last, tree));
    }
    for (const Bytes& entry : waiting) RESGUARDO_CHECK(note(entry));
    return success();
  }

  Status check_checkpoint(const storage::StoredCheckpoint& last, const CompactTree& tree) const {
    RESGUARDO_TRY(const auto note, parse_checkpoint(last.note));
    if (!verify_checkpoint(note, log_key_))
      return Error{Fault::kUnauthentic, "its last checkpoint is not signed by this server's key"};
    const Checkpoint& said = note.checkpoint;
    if (said.size != tree.size() || said.root != tree.root() || last.tree != tree.encode())
      return Error{Fault::kMalformed, "its entries are not those that the last checkpoint signs"};
    return success();
  }

  Status note(ByteView entry) {
    ++found_.log_entries;
    RESGUARDO_TRY(const auto fact, parse_log_entry(entry));
    const bool covers = fact.kind == LogKind::kReport || fact.kind == LogKind::kIncomplete ||
                        fact.kind == LogKind::kAddendum;
    const auto report = ReportId::from(fact.id);
    if (covers && report) logged_[*report].push_back(fact.digest);
    return success();
  }

  Status check_reports() {
    for (const auto& one : reports_) {
      RESGUARDO_CHECK(go_on());
      const Status whole = check_report(one.report);
      if (!whole.ok() && !damaged(whole.error().fault)) return whole;
      ++found_.reports;
      if (whole.ok()) continue;
      found_.problems.push_back(
          {"report " + to_hex(one.report.view()), whole.error().why.c_str(), kFromBackup});
    }
    return success();
  }

  Status check_report(const ReportId& report) {
    RESGUARDO_TRY(const auto segments, store_.segments(report));
    if (segments.empty()) return success();  // it has just been erased
    std::vector<Digest> chains;
    for (const auto& segment : segments) {
      const bool addendum = segment.index >= kFirstAddendum;
      if (!addendum && segment.index != chains.size()) return kWrongSegment;
      if (blake2b(segment.header) != segment.segment) return kWrongHeader;
      RESGUARDO_TRY(const Digest chain, chain_of_rows(segment));
      if (addendum) {
        RESGUARDO_CHECK(check_addendum(report, segment.index, chain));
      } else {
        chains.push_back(chain);
      }
    }
    return !log_is_whole_ || as_logged(report, chains) ? success() : Status(kNotAsLogged);
  }

  // An addendum has an entry of its own, over its chain and its file, if it has one.
  Status check_addendum(const ReportId& report, std::uint32_t index, const Digest& chain) {
    if (!log_is_whole_) return success();
    RESGUARDO_TRY(const auto files, store_.media(report));
    std::vector<Digest> ciphertexts;
    for (const auto& file : files)
      if (addendum_index(file.media) == index) ciphertexts.push_back(file.ciphertext);
    const auto entries = logged_.find(report);
    const Digest expected = report_digest({&chain, 1}, ciphertexts);
    const bool logged = entries != logged_.end() &&
                        std::ranges::find(entries->second, expected) != entries->second.end();
    return logged ? success() : Status(kNotAsLogged);
  }

  Result<Digest> chain_of_rows(const storage::StoredSegment& segment) {
    auto chain = SegmentChain::begin(segment.header);
    std::uint64_t next = 0;
    RESGUARDO_CHECK(store_.rows(segment.segment, [&](std::uint64_t sequence, ByteView row) {
      if (sequence != next++) return Status(kMissingRow);
      ++found_.rows;
      chain.add(row);
      return success();
    }));
    return chain.digest();
  }

  // By entries that cover all its segments one after the other, or from the first on. A day's
  // entries are in random order: what was added the same day may stand before the report.
  bool as_logged(const ReportId& report, std::span<const Digest> chains) const {
    const auto entries = logged_.find(report);
    if (entries == logged_.end()) return false;
    std::size_t covered = 0;
    for (const Digest& entry : entries->second)
      for (const std::size_t from : {std::size_t{0}, covered})
        if (const auto more = chains_covered(chains.subspan(from), entry)) {
          covered = from + *more;
          break;
        }
    std::multiset<Digest> left(entries->second.begin(), entries->second.end());
    while (const auto more = chains_covered(chains.subspan(covered), left)) {
      covered += more->chains;
      left.erase(left.find(more->digest));
    }
    return covered == chains.size();
  }

  static constexpr Error kMissingRow = {Fault::kMalformed, "a row is missing"};
  static constexpr Error kWrongSegment = {Fault::kMalformed,
                                          "a segment is missing, or comes twice"};
  static constexpr Error kWrongHeader = {Fault::kMalformed,
                                         "the header of a segment is not the one that was stored"};
  static constexpr Error kNotAsLogged = {Fault::kMalformed,
                                         "it is not what the log says it was when it closed"};

  storage::Store& store_;
  const PublicKey<LogRole>& log_key_;
  const std::function<bool()>& stop_;
  DeepFindings found_;
  std::vector<storage::StoredReport> reports_;
  bool log_is_whole_ = true;
  std::map<ReportId, std::vector<Digest>> logged_;
};

}  // namespace

Result<DeepFindings> check_deep(storage::Store& store, const PublicKey<LogRole>& log_key,
                                const std::function<bool()>& stop) {
  return DeepCheck(store, log_key, stop).run();
}

}  // namespace resguardo::commands
