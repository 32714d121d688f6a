// SPDX-License-Identifier: AGPL-3.0-or-later
// Who comes back with a receipt (docs/adr/157): the derivation on the mint's worker, the look-up,
// and an answer that leaves at one moment whatever came of it.
#include <utility>

#include "bot/intake/turn.h"

namespace resguardo::intake {

using dialogue::Tried;

namespace {

constexpr std::chrono::milliseconds kAnswerAfter{1000};

}  // namespace

// Nobody's event waits for the derivation: it is acknowledged now, and nothing of it was promised.
void Turn::try_receipt() {
  if (held_) return tried({Tried::Verdict::kWrong, 0});  // looked at already: the store was ahead
  held_ = std::make_shared<HeldAnswer>();
  pending_.done(Outcome::kHeard, [] {});
  if (!services_.receipt_tries->allows(person(), pending_.now)) {
    hold_answer();
    return tried({Tried::Verdict::kWrong, 0});
  }
  counted_ = true;
  ++counters_.receipts_tried;
  auto done = [self = shared_from_this()](Result<ReceiptSecrets> secrets) mutable {
    const auto later = self->services_.later;  // its own: the turn may be gone before it is
    auto shared = std::make_shared<Result<ReceiptSecrets>>(std::move(secrets));
    later([self = std::move(self), shared] { self->look_up(std::move(*shared)); });
  };
  if (services_.receipts.look_up(std::move(step_.receipt), std::move(done))) return;
  hold_answer();
  tried({Tried::Verdict::kLater, 0});
}

// The clock starts before anybody knows whether the receipt is right.
void Turn::hold_answer() {
  const auto wait = [services = &services_, held = held_](const auto& again) -> void {
    const auto due = [services, held, again] {
      services->later([held, again] {
        if (!held->due()) again(again);
      });
    };
    services->after ? services->after(kAnswerAfter, due) : due();
  };
  wait(wait);
}

void Turn::look_up(Result<ReceiptSecrets> secrets) {
  hold_answer();
  auto verdict = Tried{Tried::Verdict::kLater, 0};
  if (secrets.ok()) {
    auto found = find_return(services_.store, std::move(secrets).value());
    if (found.ok()) verdict.verdict = *found ? Tried::Verdict::kRight : Tried::Verdict::kWrong;
    if (found.ok() && *found) {
      verdict.replies = (*found)->replies;
      it_was_delivered((*found)->session.lookup);
      conversation_->returned = std::make_unique<ReturnSession>(std::move((*found)->session));
    }
    if (found.ok() && !*found) services_.receipt_tries->was_wrong(person(), pending_.now);
  }
  tried(verdict);
}

void Turn::tried(const Tried& tried) {
  after_try_ = true;
  go_on_with(tried, conversation_->state);
}

// What came of what the last step asked for is said to the dialogue, in the same turn.
void Turn::go_on_with(const dialogue::Said& said, pb::ConversationState state) {
  step_ = dialogue::advance(*form_, services_.settings, std::move(state), conversation_->awake,
                            circumstances(), said, pending_.now);
  follow_step();
}

void Turn::on_a_worker(void (Turn::*work)()) {
  services_.later([self = shared_from_this(), work] { ((*self).*work)(); });
}

void Turn::read_reply() {
  Conversation& c = *conversation_;
  using dialogue::ReplyRead;
  const auto go_on = [this](const ReplyRead& read) { go_on_with(read, std::move(step_.state)); };
  if (!c.returned) return go_on({ReplyRead::Found::kUnknown});
  auto next = next_reply(services_.store, *c.returned, services_.open_reply);
  if (!next.ok()) return go_on({ReplyRead::Found::kUnknown});
  if (!*next) return go_on({ReplyRead::Found::kNone});
  reply_ = std::move(**next);
  go_on({ReplyRead::Found::kOne, reply_->left});
}

void Turn::take_back_what_was_agreed() {
  Conversation& c = *conversation_;
  const bool done = c.returned && take_back(services_.store, *c.returned,
                                            std::move(step_.withdraws), pending_.now, services_.ids)
                                      .ok();
  if (const auto ended = forget_what_ended(); ended.ok() && *ended) {
    step_.state.clear_left();  // what they left, or what is paused, was that addition
    if (report_waits()) step_.state.mutable_returned()->clear_before();
  }
  go_on_with(dialogue::Withdrawn{done}, std::move(step_.state));
}

// Nothing was told, nothing was changed: they are back where they chose what to do.
void Turn::say_not_now() {
  go_on_with(dialogue::Withdrawn{false}, conversation_->state);
}

// An addition that was left open ends before anything else is done with its report, and takes the
// conversation that wrote it out of the store. It may have been this one; true: it was.
Result<bool> Turn::forget_what_ended() {
  Conversation& c = *conversation_;
  if (!c.tag) return false;
  RESGUARDO_TRY(const auto there, services_.store.find(*c.tag));
  if (there) return false;
  c.tag.reset();
  c.counter = 0;
  c.as_stored = false;
  return true;
}

// The report that the receipt is of goes on, in a segment after its last.
void Turn::begin_adding() {
  Conversation& c = *conversation_;
  if (!c.returned) return say_not_now();
  const auto place = place_to_add(services_.store, *c.returned, pending_.now, services_.ids);
  if (!place.ok() || !forget_what_ended().ok()) return say_not_now();
  pb::ReportProgress progress;
  progress.set_report_id(c.returned->report.str());
  progress.set_next_segment(*place);
  progress.set_first_segment(*place);
  step_.state.mutable_progress()->Swap(&progress);
  store_turn();
}

// A reply that its person has is forgotten by the store; one that did not arrive is shown again.
std::function<void(bool)> Turn::when_reply_arrived() {
  if (!reply_ || !conversation_->returned) return nullptr;
  const ReturnSession& session = *conversation_->returned;
  session.shown->add(reply_->id);
  return [&store = services_.store, later = services_.later, report = session.report,
          shown = session.shown, id = reply_->id](bool arrived) {
    if (!arrived) return shown->remove(id);
    later([&store, report, id] {
      const auto forgotten = store.forget_replies(report, std::span(&id, 1));
      static_cast<void>(forgotten);  // it is shown once more another time
    });
  };
}

}  // namespace resguardo::intake
