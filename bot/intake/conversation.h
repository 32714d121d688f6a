// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "bot/dialogue/step.h"
#include "bot/gateway/event.h"
#include "bot/intake/owed_receipt.h"
#include "bot/intake/phone_links.h"
#include "bot/intake/report_sealer.h"
#include "bot/intake/returning.h"
#include "bot/intake/sent_messages.h"
#include "bot/outbox/queue.h"
#include "crypto/base/secret_text.h"
#include "proto/conversation.pb.h"
#include "storage/store.h"

namespace resguardo::intake {

// What became of one event.
enum class Outcome : std::uint8_t {
  kStored,       // on disk
  kHeard,        // acknowledged from memory: nothing of it may be stored yet
  kDuplicate,    // seen before
  kUnavailable,  // could not be stored: the messenger should send it again
  kRefused,      // over its rate: acknowledged, answered by silence, and nothing of it stays
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

// A delivery that was answered from memory: six bytes of its tag. One in 2⁴⁸ would be taken for
// another, and a person has at most some dozens.
struct HeardDeliveryMeaning;
using HeardDelivery = FixedBytes<HeardDeliveryMeaning, 6>;

// What a packed conversation had beside what the store has: packed.h. The state must be read first.
struct Unjoined {
  SecretBuffer memory_part;  // packed.cpp
  std::optional<ReportSealer::Parked> stream;
};

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

  bool loaded = false;     // the store was asked
  bool awake = false;      // `state` came from a turn of this process
  bool as_stored = false;  // the store has this `state`, but for what durable_part() drops
  pb::ConversationState state;
  std::optional<storage::ConversationTag> tag;  // where it lies in the store
  std::uint64_t counter = 0;
  // To be laid on the state that the store has; not loaded then.
  std::unique_ptr<Unjoined> unjoined;
  // A turn whose fate the store did not tell: asked for before the next one.
  std::optional<pb::ConversationState> uncertain;
  std::shared_ptr<OwedReceipt> uncertain_receipt;  // with it, if that turn closed a report
  std::optional<dialogue::Prompt> uncertain_end;   // or what else it was to end with
  std::shared_ptr<OwedReceipt> receipt;            // of the last report that closed
  std::optional<LostReceipt> lost_receipt;         // of before the last start; none with `receipt`
  std::unique_ptr<ReturnSession> returned;         // of PHASE_RETURNED
  std::unique_ptr<LinkOffer> link_offer;           // of PHASE_CLOSED: the receipt's
  // The address changed hands, and the store does not know yet: before anything else is said.
  bool wipe_owed = false;
  ReportSealer sealer;
  std::optional<Tag16> word_message;       // gave the word to come back with; may be edited
  std::vector<HeardDelivery> heard;        // deliveries that were answered from memory
  std::uint64_t turns = 0;                 // of this process
  std::atomic<std::uint64_t> accepted{0};  // the newest turn whose prompt the messenger took
  SentMessages sent;
  std::optional<TimePoint> timer_asked;  // the disappearing timer was off, and we asked for it
};

}  // namespace resguardo::intake
