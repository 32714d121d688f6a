// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "bot/commands/installation.h"
#include "bot/config/config.h"
#include "bot/intake/people.h"
#include "bot/intake/report_sealer.h"
#include "bot/intake/sealing_gate.h"
#include "tests/bench/filled.h"

namespace resguardo::bench {

// Fills the store of a stopped bot through the Store interface, with what the bot's own parts seal:
// real segments to the roster's recipients, real states under real tags. Only a receipt's keys are
// random bytes (each real one costs 40 ms), and a finished report comes as one turn.
class Filler {
 public:
  // Throws when something of the bot's configuration cannot be opened.
  Filler(const config::Config& config, const dialogue::Form& form, const Recording& recording);

  // WhatsApp people who have said up to four things after consent: kFirstFilled, and on.
  void open_conversations(std::uint64_t count);
  // Reports that are whole, until there are so many sealed rows of them.
  void closed_rows(std::uint64_t count);
  void wait();  // until all is on disk

  // One report as it was told, with a receipt whose keys are random but for this one.
  ReportId whole(const Conversation& told, const Bytes& withdrawal_key);
  // One that its reporter left; kept, as consent says.
  void unfinished(const Conversation& told);
  void end_all();  // what is unfinished, as upkeep does it

  std::uint64_t rows() const { return rows_; }
  std::uint64_t deliveries() const { return deliveries_; }  // that the store remembers

 private:
  struct Sealed;
  Sealed seal_until(const Conversation& told, std::size_t last, bool close,
                    const std::function<void(Sealed&, const Move&)>& each,
                    const Bytes& withdrawal_key = Bytes(32, 7));
  ReportId one_turn(const Conversation& told, bool close, const Bytes& withdrawal_key);
  void submit(storage::Turn turn);
  storage::DedupeTag delivery();

  TimePoint now_ = SystemClock().now();
  SystemRandom ids_;
  const dialogue::Form& form_;
  const Recording& recording_;
  commands::Installation site_;
  std::unique_ptr<intake::People> people_;
  std::unique_ptr<intake::SealingGate> gate_;
  std::unique_ptr<LockedSlab> slab_;
  std::uint64_t rows_ = 0;
  std::uint64_t deliveries_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t under_way_ = 0;
  bool failed_ = false;
};

}  // namespace resguardo::bench
