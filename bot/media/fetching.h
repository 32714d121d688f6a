// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/media/addendum.h"
#include "bot/media/caller.h"
#include "bot/media/messenger.h"
#include "bot/media/schedule.h"
#include "crypto/base/clock.h"
#include "storage/store.h"

namespace resguardo::media {

// Leave to seal (intake::SealingGate): while it lives, the week that is sealed to is in use.
struct SealLeave {
  Recipients recipients;
  std::shared_ptr<const void> week;
};

enum class WhyLost : std::uint8_t { kGone, kTooLarge };

struct FetchParts {
  storage::Store& store;
  AddendumSealer& sealer;
  const Clock& clock;
  RandomSource& jitter;
  std::vector<Messenger> messengers;
  std::uint64_t most_bytes = 0;  // of a file
  std::function<Result<SealLeave>(TimePoint)> leave = {};
  std::function<std::uint64_t()> free_bytes = {};  // of the disk that files go to
  // A file of this report will not come any more. From any thread.
  std::function<void(const ReportId&, WhyLost)> lost = {};
  ScheduleLimits limits = {};
};

struct FetchHealth {
  std::size_t waiting = 0;
  std::uint64_t sealed = 0, lost = 0;
  std::vector<std::optional<StaticText>> stopped;  // by messenger: an operator must act
  std::optional<StaticText> ours;                  // why we could not keep a file, the last time
  bool copies_stay = false;  // messengers' own copies could not be deleted, the last time
};

// Files from their messengers to their reports (protocol.md §3.9): fetched, sealed, brought by an
// addendum in one transaction that also settles what waited; then the messenger's own copy is
// deleted. Tried again until the messenger has it no more; then the addendum says that it is lost.
//
// Promises: a file is settled once, whatever fails in between; where the disk is full, or nobody
// may be sealed to, everything waits; copies that nobody waits for are deleted. No thread of its
// own: work() does one thing that is due, and may be called from several threads at once.
class Fetching {
 public:
  explicit Fetching(FetchParts parts);
  ~Fetching();

  void add(const storage::PendingMedia& row);
  // A file that is not taken: its messenger's copy goes.
  void discard(StaticText messenger, std::string reference);
  // Does one thing of that messenger which is due; false: nothing is. Waits for the network.
  bool work(std::size_t messenger, Caller& caller);
  // Takes up what waits in the store, and deletes copies that nobody waits for. `takes`: the store
  // takes turns now, so that no message has to wait outside.
  void tidy(std::size_t messenger, Caller& caller, bool takes);
  std::optional<TimePoint> next_due(std::size_t messenger) const;
  FetchHealth health() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace resguardo::media
