// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "bot/gateway/gateway.h"
#include "bot/outbox/bucket.h"
#include "crypto/base/clock.h"
#include "crypto/base/locked_slab.h"
#include "crypto/base/random.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::outbox {

struct PersonMeaning;
using Person = FixedBytes<PersonMeaning, 16>;  // keyed hash of an address, for this process only

struct Limits {
  std::size_t bytes = 4 << 20;      // of messages in all, in locked memory; each rounded up to KiB
  std::size_t body = 16 * 1024;     // bytes of one message
  std::size_t per_person = 8;       // a flood of answers to one person is cut here
  std::chrono::hours lifetime{24};  // WhatsApp's window for free-form messages
  std::chrono::milliseconds first_wait{1000};
  std::chrono::milliseconds longest_wait{5 * 60 * 1000};
  std::chrono::minutes stopped{5};   // a gateway that an operator must mend
  std::size_t arrivals = 8192;       // messages of whose arrival word is awaited
  std::chrono::minutes arrival{10};  // and for how long: what fails is told within seconds
  LockedSlab::Locking locking = LockedSlab::Locking::kRequired;  // of these bytes
};

// What "settled" is to mean for a message.
enum class SettledWhen : std::uint8_t {
  kTaken,    // by the messenger
  kArrived,  // on the person's phone, where the messenger tells; else as before
};

// One message on its way: what to send, and where the outcome goes. The index of the gateway is
// the caller's.
struct Dispatch {
  std::uint64_t id = 0;
  std::size_t gateway = 0;
  gateway::OutboundCall call;
};

struct Counters {
  std::uint64_t added = 0, sent = 0, retried = 0, dropped = 0, expired = 0, refused = 0;
  std::uint64_t undelivered = 0;  // taken, and then told to have failed
};

// Replies waiting to be taken by their messenger. Bodies lie in locked memory and are gone once
// sent; nothing is ever written to disk (protocol.md §4). Promises: messages of one person leave in
// order, one at a time; a failed one is repeated with growing waits until its lifetime ends.
// WARNING: a restart forgets what waits; the person's next message is answered with the owed
// prompt instead.
//
// How many wait is bounded by their bytes: docs/adr/144. No gateway is given messages faster than
// its pace, in all and for one person.
//
// Pure but for the memory: `now` comes in. Not thread-safe: Outbox (outbox.h) guards it.
class Queue {
 public:
  // Told once, whether the messenger took the message, and what it called it (empty: it did not
  // say).
  using Settled = std::function<void(bool taken, const SecretText& our_id)>;

  static std::size_t locked_bytes(const Limits& limits);
  static Result<std::unique_ptr<Queue>> create(const Limits& limits,
                                               const std::vector<gateway::Pace>& gateways,
                                               RandomSource& jitter);

  // kUnavailable: full, or too long. `settled` is then not called. What says word for word what
  // still waits as the last to this person goes with it, as one message: who sends ten photos at
  // once is not asked the same ten times.
  Status add(const Person& person, std::size_t gateway, gateway::OutboundCall call, Settled settled,
             TimePoint now, SettledWhen when = SettledWhen::kTaken);
  // The same for what is no reply: it takes no reply's place in the person's line.
  Status add_errand(const Person& person, std::size_t gateway, gateway::OutboundCall call,
                    Settled settled, TimePoint now);
  bool has_room(const Person& person) const;    // also for the longest message
  std::optional<Dispatch> take(TimePoint now);  // nothing is due: nullopt
  // The outcome of a dispatch. Returns what to call, outside any lock.
  std::vector<std::function<void()>> settle(std::uint64_t id, const gateway::SendOutcome& outcome,
                                            TimePoint now);
  // What a messenger told of messages it had taken. Returns what to call, outside any lock.
  std::vector<std::function<void()>> told(const std::vector<gateway::SentStatus>& statuses);
  // The same for those of which nothing was told in time: nobody said that they failed.
  std::vector<std::function<void()>> give_up_waiting(TimePoint now);
  // Everything that waits for this person goes (exit, delete, another identity).
  void forget(const Person& person);
  std::optional<TimePoint> next_due(TimePoint now = TimePoint()) const;
  std::size_t waiting() const { return entries_.size(); }
  bool stopped(std::size_t gateway, TimePoint now) const { return stops_.at(gateway).until > now; }
  // Why a gateway that is stopped is, and what its operator has to run.
  struct Stop {
    TimePoint until;
    StaticText why = "";
    std::string command;
  };
  const Stop& stop(std::size_t gateway) const { return stops_.at(gateway); }
  // Why the last message failed that an operator could have helped, within a day; nothing: none.
  std::optional<StaticText> unheeded(std::size_t gateway, TimePoint now) const;
  const Counters& counters() const { return counters_; }

 private:
  struct Entry {
    Person person;
    std::size_t gateway = 0;
    std::string method;
    std::string path;
    std::vector<gateway::RawRequest::Header> headers;
    std::vector<LockedSlab::Cell> body;
    std::size_t body_size = 0;
    Settled settled;
    SettledWhen when = SettledWhen::kTaken;
    TimePoint added;
    TimePoint due;
    unsigned tries = 0;
    bool counts = true;
    bool errand = false;
    bool in_flight = false;
    bool forgotten = false;
  };
  struct Paced {
    gateway::Pace pace;
    Bucket bucket;
  };
  struct Awaited {
    Person person;
    Settled settled;
    TimePoint until;
  };
  Queue(const Limits& limits, std::unique_ptr<LockedSlab> slab, SecretBytes name_key,
        const std::vector<gateway::Pace>& gateways, RandomSource& jitter);
  Entry* last_reply_that_says(const Person& person, std::size_t gateway,
                              const gateway::OutboundCall& call);
  Status put(Entry entry, gateway::OutboundCall call, TimePoint now);
  std::size_t replies_to(const Person& person) const;
  TimePoint may_go(const Entry& entry) const;
  void spend(const Entry& entry, TimePoint now);
  Digest name_of(const SecretText& our_id) const;
  bool await_arrival(Entry& entry, const gateway::SendOutcome& outcome, TimePoint now);
  TimePoint wait_after(const Entry& entry, const gateway::SendOutcome& outcome, TimePoint now);
  Result<std::vector<LockedSlab::Cell>> keep(ByteView body);
  static SecretBuffer body_of(const Entry& entry);
  void erase(std::uint64_t id);
  void line_up(std::uint64_t id);
  void leave_line(std::uint64_t id, const Entry& entry);

  Limits limits_;
  std::unique_ptr<LockedSlab> slab_;
  RandomSource& jitter_;
  std::map<std::uint64_t, Entry> entries_;              // by order of arrival
  std::map<Person, std::deque<std::uint64_t>> people_;  // front: in flight or next
  using Due = std::pair<TimePoint, std::uint64_t>;
  std::vector<std::set<Due>> due_;  // by gateway: who is next of a person and not in flight
  std::vector<Stop> stops_;
  std::vector<Stop> unheeded_;  // by gateway, until when it is told; without a command
  std::vector<Paced> paces_;
  std::map<Person, Bucket> spent_;     // of whom not every token is there
  std::size_t spent_most_ = 1024;      // when to look which are
  std::map<Digest, Awaited> awaited_;  // by name_of(): an id may hold a phone number
  SecretBytes name_key_;
  std::uint64_t next_id_ = 1;
  Counters counters_;
};

}  // namespace resguardo::outbox
