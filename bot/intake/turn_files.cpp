// SPDX-License-Identifier: AGPL-3.0-or-later
// What a turn does about a file that was sent: whether it is taken, what waits to be fetched, and
// whom to tell when it never comes.
#include <utility>

#include "bot/dialogue/summary.h"
#include "bot/intake/translate.h"
#include "bot/intake/turn.h"
#include "bot/media/waiting_file.h"

namespace resguardo::intake {

using dialogue::Effect;
using dialogue::Given;

const gateway::Media* Turn::file_sent() const {
  return std::get_if<gateway::Media>(&pending_.event.content());
}

void Turn::judge_file() {
  const gateway::Media* file = file_sent();
  if (file == nullptr || services_.files == nullptr || !said_) return;
  if (auto* said = std::get_if<dialogue::Attachment>(&*said_))
    said->refusal = refusal_of(*file, services_.files->most_bytes(pending_.event.sender().channel));
}

const Given* Turn::file_given() const {
  if (services_.files == nullptr || file_sent() == nullptr) return nullptr;
  for (const Given& one : step_.given)
    if (one.kind == Given::Kind::kMedia) return &one;
  return nullptr;
}

// Beside the turn that takes it, for whoever fetches it. No address: a file belongs to a report.
void Turn::take_file(storage::Turn& turn) {
  const Given* given = file_given();
  if (given == nullptr || !media_ || !turn.report) return;
  const gateway::Media& sent = *file_sent();
  media::WaitingFile file;
  file.media = *media_;
  file.report = turn.report->report;
  file.day = turn.day;
  file.gateway = channel_name(pending_.event.sender().channel);
  file.told.reference = sent.reference.reveal();
  file.told.url = sent.url;
  file.told.size = sent.size;
  file.told.sha256 = gateway::digest_told(sent.sha256);
  file.mime = sent.mime;
  file.file_name = sent.file_name.reveal();
  file.node = given->node;
  file.instance = given->instance;
  file.voice = sent.voice;
  file.forwarded = sent.forwarded;
  file.identity = given->identity;
  file.questionnaire = frame().questionnaire;
  file_ = storage::PendingMedia{file.media, file.report, file.day, media::write_waiting(file)};
  turn.pending_media.push_back({file_->media, file_->reference});
}

// A repetition says nothing: the first delivery's file may be waited for.
void Turn::pass_file_on(Outcome outcome) {
  const gateway::Media* sent = file_sent();
  if (sent == nullptr || services_.files == nullptr) return;
  const bool settled =
      outcome == Outcome::kStored || outcome == Outcome::kHeard || outcome == Outcome::kRefused;
  if (!settled) return;
  if (outcome == Outcome::kStored && file_) return services_.files->taken(*std::move(file_));
  services_.files->refused(pending_.event.sender().channel, std::string(sent->reference.reveal()));
}

// That is open, or about to be, or waits behind the return menu.
std::optional<ReportId> Turn::report_of_files() const {
  const Conversation& c = *conversation_;
  if (step_.effect == Effect::kBeginAdding && c.returned) return c.returned->report;
  const auto& state = report_waits() ? c.state.returned().before() : c.state;
  return ReportId::from(as_bytes(state.progress().report_id()));
}

// Before the turn is stored: whoever leaves is not written to from then on, also if that fails.
void Turn::watch_lost_files() {
  if (!services_.lost_files) return;
  const auto report = report_of_files();
  if (!report) return;
  if (step_.take_back != dialogue::TakeBack::kNothing) services_.lost_files->take_back(*report);
  const bool goes_on = step_.effect == Effect::kNone || step_.effect == Effect::kContinue ||
                       step_.effect == Effect::kBeginAdding;
  if (!goes_on) return services_.lost_files->forget(*report);
  loss_ = services_.lost_files->heard(*report, pending_.now);
  if (loss_ != LostFiles::Loss::kNone) loss_of_ = report;
  if (file_given() == nullptr) return;
  services_.lost_files->watch(*report, person(), pending_.event.sender(),
                              {dialogue::lost_file_text(*form_, step_.state),
                               dialogue::large_file_text(*form_, step_.state)},
                              pending_.now);
}

void Turn::forget_lost_files() {
  const auto report = report_of_files();
  if (services_.lost_files && report) services_.lost_files->forget(*report);
}

// A message of its own: beside a question's words there may be no room.
std::function<void()> Turn::with_loss(std::function<void()> release) {
  if (!loss_of_ || !step_.prompt) return release;
  services_.lost_files->told(*loss_of_);
  auto loss = std::make_shared<gateway::Reply>();
  const auto& state = conversation_->state;
  loss->text =
      SecretText(loss_ == LostFiles::Loss::kTooLarge ? dialogue::large_file_text(*form_, state)
                                                     : dialogue::lost_file_text(*form_, state));
  auto to = std::make_shared<const gateway::Sender>(pending_.event.sender().clone());
  const std::uint64_t number = conversation_->turns;
  return [&replies = services_.replies, person = person(), to, loss, number,
          conversation = conversation_, release = std::move(release)] {
    replies.post(
        person, *to, *loss,
        [&replies, person, to, number, conversation](bool taken, const SecretText& our_id) {
          if (!taken || !conversation->sent.note(number, false, our_id)) return;
          std::vector<SecretText> late;
          late.push_back(our_id.clone());
          replies.unsend(person, *to, std::move(late));
        },
        outbox::SettledWhen::kTaken);
    release();
  };
}

}  // namespace resguardo::intake
