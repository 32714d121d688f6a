// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/gateway/call.h"
#include "bot/gateway/event.h"
#include "bot/gateway/files.h"
#include "crypto/base/result.h"

namespace resguardo::gateway {

// What the messenger tells later of a message that it had taken.
struct SentStatus {
  SecretText our_id;  // SendOutcome::message_id
  bool arrived = false;
  StaticText reason = "";  // where it will not arrive: for a counter
};

// What came of one authentic delivery.
struct Delivery {
  std::vector<InboundEvent> events;
  std::vector<SentStatus> statuses;  // of messages of ours
  std::uint32_t ignored = 0;         // receipts, typing, groups, other fields: nothing for us
  std::uint32_t refused = 0;         // bad items: counted, and the rest goes on
  std::uint32_t stale = 0;           // older than kOldestEvent
};
constexpr std::chrono::hours kOldestEvent{8 * 24};

// One message to a person. Lengths were checked when the form was loaded; render() refuses, it
// never cuts.
struct ReplyChoice {
  std::string id;
  std::string title;
  std::string description;
};
struct Reply {
  SecretText text;                   // prompt; holds the receipt once
  std::vector<ReplyChoice> choices;  // empty: free text
  bool multiple = false;             // several may be picked: numbers in one message
  bool asks_location = false;        // a pin is an answer: its map may be offered
  std::string list_button;           // title of the button that opens a list
  std::string numbers_hint;          // "reply with the number", where there are no buttons
  std::string list_hint;             // the same where a list is single-select

  Reply clone() const {
    return {text.clone(), choices, multiple, asks_location, list_button, numbers_hint, list_hint};
  }
};

enum class SendVerdict : std::uint8_t {
  kSent,
  kRetry,     // back off and send again
  kSlowDown,  // a limit: longer, and this person or number only
  kDrop,      // will never work for this person
  kStop,      // will never work for anybody until an operator acts
};
struct SendOutcome {
  SendVerdict verdict = SendVerdict::kRetry;
  std::chrono::milliseconds wait{0};  // at least; 0: the outbox decides
  StaticText reason = "";             // for a counter and the operator
  SecretText message_id;              // of what was sent, if told
  std::string command = {};           // with kStop: what the operator has to run; of no person
  bool mendable = false;              // of one person or for now only, and an operator can mend it
};

// What an operator should know of a messenger's program before anybody writes. Never quotes it.
struct ProbeFinding {
  bool stops = false;  // nothing will be taken, or nothing sent, until it is mended
  StaticText what;
  StaticText mend;
};

// A GET that is not an event (WhatsApp's handshake).
struct Handshake {
  bool accepted = false;
  std::string body;
};

// One messenger. To add one: a folder here, a line in registry.cpp, cases in tests/bot/gateway.
// Pure: bytes in, events and requests out; no I/O, no clock. Thread-safe, immutable.
class Gateway {
 public:
  virtual ~Gateway() = default;
  virtual StaticText name() const noexcept = 0;
  virtual Channel channel() const noexcept = 0;

  // Authenticates, then parses, then checks freshness against `now`. Not virtual, so no messenger
  // can skip a step; an InboundEvent has no other maker. kUnauthentic: answer 403, empty body. An
  // authentic body that is not what it should be gives a Delivery that counts it, never an error:
  // the messenger would repeat it for days.
  Result<Delivery> verify_and_parse(RawRequest request, TimePoint now) const;

  // For a messenger that posts nothing: the request whose answer is its stream of events
  // (event_stream.h), over a connection that we make to the address the operator gave.
  virtual std::optional<OutboundCall> subscribe() const;
  // The data of one such event. The connection is its proof, so there is nothing to verify; a
  // messenger that has no stream refuses it.
  Delivery take_streamed(SecretBuffer data, TimePoint now) const;

  virtual Result<Handshake> handshake(const RawRequest& request) const = 0;
  virtual Result<OutboundCall> render(const Reply& reply, const Sender& to) const = 0;
  virtual SendOutcome judge(const CallAnswer& answer) const = 0;

  // Asks the messenger's program how it is set up; it writes to nobody, and names nobody but our
  // own account. nullopt: it cannot be asked.
  virtual std::optional<OutboundCall> probe() const { return std::nullopt; }
  // What of its answer has to be mended; nothing: all is well.
  virtual std::optional<ProbeFinding> judge_probe(const CallAnswer&) const { return std::nullopt; }

  virtual Pace pace() const { return {}; }
  // Whether statuses tell what became of a message that was taken.
  virtual bool tells_arrival() const noexcept { return false; }

  // Shows the person that this message of theirs was read; nullopt: not wanted, or not possible.
  virtual std::optional<OutboundCall> mark_read(const SecretText& message_id) const;
  // Lets the gateway forget whom it talked to: what it keeps of a contact and its keys. nullopt: it
  // keeps nothing, or cannot.
  virtual std::optional<OutboundCall> forget_contact(const Sender& to) const;

  // Sets the disappearing timer the operator wants on the conversation with `to`; nullopt: this
  // messenger has none, or none is wanted. Its answer needs no judge: the next event's
  // expires_in() tells whether it is in force.
  virtual std::optional<OutboundCall> set_timer(const Sender& to) const;
  // Whether unsend() can do anything: only then is it worth remembering what was sent.
  virtual bool can_unsend() const noexcept { return false; }
  // How the files that people send are fetched; nullptr: they cannot be. Lives as long as this.
  virtual const FileSource* files() const noexcept { return nullptr; }
  // Deletes a message of ours on both sides; `our_id` is SendOutcome::message_id. nullopt: cannot.
  virtual std::optional<OutboundCall> unsend(const Sender& to, const SecretText& our_id) const;

 protected:
  // Proof that authenticate() ran, or that the body came over our own stream. It is untouched.
  class Authentic {
   public:
    const RawRequest& request() const { return request_; }

   private:
    friend class Gateway;
    explicit Authentic(RawRequest request) : request_(std::move(request)) {}
    RawRequest request_;
  };

 private:
  static Delivery fresh(Delivery delivery, TimePoint now);
  virtual Status authenticate(const RawRequest& request) const = 0;
  virtual Delivery parse(const Authentic& authentic) const = 0;
};

}  // namespace resguardo::gateway
