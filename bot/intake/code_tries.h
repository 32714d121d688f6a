// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "bot/outbox/queue.h"
#include "crypto/base/clock.h"

namespace resguardo::intake {

// How many wrong team codes may be tried (docs/adr/120), or words that lead back (docs/adr/081):
// kOwn in a row by one sender, then one each kOwnEvery; kAll by all together, then one each
// kAllEvery. A sender's first kFree are not held back by what others do: however many try, whoever
// wrote it wrong kOwn times waits for (kOwn - kFree + 1) × kOwnEvery at most. Words are each
// person's own: who guesses at one is not helped by many senders, so kOthers::kIgnored counts
// each sender alone. In memory, bounded: where there are more than kSenders, those go first that
// are nearest to a clean slate. Thread-safe. What lies further ahead than anybody can have to wait
// was counted before the clock went back, and does not count.
class CodeTries {
 public:
  enum class Others : std::uint8_t { kCount, kIgnored };
  explicit CodeTries(Others others = Others::kCount) : others_(others) {}
  // Of receipts: kOwn in a row by one sender, then so many an hour, whatever others do.
  static std::shared_ptr<CodeTries> of_receipts();

  static constexpr int kOwn = 5;
  static constexpr int kFree = 3;
  static constexpr std::chrono::minutes kOwnEvery{5};
  static constexpr std::chrono::minutes kReceiptEvery{12};
  static constexpr int kAll = 60;
  static constexpr std::chrono::seconds kAllEvery{10};
  static constexpr std::size_t kSenders = 10'000;

  // Whether a code of this sender is looked at now.
  bool allows(const outbox::Person& sender, TimePoint now) const;
  void was_wrong(const outbox::Person& sender, TimePoint now);
  std::size_t senders() const;

 private:
  void make_room(TimePoint now);

  Others others_;
  std::chrono::minutes own_every_ = kOwnEvery;
  mutable std::mutex mutex_;
  // When the last try will be made up for, of those who have one to make up for.
  std::unordered_map<outbox::Person, TimePoint, FixedBytesHash> own_;
  TimePoint all_{};
};

}  // namespace resguardo::intake
