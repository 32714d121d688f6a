// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <utility>

#include "storage/store.h"

namespace resguardo::testing_support {

// A store that passes every call on to another. Override what a test wants to see or to change.
class ForwardingStore : public storage::Store {
 public:
  explicit ForwardingStore(storage::Store& inner) : inner_(inner) {}

  void submit(storage::Turn turn, Completion done) override {
    inner_.submit(std::move(turn), std::move(done));
  }
  Result<std::optional<storage::StoredConversation>> find(
      const storage::ConversationTag& tag) override {
    return inner_.find(tag);
  }
  Result<bool> seen(const storage::DedupeTag& tag) override { return inner_.seen(tag); }
  Result<std::vector<storage::OpenReport>> open_reports_that(const Wanted& wanted) override {
    return inner_.open_reports_that(wanted);
  }
  Result<std::optional<storage::OpenContents>> open_contents(const ReportId& report) override {
    return inner_.open_contents(report);
  }
  Result<std::size_t> unmoved_reports() override { return inner_.unmoved_reports(); }
  Status forget_deliveries_before(Day day) override { return inner_.forget_deliveries_before(day); }
  Status turn_over_journal(Day day, Day oldest) override {
    return inner_.turn_over_journal(day, oldest);
  }
  storage::StoreHealth health() override { return inner_.health(); }
  Status try_to_write() override { return inner_.try_to_write(); }
  Result<std::vector<storage::StoredReport>> reports() override { return inner_.reports(); }
  Result<std::vector<storage::StoredSegment>> segments(const ReportId& report) override {
    return inner_.segments(report);
  }
  Status rows(const Digest& segment, const RowVisitor& visit) override {
    return inner_.rows(segment, visit);
  }
  Status copy_reports(storage::BackupSink& sink) override { return inner_.copy_reports(sink); }
  Status copy_slots(storage::BackupSink& sink) override { return inner_.copy_slots(sink); }
  Status replace_key() override { return inner_.replace_key(); }
  Result<storage::FilesInspected> inspect_files(const storage::InspectionScope& scope) override {
    return inner_.inspect_files(scope);
  }
  Result<std::size_t> erase(std::span<const storage::Erasure> reports) override {
    return inner_.erase(reports);
  }
  Result<bool> acknowledge(std::size_t segments,
                           std::span<const storage::ReportAcknowledgement> said) override {
    return inner_.acknowledge(segments, said);
  }
  Result<std::vector<storage::ReportAcknowledgement>> acknowledgements() override {
    return inner_.acknowledgements();
  }
  Result<std::vector<storage::PendingMedia>> pending_media() override {
    return inner_.pending_media();
  }
  Result<std::unique_ptr<storage::MediaFile>> begin_media(const MediaId& id, Day today) override {
    return inner_.begin_media(id, today);
  }
  Result<std::vector<storage::StoredMedia>> media(const ReportId& report) override {
    return inner_.media(report);
  }
  Status media_chunks(const MediaId& id, const ChunkVisitor& visit) override {
    return inner_.media_chunks(id, visit);
  }
  Result<std::size_t> sweep_media() override { return inner_.sweep_media(); }
  Result<std::optional<storage::ReceiptFound>> find_receipt(
      const storage::ReceiptLookup& lookup) override {
    return inner_.find_receipt(lookup);
  }
  Result<storage::Delivered> deliver(std::span<const storage::ReplyWrite> replies) override {
    return inner_.deliver(replies);
  }
  Result<std::vector<storage::StoredReply>> replies(const ReportId& report) override {
    return inner_.replies(report);
  }
  Status forget_replies(const ReportId& report,
                        std::span<const storage::ReplyId> replies) override {
    return inner_.forget_replies(report, replies);
  }
  Result<bool> link(const storage::LinkWrite& link,
                    std::span<const storage::LinkTag> before) override {
    return inner_.link(link, before);
  }
  Result<std::optional<storage::StoredLink>> find_link(
      std::span<const storage::LinkTag> tags) override {
    return inner_.find_link(tags);
  }
  Status forget_links(std::span<const storage::LinkTag> tags) override {
    return inner_.forget_links(tags);
  }
  Status forget_links_before(Day day) override { return inner_.forget_links_before(day); }
  Result<bool> change_consent(const ReportId& report, Day day, ByteView entry) override {
    return inner_.change_consent(report, day, entry);
  }
  Result<std::vector<Bytes>> log_entries() override { return inner_.log_entries(); }
  Status log(Day day, ByteView entry) override { return inner_.log(day, entry); }
  Status turn_over_log(Day day, storage::LogBuilder& builder) override {
    return inner_.turn_over_log(day, builder);
  }
  Result<std::optional<storage::StoredCheckpoint>> last_checkpoint() override {
    return inner_.last_checkpoint();
  }
  Result<std::optional<storage::StoredCheckpoint>> checkpoint_of(Day day) override {
    return inner_.checkpoint_of(day);
  }
  Status logged(std::uint64_t from, std::uint64_t to, const EntryVisitor& visit) override {
    return inner_.logged(from, to, visit);
  }
  Result<std::optional<Bytes>> fact(std::string_view name) override { return inner_.fact(name); }
  Status set_fact(std::string_view name, ByteView value) override {
    return inner_.set_fact(name, value);
  }

 protected:
  storage::Store& inner_;
};

}  // namespace resguardo::testing_support
