// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/outbox/queue.h"

#include <algorithm>
#include <ranges>

#include "crypto/base/hash.h"

namespace resguardo::outbox {

using gateway::SendVerdict;

namespace {

constexpr std::size_t kCell = 1024;
constexpr std::chrono::hours kUnheeded{24};

std::size_t cells_for(std::size_t bytes) {
  return std::max<std::size_t>(1, (bytes + kCell - 1) / kCell);
}

}  // namespace

Queue::Queue(const Limits& limits, std::unique_ptr<LockedSlab> slab, SecretBytes name_key,
             const std::vector<gateway::Pace>& gateways, RandomSource& jitter)
    : limits_(limits),
      slab_(std::move(slab)),
      jitter_(jitter),
      due_(gateways.size()),
      stops_(gateways.size()),
      unheeded_(gateways.size()),
      name_key_(std::move(name_key)) {
  for (const gateway::Pace& pace : gateways)
    paces_.push_back({pace, Bucket(pace.interval, pace.burst)});
}

Result<std::unique_ptr<Queue>> Queue::create(const Limits& limits,
                                             const std::vector<gateway::Pace>& gateways,
                                             RandomSource& jitter) {
  RESGUARDO_TRY(auto slab, LockedSlab::create(kCell, cells_for(limits.bytes), limits.locking));
  RESGUARDO_TRY(auto name_key, SecretBytes::random(32));
  return std::unique_ptr<Queue>(
      new Queue(limits, std::move(slab), std::move(name_key), gateways, jitter));
}

std::size_t Queue::locked_bytes(const Limits& limits) {
  return LockedSlab::size_of(kCell, cells_for(limits.bytes));
}

bool Queue::has_room(const Person& person) const {
  const std::size_t free = slab_->capacity() - slab_->in_use();
  return free >= cells_for(limits_.body) && replies_to(person) < limits_.per_person;
}

std::size_t Queue::replies_to(const Person& person) const {
  const auto line = people_.find(person);
  if (line == people_.end()) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(
      line->second, [this](std::uint64_t id) { return !entries_.at(id).errand; }));
}

Result<std::vector<LockedSlab::Cell>> Queue::keep(ByteView body) {
  std::vector<LockedSlab::Cell> cells(cells_for(body.size()));
  for (LockedSlab::Cell& cell : cells) {
    RESGUARDO_TRY(cell, slab_->acquire());
    const ByteView part = body.first(std::min(kCell, body.size()));
    std::ranges::copy(part, cell.bytes().begin());
    body = body.subspan(part.size());
  }
  return cells;
}

SecretBuffer Queue::body_of(const Entry& entry) {
  SecretBuffer body;
  body.reserve(entry.body_size);
  for (const LockedSlab::Cell& cell : entry.body)
    body.append(ByteView(cell.bytes()).first(std::min(kCell, entry.body_size - body.size())));
  return body;
}

// Its turn comes when it is due, if it is the first of its person.
void Queue::line_up(std::uint64_t id) {
  Entry& entry = entries_.at(id);
  if (people_.at(entry.person).front() != id) return;
  entry.due = std::max(entry.due, may_go(entry));
  due_.at(entry.gateway).emplace(entry.due, id);
}

// When this person may get another message: nobody else spends what is theirs meanwhile.
TimePoint Queue::may_go(const Entry& entry) const {
  const auto spent = spent_.find(entry.person);
  if (!entry.counts || spent == spent_.end()) return entry.due;
  return spent->second.next(entry.due);
}

void Queue::spend(const Entry& entry, TimePoint now) {
  if (!entry.counts) return;
  Paced& paced = paces_.at(entry.gateway);
  paced.bucket.take(now);
  if (paced.pace.per_person.count() <= 0) return;
  spent_.try_emplace(entry.person, paced.pace.per_person, paced.pace.person_burst)
      .first->second.take(now);
  if (spent_.size() < spent_most_) return;
  std::erase_if(spent_, [&](const auto& one) { return one.second.full(now); });
  spent_most_ = std::max<std::size_t>(1024, 2 * spent_.size());
}

void Queue::leave_line(std::uint64_t id, const Entry& entry) {
  due_.at(entry.gateway).erase({entry.due, id});
}

Queue::Entry* Queue::last_reply_that_says(const Person& person, std::size_t gateway,
                                          const gateway::OutboundCall& call) {
  const auto line = people_.find(person);
  if (line == people_.end()) return nullptr;
  for (const auto& id : std::views::reverse(line->second)) {
    Entry& entry = entries_.at(id);
    if (entry.errand) continue;
    const bool same = !entry.in_flight && !entry.forgotten && entry.gateway == gateway &&
                      entry.when == SettledWhen::kTaken && entry.path == call.path &&
                      entry.body_size == call.body.size();
    return same && std::ranges::equal(body_of(entry).view(), call.body.view()) ? &entry : nullptr;
  }
  return nullptr;
}

Status Queue::add(const Person& person, std::size_t gateway, gateway::OutboundCall call,
                  Settled settled, TimePoint now, SettledWhen when) {
  Entry* twin = when == SettledWhen::kTaken ? last_reply_that_says(person, gateway, call) : nullptr;
  if (twin != nullptr) {
    // One message of the messenger's: one of the two is told what it is called.
    twin->settled = [first = std::move(twin->settled), second = std::move(settled)](
                        bool taken, const SecretText& our_id) {
      if (first) first(taken, our_id);
      if (second) second(taken, SecretText());
    };
    return success();
  }
  if (replies_to(person) >= limits_.per_person) {
    ++counters_.refused;
    return Error{Fault::kUnavailable, "too many replies wait for one person"};
  }
  Entry entry;
  entry.person = person;
  entry.gateway = gateway;
  entry.settled = std::move(settled);
  entry.when = when;
  return put(std::move(entry), std::move(call), now);
}

Status Queue::add_errand(const Person& person, std::size_t gateway, gateway::OutboundCall call,
                         Settled settled, TimePoint now) {
  Entry entry;
  entry.person = person;
  entry.gateway = gateway;
  entry.settled = std::move(settled);
  entry.errand = true;
  return put(std::move(entry), std::move(call), now);
}

Status Queue::put(Entry entry, gateway::OutboundCall call, TimePoint now) {
  auto body = keep(call.body.view());
  if (call.body.size() > limits_.body || !body.ok()) {
    ++counters_.refused;
    return Error{Fault::kUnavailable, "the outbox is full, or a reply is too long"};
  }
  entry.counts = call.counts;
  entry.method = std::move(call.method);
  entry.path = std::move(call.path);
  entry.headers = std::move(call.headers);
  entry.body = std::move(body).value();
  entry.body_size = call.body.size();
  entry.added = now;
  entry.due = now;
  people_[entry.person].push_back(next_id_);
  entries_.emplace(next_id_, std::move(entry));
  line_up(next_id_++);
  ++counters_.added;
  return success();
}

std::optional<Dispatch> Queue::take(TimePoint now) {
  const Due* first = nullptr;
  for (std::size_t gateway = 0; gateway < due_.size(); ++gateway) {
    if (due_[gateway].empty() || stopped(gateway, now)) continue;
    if (paces_[gateway].bucket.next(now) > now) continue;
    const Due& next = *due_[gateway].begin();
    if (next.first <= now && (first == nullptr || next < *first)) first = &next;
  }
  if (first == nullptr) return std::nullopt;
  Dispatch dispatch;
  dispatch.id = first->second;
  Entry& entry = entries_.at(dispatch.id);
  leave_line(dispatch.id, entry);
  entry.in_flight = true;
  ++entry.tries;
  spend(entry, now);
  dispatch.gateway = entry.gateway;
  dispatch.call.method = entry.method;
  dispatch.call.path = entry.path;
  dispatch.call.headers = entry.headers;
  dispatch.call.body = body_of(entry);
  return dispatch;
}

TimePoint Queue::wait_after(const Entry& entry, const gateway::SendOutcome& outcome,
                            TimePoint now) {
  const unsigned doublings = std::min(entry.tries - 1, 16U);
  const unsigned factor = outcome.verdict == SendVerdict::kSlowDown ? 2 * doublings : doublings;
  auto wait = std::min(limits_.first_wait * (std::int64_t{1} << std::min(factor, 20U)),
                       limits_.longest_wait);
  // Full jitter on the upper half: repeats of many people do not come in step.
  const auto half = static_cast<std::uint32_t>(wait.count() / 2 + 1);
  wait = std::chrono::milliseconds(wait.count() / 2 + jitter_.below(half));
  return now + std::max(wait, outcome.wait);
}

std::vector<std::function<void()>> Queue::settle(std::uint64_t id,
                                                 const gateway::SendOutcome& outcome,
                                                 TimePoint now) {
  std::vector<std::function<void()>> calls;
  const auto found = entries_.find(id);
  if (found == entries_.end()) return calls;
  Entry& entry = found->second;
  entry.in_flight = false;
  if (outcome.mendable) unheeded_.at(entry.gateway) = {now + kUnheeded, outcome.reason, {}};
  const auto finish = [&](bool taken) {
    if (entry.settled && !entry.forgotten) {
      auto our_id = std::make_shared<const SecretText>(outcome.message_id.clone());
      calls.emplace_back([settled = std::move(entry.settled), taken, our_id = std::move(our_id)] {
        settled(taken, *our_id);
      });
    }
    erase(id);
  };
  if (outcome.verdict == SendVerdict::kSent) {
    ++counters_.sent;
    if (await_arrival(entry, outcome, now)) {
      erase(id);
    } else {
      finish(true);
    }
  } else if (outcome.verdict == SendVerdict::kDrop || entry.forgotten) {
    ++counters_.dropped;
    finish(false);
  } else if (now - entry.added >= limits_.lifetime) {
    ++counters_.expired;
    finish(false);
  } else {
    if (outcome.verdict == SendVerdict::kStop)
      stops_.at(entry.gateway) = {now + limits_.stopped, outcome.reason, outcome.command};
    ++counters_.retried;
    entry.due = wait_after(entry, outcome, now);
    line_up(id);
  }
  return calls;
}

std::optional<StaticText> Queue::unheeded(std::size_t gateway, TimePoint now) const {
  const Stop& last = unheeded_.at(gateway);
  return last.until > now ? std::optional(last.why) : std::nullopt;
}

// The messenger has it, and will tell when the person does.
bool Queue::await_arrival(Entry& entry, const gateway::SendOutcome& outcome, TimePoint now) {
  if (entry.when != SettledWhen::kArrived || !entry.settled || entry.forgotten) return false;
  if (outcome.message_id.empty() || awaited_.size() >= limits_.arrivals) return false;
  const auto [at, added] = awaited_.try_emplace(name_of(outcome.message_id));
  if (!added) return false;
  at->second = {entry.person, std::move(entry.settled), now + limits_.arrival};
  return true;
}

Digest Queue::name_of(const SecretText& our_id) const {
  return name_key_.read([&](ByteView key) { return hmac_sha256(key, as_bytes(our_id.reveal())); });
}

std::vector<std::function<void()>> Queue::told(const std::vector<gateway::SentStatus>& statuses) {
  std::vector<std::function<void()>> calls;
  for (const gateway::SentStatus& status : statuses) {
    if (!status.arrived) ++counters_.undelivered;
    if (awaited_.empty()) continue;
    const auto found = awaited_.find(name_of(status.our_id));
    if (found == awaited_.end()) continue;
    calls.emplace_back([settled = std::move(found->second.settled), arrived = status.arrived] {
      settled(arrived, SecretText());
    });
    awaited_.erase(found);
  }
  return calls;
}

std::vector<std::function<void()>> Queue::give_up_waiting(TimePoint now) {
  std::vector<std::function<void()>> calls;
  for (auto at = awaited_.begin(); at != awaited_.end();) {
    if (at->second.until > now) {
      ++at;
      continue;
    }
    calls.emplace_back([settled = std::move(at->second.settled)] { settled(true, SecretText()); });
    at = awaited_.erase(at);
  }
  return calls;
}

void Queue::erase(std::uint64_t id) {
  const auto found = entries_.find(id);
  leave_line(id, found->second);
  auto line = people_.find(found->second.person);
  std::erase(line->second, id);
  entries_.erase(found);
  if (line->second.empty()) {
    people_.erase(line);
  } else if (const auto next = line->second.front(); !entries_.at(next).in_flight) {
    line_up(next);
  }
}

void Queue::forget(const Person& person) {
  std::erase_if(awaited_, [&](const auto& one) { return one.second.person == person; });
  const auto line = people_.find(person);
  if (line == people_.end()) return;
  const std::deque<std::uint64_t> ids = line->second;
  for (const std::uint64_t id : ids) {
    Entry& entry = entries_.at(id);
    if (entry.in_flight) {
      entry.forgotten = true;  // its outcome still comes, and means nothing any more
    } else {
      erase(id);
    }
  }
}

std::optional<TimePoint> Queue::next_due(TimePoint now) const {
  std::optional<TimePoint> next;
  for (std::size_t gateway = 0; gateway < due_.size(); ++gateway) {
    if (due_[gateway].empty()) continue;
    const TimePoint first = std::max(due_[gateway].begin()->first, stops_[gateway].until);
    const TimePoint due = paces_[gateway].bucket.next(std::max(first, now));
    if (!next || due < *next) next = due;
  }
  return next;
}

}  // namespace resguardo::outbox
