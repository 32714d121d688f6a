// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/faulty_store.h"

#include <utility>

namespace resguardo::testing_support {

using namespace storage;

namespace {
constexpr Error kFailure = {Fault::kUnavailable, "a failure that a test asked for"};
}

void FaultyStore::fail_at(std::size_t call, Fate fate) {
  const std::lock_guard lock(mutex_);
  fail_at_ = call;
  fate_ = fate;
}

std::size_t FaultyStore::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

std::optional<FaultyStore::Fate> FaultyStore::count() {
  const std::lock_guard lock(mutex_);
  return ++calls_ == fail_at_ ? std::optional(fate_) : std::nullopt;
}

template <class Call>
auto FaultyStore::call(Call&& use) -> decltype(use()) {
  const auto fate = count();
  if (fate == Fate::kBefore) return kFailure;
  auto result = use();
  if (fate == Fate::kAfter) return kFailure;
  return result;
}

void FaultyStore::submit(Turn turn, Completion done) {
  const auto fate = count();
  if (fate == Fate::kBefore) return done(kFailure);
  if (fate != Fate::kAfter) return inner_.submit(std::move(turn), std::move(done));
  inner_.submit(std::move(turn),
                [done = std::move(done)](const Result<Recorded>&) { done(kFailure); });
}

Result<std::optional<StoredConversation>> FaultyStore::find(const ConversationTag& tag) {
  return call([&] { return inner_.find(tag); });
}
Status FaultyStore::try_to_write() {
  return call([&] { return inner_.try_to_write(); });
}
Result<bool> FaultyStore::seen(const DedupeTag& tag) {
  return call([&] { return inner_.seen(tag); });
}
Result<std::vector<OpenReport>> FaultyStore::open_reports_that(const Wanted& wanted) {
  return call([&] { return inner_.open_reports_that(wanted); });
}
Result<std::optional<OpenContents>> FaultyStore::open_contents(const ReportId& report) {
  return call([&] { return inner_.open_contents(report); });
}
Result<std::size_t> FaultyStore::unmoved_reports() {
  return call([&] { return inner_.unmoved_reports(); });
}
Status FaultyStore::forget_deliveries_before(Day day) {
  return call([&] { return inner_.forget_deliveries_before(day); });
}
Status FaultyStore::turn_over_journal(Day day, Day oldest) {
  return call([&] { return inner_.turn_over_journal(day, oldest); });
}
Result<std::vector<StoredReport>> FaultyStore::reports() {
  return call([&] { return inner_.reports(); });
}
Result<std::vector<StoredSegment>> FaultyStore::segments(const ReportId& report) {
  return call([&] { return inner_.segments(report); });
}
Status FaultyStore::rows(const Digest& segment, const RowVisitor& visit) {
  return call([&] { return inner_.rows(segment, visit); });
}
Status FaultyStore::copy_reports(storage::BackupSink& sink) {
  return call([&] { return inner_.copy_reports(sink); });
}
Status FaultyStore::copy_slots(storage::BackupSink& sink) {
  return call([&] { return inner_.copy_slots(sink); });
}
Result<storage::FilesInspected> FaultyStore::inspect_files(const storage::InspectionScope& scope) {
  return call([&] { return inner_.inspect_files(scope); });
}
Status FaultyStore::replace_key() {
  return call([&] { return inner_.replace_key(); });
}
Result<std::size_t> FaultyStore::erase(std::span<const storage::Erasure> reports) {
  return call([&] { return inner_.erase(reports); });
}
Result<bool> FaultyStore::acknowledge(std::size_t segments,
                                      std::span<const storage::ReportAcknowledgement> said) {
  return call([&] { return inner_.acknowledge(segments, said); });
}
Result<std::vector<storage::ReportAcknowledgement>> FaultyStore::acknowledgements() {
  return call([&] { return inner_.acknowledgements(); });
}
Result<std::vector<PendingMedia>> FaultyStore::pending_media() {
  return call([&] { return inner_.pending_media(); });
}
Result<std::unique_ptr<MediaFile>> FaultyStore::begin_media(const MediaId& id, Day today) {
  return call([&] { return inner_.begin_media(id, today); });
}
Result<std::vector<StoredMedia>> FaultyStore::media(const ReportId& report) {
  return call([&] { return inner_.media(report); });
}
Status FaultyStore::media_chunks(const MediaId& id, const ChunkVisitor& visit) {
  return call([&] { return inner_.media_chunks(id, visit); });
}
Result<std::size_t> FaultyStore::sweep_media() {
  return call([&] { return inner_.sweep_media(); });
}
Result<std::optional<ReceiptFound>> FaultyStore::find_receipt(const ReceiptLookup& lookup) {
  return call([&] { return inner_.find_receipt(lookup); });
}
Result<Delivered> FaultyStore::deliver(std::span<const ReplyWrite> replies) {
  return call([&] { return inner_.deliver(replies); });
}
Result<std::vector<StoredReply>> FaultyStore::replies(const ReportId& report) {
  return call([&] { return inner_.replies(report); });
}
Status FaultyStore::forget_replies(const ReportId& report, std::span<const ReplyId> replies) {
  return call([&] { return inner_.forget_replies(report, replies); });
}
Result<bool> FaultyStore::link(const LinkWrite& link, std::span<const LinkTag> before) {
  return call([&] { return inner_.link(link, before); });
}
Result<std::optional<StoredLink>> FaultyStore::find_link(std::span<const LinkTag> tags) {
  return call([&] { return inner_.find_link(tags); });
}
Status FaultyStore::forget_links(std::span<const LinkTag> tags) {
  return call([&] { return inner_.forget_links(tags); });
}
Status FaultyStore::forget_links_before(Day day) {
  return call([&] { return inner_.forget_links_before(day); });
}
Result<bool> FaultyStore::change_consent(const ReportId& report, Day day, ByteView entry) {
  return call([&] { return inner_.change_consent(report, day, entry); });
}
Status FaultyStore::log(Day day, ByteView entry) {
  return call([&] { return inner_.log(day, entry); });
}
Result<std::vector<Bytes>> FaultyStore::log_entries() {
  return call([&] { return inner_.log_entries(); });
}
Status FaultyStore::turn_over_log(Day day, LogBuilder& builder) {
  return call([&] { return inner_.turn_over_log(day, builder); });
}
Result<std::optional<StoredCheckpoint>> FaultyStore::last_checkpoint() {
  return call([&] { return inner_.last_checkpoint(); });
}
Result<std::optional<StoredCheckpoint>> FaultyStore::checkpoint_of(Day day) {
  return call([&] { return inner_.checkpoint_of(day); });
}
Status FaultyStore::logged(std::uint64_t from, std::uint64_t to, const EntryVisitor& visit) {
  return call([&] { return inner_.logged(from, to, visit); });
}
Result<std::optional<Bytes>> FaultyStore::fact(std::string_view name) {
  return call([&] { return inner_.fact(name); });
}
Status FaultyStore::set_fact(std::string_view name, ByteView value) {
  return call([&] { return inner_.set_fact(name, value); });
}

}  // namespace resguardo::testing_support
