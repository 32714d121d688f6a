// SPDX-License-Identifier: AGPL-3.0-or-later
// What crowd.cpp and crowd_wires.cpp share; nobody else's.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "tests/bench/crowd.h"

namespace resguardo::bench {

inline std::int64_t nanoseconds_now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

struct Crowd::Person {
  const Conversation* told = nullptr;
  std::size_t move = 0;  // the next one
  std::int64_t due = 0;  // when the one under way was to be sent
  bool waits_answer = false;
  bool waits_prompt = false;
  bool refused = false;  // the one under way
  bool lost = false;     // a prompt never came, or was the wrong one: says nothing more
  bool unsure = false;   // what the bot has of the last move is not known
  Link* link = nullptr;  // that is not free before this one's turn is over

  bool busy() const { return waits_answer || waits_prompt; }
  bool through() const { return move == told->moves.size(); }
};

// A connection to the bot.
struct Crowd::Link {
  Link(int handle, Side& its_side) : wire(handle), side(its_side) {}
  Wire wire;
  Side& side;
  Poll::Ready ready;
  std::uint64_t person = 0;
};

// A connection from the bot.
struct Crowd::Call {
  explicit Call(int handle) : wire(handle) {}
  Wire wire;
  Poll::Ready ready;
};

// A messenger: its people, and its connections both ways.
struct Crowd::Side {
  Side(gateway::Channel of, std::uint16_t port, double its_share)
      : channel(of), listener(listen_on(port)), share(its_share) {}
  const gateway::Channel channel;
  const int listener;
  const double share;
  Poll::Ready ready_to_accept;
  std::deque<Person> people;
  std::deque<std::uint64_t> ready;    // of `people`: who spoke longest ago comes first
  std::vector<std::uint64_t> parked;  // who has nothing to say in this stage
  std::deque<std::unique_ptr<Call>> calls;
  std::deque<std::unique_ptr<Link>> links;
  std::vector<Link*> idle;
  std::deque<std::int64_t> backlog;  // due, and nobody or nothing was free to say it
};

struct Crowd::Run {
  const Stage& stage;
  Outcome outcome{};
  std::int64_t begun = 0;
  std::int64_t end = 0;
  std::uint64_t arrivals = 0;
  double signal_due = 0;
  bool stopping = false;
  std::size_t busy = 0;  // people with a turn under way
};

}  // namespace resguardo::bench
