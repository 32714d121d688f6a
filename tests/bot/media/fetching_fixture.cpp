// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/media/fetching_fixture.h"

#include <algorithm>

#include "bot/gateway/signal/signal.h"
#include "bot/gateway/whatsapp/whatsapp.h"
#include "crypto/base/hash.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"
#include "crypto/open/media_reader.h"
#include "crypto/open/record_parser.h"
#include "crypto/open/segment_reader.h"
#include "tests/support/must.h"

namespace resguardo::media {
namespace {

using testing_support::must;

storage::ReportWrite empty_write(const ReportId& report, Day day) {
  storage::ReportWrite write;
  write.report = report;
  write.day = day;
  return write;
}

SecretBytes secret(std::string_view text) {
  std::string copy(text);
  return must(SecretBytes::take({reinterpret_cast<std::uint8_t*>(copy.data()), copy.size()}));
}

std::vector<std::unique_ptr<gateway::Gateway>> all_gateways() {
  std::vector<std::unique_ptr<gateway::Gateway>> made;
  std::vector<SecretBytes> app;
  app.push_back(secret("app"));
  made.push_back(must(gateway::whatsapp::WhatsApp::create(
      {"700", std::move(app), secret("token"), secret("verify"), "http://127.0.0.1:1/v23.0"})));
  gateway::signal::Config rest;
  rest.account = "+15550100000";
  rest.webhook_token = secret("a-token-of-sixteen-letters");
  made.push_back(must(gateway::signal::Signal::create(std::move(rest))));
  return made;
}

Digest sha256_of(std::string_view text) {
  return sha256(as_bytes(text));
}

}  // namespace

std::string named(std::string_view stem, std::size_t number) {
  return std::string(stem).append(std::to_string(number));
}

gateway::CallAnswer ScriptedCaller::call(const std::string& base, gateway::OutboundCall call,
                                         std::size_t, OnPiece on_piece) {
  asked.push_back(call.method + " " + base + call.path);
  if (answers.empty()) return {};
  const Answer answer = std::move(answers.front());
  answers.pop_front();
  const bool pieces = on_piece && answer.status >= 200 && answer.status < 300;
  bool wanted = !pieces || on_piece({});
  for (std::size_t at = 0; pieces && wanted && at < answer.body.size(); at += piece)
    wanted = on_piece(as_bytes(answer.body).subspan(at, std::min(piece, answer.body.size() - at)));
  if (!wanted || answer.cut) return {};
  return {answer.status, pieces ? SecretBuffer() : SecretBuffer(as_bytes(answer.body))};
}

FetchingTest::FetchingTest()
    : readers_(testing_support::make_readers(1, week_of(clock_.time))),
      gateways_(all_gateways()),
      sealer_(must(AddendumSealer::create(random_))),
      report_(random_.make<ReportId>()) {
  begin();
}

void FetchingTest::begin() {
  fetching_.reset();
  FetchParts parts{faulty_,
                   *sealer_,
                   clock_,
                   random_,
                   {{"whatsapp", *gateways_[0]->files(), "http://127.0.0.1:1/v23.0"},
                    {"signal", *gateways_[1]->files(), "http://127.0.0.1:2", "", folder_}}};
  parts.most_bytes = most_;
  parts.leave = [this](TimePoint) -> Result<SealLeave> {
    if (!sealing_) return Error{Fault::kRefused, "no roster"};
    return SealLeave{readers_.recipients, nullptr};
  };
  parts.free_bytes = [this] { return free_; };
  parts.lost = [this](const ReportId& report, WhyLost why) {
    EXPECT_EQ(report, report_);
    told_lost_.push_back(why);
  };
  fetching_ = std::make_unique<Fetching>(std::move(parts));
}

storage::PendingMedia FetchingTest::take(std::uint8_t number, const std::string& messenger,
                                         const std::string& reference, std::string_view content,
                                         bool identity) {
  WaitingFile file;
  file.media = random_.make<MediaId>();
  file.media.bytes[0] = number;
  file.report = report_;
  file.day = day_of(clock_.time);
  file.gateway = messenger;
  file.told.reference = reference;
  if (messenger == "whatsapp") file.told.sha256 = sha256_of(content);
  file.mime = "image/jpeg";
  file.file_name = "my hand.jpg";
  file.node = "story";
  file.identity = identity;
  storage::Turn turn;
  turn.day = file.day;
  turn.delivered = {random_.make<storage::DedupeTag>()};
  turn.conversation = storage::ConversationWrite{*storage::ConversationTag::from(report_.view()),
                                                 std::nullopt, turns_++, Bytes{1}};
  turn.report = empty_write(report_, file.day);
  turn.pending_media.push_back({file.media, write_waiting(file)});
  EXPECT_TRUE(memory_->record(std::move(turn)).ok());
  return {file.media, file.report, file.day, write_waiting(file)};
}

void FetchingTest::close_report() {
  end_report(storage::ReportChange::kClose, {random_.make<storage::DedupeTag>()});
}

void FetchingTest::erase_report() {
  end_report(storage::ReportChange::kErase, {});
}

void FetchingTest::end_report(storage::ReportChange change,
                              std::vector<storage::DedupeTag> delivered) {
  storage::Turn turn;
  turn.day = day_of(clock_.time);
  turn.delivered = std::move(delivered);
  turn.report = empty_write(report_, turn.day);
  turn.report->change = change;
  EXPECT_TRUE(memory_->record(std::move(turn)).ok());
  open_ = false;
}

void FetchingTest::work(std::size_t messenger) {
  for (int i = 0; i < 1000; ++i)
    if (!fetching_->work(messenger, caller_)) return;
  ADD_FAILURE() << "it never ends";
}

std::vector<FetchingTest::Brought> FetchingTest::brought() {
  if (open_) close_report();
  const auto analyst = [this](ByteView header, ByteView bytes) {
    auto reader = must(open::SegmentReader::begin(header, readers_.keys[0]));
    EXPECT_EQ(reader.claims().report, report_);
    auto row = must(reader.next(bytes));
    EXPECT_TRUE(row.final);
    return row;
  };
  std::vector<Brought> all;
  for (const auto& segment : memory_->segments(report_).value()) {
    if (segment.index < kFirstAddendum) continue;
    EXPECT_EQ(segment.rows, 1U);
    EXPECT_TRUE(
        memory_
            ->rows(
                segment.segment,
                [&](std::uint64_t, ByteView bytes) {
                  const auto row = analyst(segment.header, bytes);
                  for (const bool identity : {false, true}) {
                    const auto record =
                        must(open::parse_record(identity ? row.identity : row.testimony));
                    if (!record.entries(0).has_media()) continue;
                    const auto& media = record.entries(0).media();
                    Brought one{media.lost(), "", media.file_name(), identity,
                                *MediaId::from(as_bytes(media.media_id()))};
                    EXPECT_EQ(segment.index, addendum_index(one.id));
                    all.push_back(std::move(one));
                    if (media.lost()) continue;
                    std::string key = media.key();
                    auto reader = must(open::MediaReader::begin(
                        {all.back().id,
                         must(SecretBytes::take(
                             {reinterpret_cast<std::uint8_t*>(key.data()), key.size()})),
                         to_bytes(as_bytes(media.header())), media.length(), media.padded_length(),
                         media.chunks(), *Digest::from(as_bytes(media.sha256()))}));
                    EXPECT_TRUE(memory_
                                    ->media_chunks(all.back().id,
                                                   [&](std::uint64_t, ByteView chunk) {
                                                     const auto plain = must(reader.next(chunk));
                                                     all.back().content.append(
                                                         as_text(plain.view()));
                                                     return success();
                                                   })
                                    .ok());
                    EXPECT_TRUE(reader.finish().ok());
                  }
                  return success();
                })
            .ok());
  }
  return all;
}

std::vector<std::string> FetchingTest::waiting() {
  std::vector<std::string> references;
  for (const auto& row : memory_->pending_media().value())
    references.push_back(must(read_waiting(row)).told.reference);
  std::ranges::sort(references);
  return references;
}

}  // namespace resguardo::media
