// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "bot/dialogue/forms.h"
#include "bot/dialogue/step.h"
#include "bot/gateway/event.h"
#include "bot/gateway/gateway.h"
#include "bot/intake/allowances.h"
#include "bot/intake/code_tries.h"
#include "bot/intake/conversation.h"
#include "bot/intake/doubts.h"
#include "bot/intake/file_sink.h"
#include "bot/intake/glossary.h"
#include "bot/intake/lost_files.h"
#include "bot/intake/people.h"
#include "bot/intake/receipt_mint.h"
#include "bot/intake/returning.h"
#include "bot/intake/sealing_gate.h"

namespace resguardo::intake {

// Posts a reply to a person; `settled` is told once whether the messenger took it, also where there
// is no room for it. The outbox in the server, a list in tests.
class ReplySink {
 public:
  virtual ~ReplySink() = default;
  // Whether one more reply to this person would find room now.
  virtual bool has_room(const outbox::Person& person) const = 0;
  virtual void post(const outbox::Person& person, const gateway::Sender& to,
                    const gateway::Reply& reply, outbox::Queue::Settled settled,
                    outbox::SettledWhen when) = 0;
  // Takes back messages of ours, where the messenger can.
  virtual void unsend(const outbox::Person& person, const gateway::Sender& to,
                      std::vector<SecretText> our_ids) = 0;
  // Asks for the disappearing timer that the operator wants, where the messenger has one.
  virtual void set_timer(const outbox::Person& person, const gateway::Sender& to) = 0;
  // Shows that a message of theirs was read, where the operator wants it.
  virtual void mark_read(const outbox::Person& person, const gateway::Sender& to,
                         const SecretText& message_id) = 0;
  // A session ends: the gateway need not know whom it talked to.
  virtual void forget_contact(const outbox::Person& person, const gateway::Sender& to) = 0;
  virtual void forget(const outbox::Person& person) = 0;
};

// All that a turn needs; everything outlives the intake.
struct Services {
  dialogue::Forms forms;
  dialogue::Settings settings;
  storage::Store& store;
  People& people;
  SealingGate& gate;
  ReceiptMint& receipts;
  LockedSlab& slab;
  RandomSource& ids;
  ReplySink& replies;
  // Runs work soon, on another thread than the store's writer.
  std::function<void(std::function<void()>)> later;
  std::size_t conversations = 10'000;
  // How long what no messenger delivers again may wait for the store: less than the HTTP server
  // waits for an answer.
  std::chrono::milliseconds patience{20'000};
  std::shared_ptr<CodeTries> code_tries = std::make_shared<CodeTries>();
  std::shared_ptr<CodeTries> word_tries =  // of words that lead back
      std::make_shared<CodeTries>(CodeTries::Others::kIgnored);
  std::shared_ptr<CodeTries> receipt_tries = CodeTries::of_receipts();
  OpenReply open_reply = nullptr;  // nobody can answer: no reply is shown
  // Runs short work after a while. Empty: at once, by `later`.
  std::function<void(std::chrono::milliseconds, std::function<void()>)> after = nullptr;
  std::shared_ptr<Glossary> glossary = std::make_shared<Glossary>();
  std::size_t open_conversations = 256;             // that nobody works on; the others are packed
  FileSink* files = nullptr;                        // nobody fetches files: none is taken
  std::shared_ptr<LostFiles> lost_files = nullptr;  // with `files`
  std::shared_ptr<Doubts> doubts = std::make_shared<Doubts>();
  PhoneLinks* links = nullptr;  // no phone can be linked; with dialogue::Settings::links
  std::shared_ptr<Allowances> allowances = nullptr;  // nobody is held back
};

struct IntakeCounters {
  std::atomic<std::uint64_t> stored{0}, heard{0}, duplicates{0}, unavailable{0}, no_roster{0};
  std::atomic<std::uint64_t> no_form{0};  // turns of reports whose form is not here
  std::atomic<std::uint64_t> receipts_tried{0}, receipts_looked_up{0};
  std::atomic<std::uint64_t> over_rate{0};          // messages of people who write too fast
  std::atomic<std::uint64_t> strangers_refused{0};  // of strangers, where there are too many
  std::atomic<std::uint64_t> read_anew{0};  // packed ones of which the store had another state
};

// One turn from event to reply: the only place that knows the order of things (architecture.md
// §3): duplicate? → state → step → seal → one transaction → reply.
//
// Promises: two events of one person never run at once, and run in the order they came; different
// people do not wait for each other. handle() does not wait for the disk: what has to be read is
// read by `later`. kStored means on disk. What is told before consent is never
// written. A failing commit wipes the stream states it was sealed with. Thread-safe.
class Intake {
 public:
  explicit Intake(Services services);
  ~Intake();  // waits for turns under way

  void handle(gateway::InboundEvent event, TimePoint now, Finished done);
  // Of conversations silent for `idle_timeout` nothing stays in memory; the disk keeps what it has.
  // Of those before consent no answers stay after the silence that ends them (dialogue::Settings).
  void forget_silent(TimePoint now, std::chrono::milliseconds idle_timeout);
  // Of who has been quiet for so long memory keeps only what the store has not. How many that were.
  std::size_t pack_quiet(TimePoint since);
  // Something that was written over this messenger has been lost: doubts.h.
  void doubt(gateway::Channel channel, TimePoint now);
  const IntakeCounters& counters() const;
  std::size_t conversations() const;
  void replace_forms(dialogue::Forms forms);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace resguardo::intake
