// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "bot/intake/held_answer.h"
#include "bot/intake/intake.h"
#include "bot/intake/returning.h"

namespace resguardo::intake {

// One turn under way. It owns its conversation until done() is called; steps run in the order of
// architecture.md §3.
class Turn : public std::enable_shared_from_this<Turn> {
 public:
  using Ended = std::function<void(std::shared_ptr<Conversation>)>;
  Turn(Services& services, IntakeCounters& counters, dialogue::Forms forms,
       std::shared_ptr<Conversation> conversation, Pending pending, Ended ended);

  // Runs until the store has the turn, or to the end where nothing is stored.
  void run();

 private:
  // turn_admission.cpp: whether there is room for a stranger
  void begin();
  bool is_known() const;
  Result<bool> already_seen();
  Status load();
  Status settle_uncertain();
  void ended_after_all();
  Status adopt(std::string_view address);
  void wipe_identity();
  void wipe_first();
  void wiped(const Result<storage::Recorded>& result);
  void go_on();
  bool receipt_comes_first() const;
  void show_receipt();
  std::shared_ptr<OwedReceipt> owed_receipt();
  std::optional<dialogue::Prompt> last_words() const;
  // turn_replace.cpp: a receipt that is not known to have been delivered
  Status find_lost_receipt();
  std::optional<ReceiptRow> waiting_row() const;
  using Next = void (Turn::*)();
  void without_waiting_row(Next next);
  std::function<void(OwedReceipt&)> forgets_row() const;
  void it_was_delivered(const storage::ReceiptLookup& lookup);
  bool owes_another_receipt() const;
  void find_place_to_replace();
  void store_replacement();
  Result<storage::Turn> sealed_replacement();
  void replaced(const Result<storage::Recorded>& result);
  void stay_with_the_step();
  Result<storage::ConversationWrite> sealed_receipt_row(const pb::ConversationState& closed);
  dialogue::Circumstances circumstances() const;
  void take_step(const dialogue::Said& said);
  void follow_step();
  void follow_effect();
  void keep_in_memory(bool changed = true);
  bool somebody_can_read();
  void store_turn();
  bool owes_receipt() const;
  bool waits_for_receipt();
  bool has_receipt(Next next);
  void receipt_came(Result<ReadyReceipt> receipt);
  Result<storage::Turn> sealed_turn();
  Status seal_report(storage::Turn& turn);
  ReportFrame frame() const;
  // turn_return.cpp: who comes back with a receipt
  void try_receipt();
  void hold_answer();
  void look_up(Result<ReceiptSecrets> secrets);
  void tried(const dialogue::Tried& tried);
  void go_on_with(const dialogue::Said& said, pb::ConversationState state);
  void on_a_worker(void (Turn::*work)());
  void read_reply();
  void take_back_what_was_agreed();
  void begin_adding();
  bool begins_adding() const { return step_.effect == dialogue::Effect::kBeginAdding; }
  void say_not_now();
  Result<bool> forget_what_ended();
  std::function<void(bool)> when_reply_arrived();
  // turn_link.cpp: replies without a receipt
  PhoneLinks::Addresses addresses() const;
  void offer_link();
  void link_phone();
  void find_link();
  void unlink();
  bool without_link(Next next);
  // turn_files.cpp: a file that was sent
  const gateway::Media* file_sent() const;
  void judge_file();
  const dialogue::Given* file_given() const;
  void take_file(storage::Turn& turn);
  void pass_file_on(Outcome outcome);
  std::optional<ReportId> report_of_files() const;
  void watch_lost_files();
  void forget_lost_files();
  std::function<void()> with_loss(std::function<void()> release);
  void submit(storage::Turn turn);
  void recorded(const Result<storage::Recorded>& result);
  void not_recorded(const Error& error);
  void failed(const Error& error);
  void answer_no_roster();
  void see_timer_change();
  bool timer_is_off();
  std::function<void()> reply_and_tidy();
  void finish(Outcome outcome);
  void answer_duplicate();
  const outbox::Person& person() const { return pending_.person; }
  std::chrono::milliseconds patience() const;
  std::string_view address() const { return pending_.event.sender().address.reveal(); }
  // Behind the return menu.
  bool report_waits() const { return conversation_->state.returned().has_before(); }
  bool report_open() const { return !conversation_->state.progress().report_id().empty(); }

  Services& services_;
  IntakeCounters& counters_;
  dialogue::Forms forms_;
  std::shared_ptr<const dialogue::Form> form_;  // of this conversation
  std::shared_ptr<Conversation> conversation_;
  Pending pending_;
  Ended ended_;
  storage::DedupeTag delivery_;
  Tag16 message_{};
  std::optional<Tag16> target_;
  std::optional<dialogue::Said> said_;  // nothing: an IdentityChange
  std::optional<storage::ConversationTag> new_tag_;
  dialogue::Step step_;
  std::optional<ReadyReceipt> receipt_;
  ReplacementToken token_;               // of it
  std::optional<ReceiptRow> row_;        // what the turn leaves in the store for it
  std::optional<PlaceToReplace> place_;  // of the report whose receipt it replaces
  Next after_receipt_ = nullptr;
  std::optional<MediaId> media_;               // of the file that the turn takes
  std::optional<storage::PendingMedia> file_;  // what is written of it
  LostFiles::Loss loss_ = LostFiles::Loss::kNone;
  std::optional<ReportId> loss_of_;   // an earlier one is lost: that is told first
  bool leaves_store_ = false;         // the turn removes the conversation from the store
  std::shared_ptr<const Week> week_;  // in use until the store has the turn
  bool retried_ = false;
  bool gave_up_receipt_ = false;                // whoever left needs none that waits
  bool recovered_ = false;                      // the last turn turned out to be stored
  std::optional<dialogue::Prompt> end_;         // and to have been the last, with these words
  std::shared_ptr<HeldAnswer> held_;            // the event is acknowledged, its answer is not due
  bool after_try_ = false;                      // the step is the answer to a code
  bool counted_ = false;                        // of the receipts that are derived
  std::optional<NextReply> reply_;              // what the prompt shows
  bool unlinked_ = false;                       // the phone's link was taken out, or is owed to be
  std::shared_ptr<OwedReceipt> shown_receipt_;  // the reply is this, not the step's prompt
};

}  // namespace resguardo::intake
