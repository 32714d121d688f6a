// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "bot/http/detail/addresses.h"
#include "bot/http/server.h"

namespace resguardo::http {

using Moment = std::chrono::steady_clock::time_point;

// How many connections a listener has, in all and of one address, and how often an address was
// refused: docs/adr/175. Where there is no place for one more, the one goes that has been here
// longest without a request that was taken; who has had one taken never goes for a stranger.
// Thread-safe; `now` comes in.
class Peers {
 public:
  explicit Peers(const PeerLimits& limits) : limits_(limits) {}

  static constexpr std::size_t kMostAddresses = 65'536;  // that are remembered

  struct Connection {
    std::optional<PeerTag> tag;   // nothing: not counted by address
    bool pays = false;            // refusals are counted
    std::function<void()> evict;  // called once at most, under a lock: it only posts
  };

  // The place of a connection, for as long as it lives.
  class Place {
   public:
    Place(Peers& peers, Connection connection);
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place();
    void begin_work();           // a request of it is with its handler: it stays
    void end_work(bool proven);  // `proven`: the handler took it

   private:
    friend class Peers;
    Peers& peers_;
    Connection connection_;
    std::list<Place*>::iterator in_all_, of_address_;
    bool here_ = true;  // it was not evicted
    bool waits_ = false;
    bool proven_ = false;
  };

  // nullptr: there is no place, or this address has been refused too often of late.
  std::unique_ptr<Place> enter(Connection connection, Moment now);
  // A request that came through a proxy takes a place of whom it is for while it is under way.
  // False: there is none; otherwise leave() follows.
  bool enter_request(const PeerTag& tag, Moment now);
  void leave_request(const PeerTag& tag);
  // A request was refused. False: that was the last one for now.
  bool refused(const PeerTag& tag, Moment now);

  std::size_t connections() const;
  std::size_t addresses() const;

 private:
  struct Known {
    std::size_t places = 0;
    std::list<Place*> waiting;  // of them, those that may have to go; who came first is first
    Moment made_up{};           // when no refusal counts any more
  };
  Known& known(const PeerTag& tag, Moment now);
  bool spent(const Known& known, Moment now) const;
  void make_room(Moment now);
  void wait(Place& place);
  void stop_waiting(Place& place);
  void leave(Place& place);
  void evict(Place& place);

  const PeerLimits limits_;
  mutable std::mutex mutex_;
  std::size_t connections_ = 0;
  std::list<Place*> waiting_;
  std::unordered_map<PeerTag, Known, FixedBytesHash> known_;
};

}  // namespace resguardo::http
