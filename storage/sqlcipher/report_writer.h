// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "crypto/base/random.h"
#include "storage/retention_store.h"
#include "storage/return_store.h"
#include "storage/slot_file.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/journal.h"

namespace resguardo::storage {

// The write side of the report store. One thread.
class ReportWriter {
 public:
  // With the file of slots beside it. What an older version stored without slots gets them, and
  // erasures that were cut short are finished.
  struct Files {
    std::filesystem::path reports;
    std::filesystem::path slots;
  };
  static Result<ReportWriter> open(const Files& files, const SecretBytes& key, bool create,
                                   RandomSource& random);
  ReportWriter(ReportWriter&& other) noexcept;
  ReportWriter& operator=(ReportWriter&&) noexcept;
  ~ReportWriter();

  // The writer of a copy of this store's database, under another key, with the same slots.
  Result<ReportWriter> beside(const std::filesystem::path& copy, const SecretBytes& key) const;

  Result<bool> has_segment(const Digest& segment);
  Result<bool> has_report(const ReportId& report);
  Result<bool> has_addendum(const ReportId& report, std::uint32_t index);
  Result<bool> has_media(const MediaId& media);
  // All of them in one transaction, under random ids and in random order across all reports; on
  // disk when it returns. A report that is there already is not added twice. Addenda of one that
  // has been erased meanwhile are nobody's: they are passed over.
  Status add(std::span<const ClosedReport> reports, RandomSource& random);
  // An entry of the log that belongs to no report; once.
  Status log(Day day, ByteView entry, RandomSource& random);
  // LogStore::turn_over_log().
  Status turn_over_log(Day day, LogBuilder& builder, RandomSource& random);
  Status set_fact(std::string_view name, ByteView value);
  // RetentionStore::erase(). First the slots, and on disk; only then the rows.
  Result<std::size_t> erase(std::span<const Erasure> reports, RandomSource& random);
  // ReturnStore::forget_replies().
  Status take_replies(const ReportId& report, std::span<const ReplyId> replies);
  // ReturnStore's, of phones that are linked.
  Result<bool> link(const LinkWrite& link, std::span<const LinkTag> before);
  Status forget_links(std::span<const LinkTag> tags);
  Status forget_links_before(Day day);
  // Files of reports that have been erased since the last call, now that their rows are gone.
  std::vector<MediaId> take_gone_media() { return std::exchange(gone_media_, {}); }
  // What was taken out goes from the WAL too, unless a reader is in the way: call it again when
  // there is nothing else to do.
  void tidy();
  std::shared_ptr<const SlotFile> slots() const { return slots_; }
  sqlcipher::Connection& connection() { return connection_; }

 private:
  struct Statements;
  ReportWriter(sqlcipher::Connection connection, std::unique_ptr<Statements> statements,
               std::shared_ptr<SlotFile> slots);
  static Result<std::unique_ptr<Statements>> prepare(sqlcipher::Connection& db);
  Status add_rows(std::span<const ClosedReport> reports,
                  const std::map<ReportId, std::uint32_t>& cells, RandomSource& random);
  Status add_receipts(std::span<const ClosedReport> reports,
                      const std::map<ReportId, std::uint32_t>& cells, RandomSource& random);
  Status add_media(std::span<const ClosedReport> reports,
                   const std::map<ReportId, std::uint32_t>& cells, RandomSource& random);
  Status log_addenda(std::span<const ClosedReport> reports,
                     const std::map<ReportId, std::uint32_t>& cells, RandomSource& random);
  Result<std::optional<std::uint32_t>> slot_for(const ClosedReport& report, RandomSource& random,
                                                bool& given);
  Status end(std::span<const SlotErasure> erasures, RandomSource& random);
  Status finish_ends(RandomSource& random);

  sqlcipher::Connection connection_;
  std::shared_ptr<SlotFile> slots_;
  bool wal_holds_erased_ = true;  // whoever was here before may have been killed on the way
  std::vector<MediaId> gone_media_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace resguardo::storage
