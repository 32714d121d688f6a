// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/posts.h"
#include "tests/bench/recording.h"
#include "tests/bench/wire.h"

namespace resguardo::bench {

// Which moves a stage makes.
enum class Part : std::uint8_t {
  kBegin,    // from hello to consent, which is the first that is stored
  kSealed,   // after consent, before the last one
  kClosing,  // the last one, which closes the report and shows the receipt
  kWhole,    // all of them, by people who are new; whoever is through is followed by another
  kDummy,    // any, at a server that sends no prompts: a ceiling
};

struct Stage {
  Part part = Part::kSealed;
  double seconds = 10;     // or until nobody has anything to say
  double rate = 0;         // turns a second, whatever the server does; 0: closed loop
  std::size_t people = 0;  // of kWhole: how many at once
};

// What came of a stage. Times in microseconds, one for each turn: to the 200, and to the prompt.
// In a closed loop from when the post was sent, in an open one from when it was due.
struct Outcome {
  double seconds = 0;
  std::uint64_t turns = 0;    // answered with 200
  std::uint64_t refused = 0;  // with anything else; said again later
  std::uint64_t prompts = 0;  // came, and were the right ones
  std::uint64_t wrong = 0;
  std::uint64_t missing = 0;
  std::uint64_t bytes = 0;  // posted
  std::uint64_t late = 0;   // of an open loop: due and never sent
  std::string sample;       // of a prompt that was wrong
  std::vector<std::uint32_t> answered;
  std::vector<std::uint32_t> prompted;
};

// Where a bot or a ceiling listens; 0: it has no such messenger.
struct Doors {
  std::uint16_t whatsapp = 0;
  std::uint16_t signal = 0;
};

struct CrowdOptions {
  std::size_t people = 10'000;
  double signal_share = 0.2;
  std::uint64_t first = 0;        // the number of the first of them
  std::uint16_t graph_port = 0;   // where this crowd plays WhatsApp's Graph API
  std::uint16_t signal_port = 0;  // and signal-cli-rest-api
};

// Many people who write to one bot, and the messengers that carry it: a load generator that knows
// what each must be answered, and looks at every answer. One thread.
//
// Closed loop: a connection makes one turn after another, and a turn is over when the 200 and the
// prompt are both there. Open loop: turns are due at a fixed rate, by whoever has nothing under
// way; a connection is free again with the 200.
class Crowd {
 public:
  Crowd(const Recording& recording, Posts& posts, const CrowdOptions& options);
  ~Crowd();

  Outcome run(const Stage& stage, const Doors& doors, std::size_t connections);

  // What the bot's store must hold of those who said something after consent, and of those who are
  // through: every sealed row of every acknowledged turn.
  struct Ledger {
    std::uint64_t open_reports = 0, open_rows = 0, closed_reports = 0, closed_rows = 0;
    std::uint64_t unsure =
        0;  // people of whom a prompt never came, or came wrong: in none of the above
  };
  Ledger ledger() const;

 private:
  struct Person;
  struct Link;
  struct Call;
  struct Side;
  struct Run;

  void add_people(std::size_t count);
  void add_person(Side& side);
  void open_links(const Doors& doors, std::size_t connections);
  void close_links();
  void turn_round();
  std::int64_t next_due() const;

  void feed();
  void arrive(std::int64_t now);
  bool say(Side& side, std::int64_t due);
  std::optional<std::uint64_t> choose(Side& side);

  void accept_call(Side& side);
  void on_answer(Link& link);
  void answered(Link& link, bool taken);
  void on_call(Side& side, Call& call);
  void on_prompt(Side& side, std::string_view body);
  void settle(Side& side, std::uint64_t id);
  void give_up(std::int64_t due_before);

  const Recording& recording_;
  Posts& posts_;
  const std::uint64_t first_;
  Poll poll_;
  std::array<std::unique_ptr<Side>, 2> sides_;
  Run* run_ = nullptr;
};

}  // namespace resguardo::bench
