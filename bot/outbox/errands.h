// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "bot/gateway/gateway.h"
#include "bot/outbox/queue.h"

namespace resguardo::outbox {

// What is to be done beside talking: taking back messages of ours, setting a disappearing timer,
// showing that a message was read, letting the gateway forget a person. One at a time for a person,
// so that hundreds of them neither fill the queue nor hold up a reply. Bounded: beyond `limit` for
// one person the oldest stay. Not thread-safe: the outbox guards it. WARNING: a restart forgets
// them, and what no messenger takes is not tried for ever.
class Errands {
 public:
  struct Next {
    Person person;
    std::size_t gateway = 0;
    gateway::OutboundCall call;
  };
  explicit Errands(std::size_t limit = 512) : limit_(limit) {}

  void unsend(const Person& person, std::size_t gateway, const gateway::Sender& to,
              std::vector<SecretText> our_ids);
  void set_timer(const Person& person, std::size_t gateway, const gateway::Sender& to);
  // Of several that wait only the last: reading it shows the others as read.
  void mark_read(const Person& person, std::size_t gateway, const gateway::Sender& to,
                 const SecretText& message_id);
  // Behind all others of this person.
  void forget_contact(const Person& person, std::size_t gateway, const gateway::Sender& to);
  // One that is due, of a person who has none under way; errands that a gateway cannot do are
  // dropped here.
  std::optional<Next> take(const std::vector<const gateway::Gateway*>& gateways);
  void put_back(const Person& person);  // there was no room for it
  void done(const Person& person);      // taken, or never to be
  void forget(const Person& person);
  bool empty() const { return people_.empty(); }

 private:
  enum class Kind : std::uint8_t { kTimer, kUnsend, kRead, kForget };
  struct Errand {
    Kind kind = Kind::kTimer;
    SecretText id = {};  // of the message it is about
  };
  struct Line {
    std::size_t gateway = 0;
    gateway::Sender to;
    std::deque<Errand> errands;
    bool under_way = false;

    void drop_waiting(Kind kind);  // all of them but one that is under way
  };
  static std::optional<gateway::OutboundCall> call_for(const Errand& errand, const Line& line,
                                                       const gateway::Gateway& messenger);
  Line& line(const Person& person, std::size_t gateway, const gateway::Sender& to);

  std::size_t limit_;
  std::map<Person, Line> people_;
};

}  // namespace resguardo::outbox
