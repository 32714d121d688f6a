// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>

#include "storage/store.h"

namespace resguardo::testing_support {

// A store that fails once, at its n-th call, in a chosen way; otherwise the store it wraps.
// Looping n until calls() is not reached tries a failure everywhere.
class FaultyStore final : public storage::Store {
 public:
  enum class Fate : std::uint8_t {
    kBefore,  // kUnavailable, and nothing was done
    kAfter,   // kUnavailable, and it was done all the same
  };
  explicit FaultyStore(storage::Store& inner) : inner_(inner) {}
  void fail_at(std::size_t call, Fate fate);  // calls count from 1
  std::size_t calls() const;

  void submit(storage::Turn turn, Completion done) override;
  storage::StoreHealth health() override { return inner_.health(); }  // never fails
  Status try_to_write() override;
  Result<std::optional<storage::StoredConversation>> find(
      const storage::ConversationTag& tag) override;
  Result<bool> seen(const storage::DedupeTag& tag) override;
  Result<std::vector<storage::OpenReport>> open_reports_that(const Wanted& wanted) override;
  Result<std::optional<storage::OpenContents>> open_contents(const ReportId& report) override;
  Result<std::size_t> unmoved_reports() override;
  Status forget_deliveries_before(Day day) override;
  Status turn_over_journal(Day day, Day oldest) override;
  Result<std::vector<storage::StoredReport>> reports() override;
  Result<std::vector<storage::StoredSegment>> segments(const ReportId& report) override;
  Status rows(const Digest& segment, const RowVisitor& visit) override;
  Status copy_reports(storage::BackupSink& sink) override;
  Status copy_slots(storage::BackupSink& sink) override;
  Status replace_key() override;
  Result<storage::FilesInspected> inspect_files(const storage::InspectionScope& scope) override;
  Result<std::size_t> erase(std::span<const storage::Erasure> reports) override;
  Result<bool> acknowledge(std::size_t segments,
                           std::span<const storage::ReportAcknowledgement> said) override;
  Result<std::vector<storage::ReportAcknowledgement>> acknowledgements() override;
  Result<std::vector<storage::PendingMedia>> pending_media() override;
  // The file itself never fails: give begin_media() a store that does.
  Result<std::unique_ptr<storage::MediaFile>> begin_media(const MediaId& id, Day today) override;
  Result<std::vector<storage::StoredMedia>> media(const ReportId& report) override;
  Status media_chunks(const MediaId& id, const ChunkVisitor& visit) override;
  Result<std::size_t> sweep_media() override;
  Result<std::optional<storage::ReceiptFound>> find_receipt(
      const storage::ReceiptLookup& lookup) override;
  Result<storage::Delivered> deliver(std::span<const storage::ReplyWrite> replies) override;
  Result<std::vector<storage::StoredReply>> replies(const ReportId& report) override;
  Status forget_replies(const ReportId& report, std::span<const storage::ReplyId> replies) override;
  Result<bool> link(const storage::LinkWrite& link,
                    std::span<const storage::LinkTag> before) override;
  Result<std::optional<storage::StoredLink>> find_link(
      std::span<const storage::LinkTag> tags) override;
  Status forget_links(std::span<const storage::LinkTag> tags) override;
  Status forget_links_before(Day day) override;
  Result<bool> change_consent(const ReportId& report, Day day, ByteView entry) override;
  Status log(Day day, ByteView entry) override;
  Result<std::vector<Bytes>> log_entries() override;
  Status turn_over_log(Day day, storage::LogBuilder& builder) override;
  Result<std::optional<storage::StoredCheckpoint>> last_checkpoint() override;
  Result<std::optional<storage::StoredCheckpoint>> checkpoint_of(Day day) override;
  Status logged(std::uint64_t from, std::uint64_t to, const EntryVisitor& visit) override;
  Result<std::optional<Bytes>> fact(std::string_view name) override;
  Status set_fact(std::string_view name, ByteView value) override;

 private:
  std::optional<Fate> count();
  template <class Call>
  auto call(Call&& use) -> decltype(use());

  storage::Store& inner_;
  mutable std::mutex mutex_;
  std::size_t calls_ = 0;
  std::size_t fail_at_ = 0;
  Fate fate_ = Fate::kBefore;
};

}  // namespace resguardo::testing_support
