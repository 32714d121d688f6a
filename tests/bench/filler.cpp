// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bench/filler.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "bot/commands/sources.h"
#include "bot/dialogue/summary.h"
#include "bot/intake/closing.h"
#include "bot/intake/epochs.h"
#include "tests/support/must.h"

namespace resguardo::bench {
namespace {

using gateway::Channel;
using testing_support::must;

constexpr std::size_t kUnderWay = 2000;  // turns in the store's queue

template <class T>
T opened(program::Outcome<T> outcome) {
  if (!outcome.ok()) throw std::runtime_error(outcome.error().where + ": " + outcome.error().what);
  return std::move(outcome).value();
}

std::unique_ptr<intake::SealingGate> make_gate(const config::Config& config, storage::Store& store,
                                               TimePoint now, RandomSource& ids) {
  auto roster =
      opened(commands::load_roster(config, &store, now, commands::RosterUse::kAccept, ids));
  const auto epochs = must(intake::read_epochs(store, now));
  return std::make_unique<intake::SealingGate>(std::move(roster.roster), epochs.epoch,
                                               std::chrono::hours(72));
}

}  // namespace

// One report on its way.
struct Filler::Sealed {
  explicit Sealed(LockedSlab& slab, RandomSource& ids) : sealer(slab, ids) {}
  intake::ReportSealer sealer;
  pb::ReportProgress progress;
  storage::ReportWrite write;  // what the last move gave
};

Filler::Filler(const config::Config& config, const dialogue::Form& form, const Recording& recording)
    : form_(form),
      recording_(recording),
      site_(opened(commands::open_installation(config, now_, ids_))),
      people_(must(intake::People::create(*site_.keys, *site_.store))),
      gate_(make_gate(config, *site_.store, now_, ids_)),
      slab_(must(LockedSlab::create(SegmentWriter::cell_size(), 8))) {}

Filler::Sealed Filler::seal_until(const Conversation& told, std::size_t last, bool close,
                                  const std::function<void(Sealed&, const Move&)>& each,
                                  const Bytes& withdrawal_key) {
  Sealed sealed(*slab_, ids_);
  const intake::ReportFrame frame{form_.digest(), form_.id(), form_.version(),
                                  told.channel == Channel::kWhatsApp ? "whatsapp" : "signal"};
  const auto pass = must(gate_->enter(now_));
  const intake::ReadyReceipt receipt{SecretText(),
                                     {must(SecretBytes::allocate(32)), ids_.make<Digest>(),
                                      Bytes(72, 7), Bytes(32, 7), withdrawal_key}};
  for (std::size_t at = told.begin; at <= last; ++at) {
    const Move& move = told.moves[at];
    intake::SealTurn turn;
    turn.given = &move.step->given;
    ids_.fill(turn.stamp.message);
    turn.stamp.time = now_;
    turn.close = close && at == last;
    if (turn.close) turn.receipt = &receipt;
    turn.language = move.step->state.language();
    turn.consent = dialogue::consented_purposes(form_, move.step->state);
    sealed.write = {};
    if (!turn.given->empty() || turn.close) {
      sealed.write = must(sealed.sealer.seal(frame, pass.recipients, turn, sealed.progress));
      rows_ += sealed.write.rows.size();
    }
    each(sealed, move);
  }
  return sealed;
}

void Filler::open_conversations(std::uint64_t count) {
  for (std::uint64_t person = kFirstFilled; person < kFirstFilled + count; ++person) {
    const Conversation& told = told_by(recording_, person);
    const std::string address = "wa:" + address_of(Channel::kWhatsApp, person);
    std::uint64_t counter = 0;
    seal_until(told, last_move_of(told, person), false, [&](Sealed& sealed, const Move& move) {
      storage::Turn turn;
      turn.delivered = {delivery()};
      turn.day = day_of(now_);
      auto state = move.step->state;
      *state.mutable_progress() = sealed.progress;
      const auto durable = dialogue::durable_part(form_, state);
      auto kept = must(people_->seal(address, counter + 1, durable, turn.day));
      turn.conversation.emplace();
      turn.conversation->tag = kept.tag;
      turn.conversation->expected = counter++;
      turn.conversation->sealed_state = std::move(kept.state);
      if (!sealed.write.rows.empty()) turn.report = std::move(sealed.write);
      submit(std::move(turn));
    });
  }
}

void Filler::closed_rows(std::uint64_t count) {
  const std::uint64_t until = rows_ + count;
  for (std::uint64_t number = 0; rows_ < until; ++number) {
    whole(told_by(recording_, number), Bytes(32, 7));
  }
}

ReportId Filler::whole(const Conversation& told, const Bytes& withdrawal_key) {
  return one_turn(told, true, withdrawal_key);
}

void Filler::unfinished(const Conversation& told) {
  one_turn(told, false, Bytes(32, 7));
}

void Filler::end_all() {
  const auto ended = intake::end_all_reports(*site_.store, now_, ids_);
  if (ended.left > 0) throw std::runtime_error("the store did not end a report");
}

ReportId Filler::one_turn(const Conversation& told, bool close, const Bytes& withdrawal_key) {
  storage::Turn turn;
  turn.day = day_of(now_);
  storage::ReportWrite whole;
  const auto gather = [&](Sealed& sealed, const Move&) {
    turn.delivered.push_back(delivery());
    auto& now = sealed.write;
    std::ranges::move(now.segments, std::back_inserter(whole.segments));
    std::ranges::move(now.rows, std::back_inserter(whole.rows));
    if (now.segments.empty() && now.rows.empty() && now.log_entries.empty()) return;
    whole.report = now.report;
    whole.day = now.day;
    whole.change = now.change;
    whole.log_entries = std::move(now.log_entries);
    whole.receipt = std::move(now.receipt);
  };
  seal_until(told, told.moves.size() - 1, close, gather, withdrawal_key);
  const ReportId report = whole.report;
  whole.keep_partial = !close;
  turn.report = std::move(whole);
  submit(std::move(turn));
  return report;
}

storage::DedupeTag Filler::delivery() {
  ++deliveries_;
  return ids_.make<storage::DedupeTag>();
}

void Filler::submit(storage::Turn turn) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return under_way_ < kUnderWay; });
    ++under_way_;
  }
  site_.store->submit(std::move(turn), [this](const Result<storage::Recorded>& result) {
    const std::lock_guard lock(mutex_);
    failed_ = failed_ || !result.ok();
    --under_way_;
    changed_.notify_all();
  });
}

void Filler::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return under_way_ == 0; });
  if (failed_) throw std::runtime_error("the store did not take a turn");
}

}  // namespace resguardo::bench
