// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "bot/gateway/event.h"
#include "bot/intake/owed_receipt.h"
#include "bot/intake/report_sealer.h"
#include "bot/intake/sent_messages.h"
#include "bot/outbox/queue.h"
#include "proto/conversation.pb.h"
#include "storage/store.h"

namespace resguardo::intake {

// What became of one event.
enum class Outcome : std::uint8_t {
  kStored,       // on disk
  kHeard,        // acknowledged from memory: nothing of it may be stored yet
  kDuplicate,    // seen before
  kUnavailable,  // could not be stored: the messenger should send it again
};

// Called once. `release` posts the reply that the turn gave, if any; call it when the messenger
// may be spoken to again.
using Finished = std::function<void(Outcome outcome, std::function<void()> release)>;

struct Pending {
  gateway::InboundEvent event;
  TimePoint now;
  Finished done;
  outbox::Person person{};  // who said it, as this process names them
};

// The next event of a conversation whose turn has ended; nullopt: nobody works on it any more.
std::optional<Pending> next_in_line(struct Conversation& conversation);

// One person's conversation in memory. Its turns run one after another: `busy` is set while one is
// under way, and the others wait in line.
struct Conversation {
  explicit Conversation(LockedSlab& slab, RandomSource& ids) : sealer(slab, ids) {}

  std::mutex mutex;         // guards line and busy; the rest belongs to the turn that set busy
  std::list<Pending> line;  // an empty deque would take half a kilobyte for each conversation
  bool busy = false;

  // Forgets everything but which deliveries were heard and a receipt that its person has not got;
  // the stream states are wiped. The turn's.
  void start_over();

  TimePoint last;  // the table's

  bool loaded = false;  // the store was asked
  bool awake = false;   // `state` came from a turn of this process
  pb::ConversationState state;
  std::optional<storage::ConversationTag> tag;  // where it lies in the store
  std::uint64_t counter = 0;
  // A turn whose fate the store did not tell: asked for before the next one.
  std::optional<pb::ConversationState> uncertain;
  std::shared_ptr<OwedReceipt> uncertain_receipt;  // with it, if that turn closed a report
  std::shared_ptr<OwedReceipt> receipt;            // of the last report that closed
  // The address changed hands, and the store does not know yet: before anything else is said.
  bool wipe_owed = false;
  ReportSealer sealer;
  std::optional<Tag16> word_message;       // gave the word to come back with; may be edited
  std::vector<storage::DedupeTag> heard;   // deliveries that were answered from memory
  std::uint64_t turns = 0;                 // of this process
  std::atomic<std::uint64_t> accepted{0};  // the newest turn whose prompt the messenger took
  SentMessages sent;
  std::optional<TimePoint> timer_asked;  // the disappearing timer was off, and we asked for it
};

// Since when somebody has been silent of whom nothing is needed any more.
struct Silence {
  TimePoint since;                 // the conversation goes; the store has what it has
  TimePoint before_consent_since;  // of what was said before consent, the answers go
};

// The conversations in memory, found by the process's own hash of an address. Bounded: the ones
// silent longest go first, and lose nothing that was promised to last. Thread-safe.
class ConversationTable {
 public:
  ConversationTable(std::size_t limit, LockedSlab& slab, RandomSource& ids)
      : limit_(limit), slab_(slab), ids_(ids) {}

  // Puts an event in its conversation's line. The conversation, if the caller is to work on it
  // now; nullptr if somebody is. `also` is a second name of the same person.
  std::shared_ptr<Conversation> enter(const outbox::Person& person,
                                      const std::optional<outbox::Person>& also, Pending pending);
  void forget_silent(const Silence& silence);
  std::size_t size() const;

 private:
  std::shared_ptr<Conversation> find_or_make(const outbox::Person& person,
                                             const std::optional<outbox::Person>& also);
  void make_room();

  mutable std::mutex mutex_;
  std::size_t limit_;
  LockedSlab& slab_;
  RandomSource& ids_;
  std::unordered_map<outbox::Person, std::shared_ptr<Conversation>, FixedBytesHash> table_;
};

}  // namespace resguardo::intake
