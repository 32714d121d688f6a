// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bench/crowd.h"

#include <algorithm>
#include <utility>

#include "tests/bench/crowd_detail.h"

namespace resguardo::bench {
namespace {

using gateway::Channel;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kPatience = 10 * kSecond;  // for a prompt
constexpr std::int64_t kLook = kSecond / 100;

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool belongs(Part part, const Conversation& told, std::size_t move) {
  const std::size_t last = told.moves.size() - 1;
  switch (part) {
    case Part::kBegin:
      return move <= told.begin;
    case Part::kSealed:
      return move > told.begin && move < last;
    case Part::kClosing:
      return move == last;
    case Part::kWhole:
      return move <= last;
    case Part::kDummy:
      return true;
  }
  return false;
}

std::size_t share_of(std::size_t count, double share) {
  return static_cast<std::size_t>(static_cast<double>(count) * share + 0.5);
}

}  // namespace

Crowd::Crowd(const Recording& recording, Posts& posts, const CrowdOptions& options)
    : recording_(recording), posts_(posts), first_(options.first) {
  const double share = options.signal_share;
  sides_[0] = std::make_unique<Side>(Channel::kWhatsApp, options.graph_port, 1 - share);
  sides_[1] = std::make_unique<Side>(Channel::kSignal, options.signal_port, share);
  for (auto& one : sides_) {
    one->ready_to_accept = [this, side = one.get()] { accept_call(*side); };
    poll_.watch(one->listener, &one->ready_to_accept);
  }
  add_people(options.people);
}
Crowd::~Crowd() = default;

void Crowd::add_people(std::size_t count) {
  for (auto& one : sides_)
    for (std::size_t left = share_of(count, one->share); left > 0; --left) add_person(*one);
}

void Crowd::add_person(Side& side) {
  const auto& told = recording_.of(side.channel);
  const std::uint64_t id = side.people.size();
  side.people.emplace_back().told = &told[(first_ + id) % told.size()];
  side.ready.push_back(id);
}

void Crowd::open_links(const Doors& doors, std::size_t connections) {
  for (auto& one : sides_) {
    const bool whatsapp = one->channel == Channel::kWhatsApp;
    const std::uint16_t port = whatsapp ? doors.whatsapp : doors.signal;
    const double share = doors.signal != 0 ? one->share : 1;
    for (std::size_t left = port == 0 ? 0 : share_of(connections, share); left > 0; --left) {
      auto link = std::make_unique<Link>(connect_to(port), *one);
      link->ready = [this, raw = link.get()] { on_answer(*raw); };
      poll_.watch(link->wire.handle(), &link->ready);
      one->idle.push_back(link.get());
      one->links.push_back(std::move(link));
    }
  }
}

void Crowd::close_links() {
  for (auto& one : sides_) {
    for (auto& link : one->links) poll_.forget(link->wire.handle());
    for (Person& person : one->people) person.link = nullptr;
    one->idle.clear();
    one->links.clear();
    one->backlog.clear();
    one->ready.insert(one->ready.end(), one->parked.begin(), one->parked.end());
    one->parked.clear();
  }
}

Outcome Crowd::run(const Stage& stage, const Doors& doors, std::size_t connections) {
  Run run{stage};
  run_ = &run;
  if (stage.part == Part::kWhole) {  // by new people only
    for (auto& one : sides_) one->parked.assign(one->ready.begin(), one->ready.end());
    for (auto& one : sides_) one->ready.clear();
    add_people(stage.people);
  }
  open_links(doors, connections);
  run.begun = nanoseconds_now();
  run.end = run.begun + static_cast<std::int64_t>(stage.seconds * 1e9);
  turn_round();
  close_links();
  run_ = nullptr;
  return std::move(run.outcome);
}

// Until the time is up, or nobody has anything to say, and all that was said has its answer.
void Crowd::turn_round() {
  Run& run = *run_;
  const bool open = run.stage.rate > 0;
  const auto stop = [&](std::int64_t now) {
    run.stopping = true;
    run.outcome.seconds = static_cast<double>(now - run.begun) / 1e9;
    for (const auto& one : sides_) run.outcome.late += one->backlog.size();
  };
  for (std::int64_t looked = run.begun;;) {
    const std::int64_t now = nanoseconds_now();
    if (!run.stopping && now >= run.end) stop(now);
    if (!run.stopping && open) arrive(now);
    if (!run.stopping && !open) feed();
    if (!run.stopping && !open && run.busy == 0) stop(now);
    if (run.stopping && run.busy == 0) return;
    if (now - looked > kSecond / 4) give_up((looked = now) - kPatience);
    const std::int64_t wait = open && !run.stopping ? next_due() - now : kLook;
    poll_.wait(std::clamp<std::int64_t>(wait, 0, kLook));
  }
}

std::int64_t Crowd::next_due() const {
  const double since = static_cast<double>(run_->arrivals) * 1e9 / run_->stage.rate;
  return run_->begun + static_cast<std::int64_t>(since);
}

void Crowd::feed() {
  for (auto& one : sides_)
    while (!one->idle.empty() && say(*one, nanoseconds_now())) continue;
}

// What is due by now is said, or waits; and its time runs from when it was due.
void Crowd::arrive(std::int64_t now) {
  for (std::int64_t due = next_due(); due <= now; due = next_due()) {
    ++run_->arrivals;
    run_->signal_due += sides_[1]->links.empty() ? 0 : sides_[1]->share;
    const bool signal = run_->signal_due >= 1;
    if (signal) run_->signal_due -= 1;
    sides_[signal ? 1 : 0]->backlog.push_back(due);
  }
  for (auto& one : sides_) {
    while (!one->idle.empty() && !one->backlog.empty() && say(*one, one->backlog.front()))
      one->backlog.pop_front();
  }
}

std::optional<std::uint64_t> Crowd::choose(Side& side) {
  while (!side.ready.empty()) {
    const std::uint64_t id = side.ready.front();
    side.ready.pop_front();
    const Person& person = side.people[id];
    if (!person.through() && !person.lost && belongs(run_->stage.part, *person.told, person.move))
      return id;
    side.parked.push_back(id);
  }
  return std::nullopt;
}

// False: nobody has anything to say just now.
bool Crowd::say(Side& side, std::int64_t due) {
  const auto id = choose(side);
  if (!id) return false;
  Person& person = side.people[*id];
  Link& link = *side.idle.back();
  side.idle.pop_back();
  const Move& move = person.told->moves[person.move];
  const std::string& post = posts_.make(side.channel, first_ + *id, person.move, move, wall_ms());
  person.due = due;
  person.waits_answer = true;
  person.waits_prompt = run_->stage.part != Part::kDummy && !move.reply.nothing();
  person.refused = false;
  person.link = &link;
  link.person = *id;
  ++run_->busy;
  run_->outcome.bytes += post.size();
  if (link.wire.send(post)) return true;
  person.link = nullptr;  // it is gone, and nobody gets it again
  answered(link, false);
  return true;
}

Crowd::Ledger Crowd::ledger() const {
  Ledger ledger;
  for (const auto& one : sides_) {
    for (const Person& person : one->people) {
      if (person.unsure) {
        ++ledger.unsure;
      } else if (person.through()) {
        ++ledger.closed_reports;
        ledger.closed_rows += person.told->moves.back().rows;
      } else if (person.move > person.told->begin) {
        ++ledger.open_reports;
        ledger.open_rows += person.told->moves[person.move - 1].rows;
      }
    }
  }
  return ledger;
}

}  // namespace resguardo::bench
