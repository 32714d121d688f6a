// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/outbox/queue.h"

#include <algorithm>

namespace resguardo::outbox {

using gateway::SendVerdict;

Queue::Queue(const Limits& limits, std::unique_ptr<LockedSlab> slab, std::size_t gateways,
             RandomSource& jitter)
    : limits_(limits), slab_(std::move(slab)), jitter_(jitter), stopped_until_(gateways) {}

Result<std::unique_ptr<Queue>> Queue::create(const Limits& limits, std::size_t gateways,
                                             RandomSource& jitter) {
  RESGUARDO_TRY(auto slab, LockedSlab::create(limits.body, limits.waiting));
  return std::unique_ptr<Queue>(new Queue(limits, std::move(slab), gateways, jitter));
}

bool Queue::has_room(const Person& person) const {
  const auto line = people_.find(person);
  const std::size_t waits = line == people_.end() ? 0 : line->second.size();
  return entries_.size() < limits_.waiting && waits < limits_.per_person;
}

Status Queue::add(const Person& person, std::size_t gateway, gateway::OutboundCall call,
                  Settled settled, TimePoint now) {
  auto& line = people_[person];
  if (line.size() >= limits_.per_person || call.body.size() > limits_.body) {
    ++counters_.refused;
    if (line.empty()) people_.erase(person);
    return Error{Fault::kUnavailable, "too many replies wait for one person"};
  }
  auto cell = slab_->acquire();
  if (!cell.ok()) {
    ++counters_.refused;
    if (line.empty()) people_.erase(person);
    return Error{Fault::kUnavailable, "the outbox is full"};
  }
  Entry entry;
  entry.person = person;
  entry.gateway = gateway;
  entry.method = std::move(call.method);
  entry.path = std::move(call.path);
  entry.headers = std::move(call.headers);
  entry.body = std::move(cell).value();
  entry.body_size = call.body.size();
  std::copy(call.body.view().begin(), call.body.view().end(), entry.body.bytes().begin());
  entry.settled = std::move(settled);
  entry.added = now;
  entry.due = now;
  line.push_back(next_id_);
  entries_.emplace(next_id_++, std::move(entry));
  ++counters_.added;
  return success();
}

std::optional<Dispatch> Queue::take(TimePoint now) {
  for (auto& [id, entry] : entries_) {
    const bool first = people_.at(entry.person).front() == id;
    if (!first || entry.in_flight || entry.due > now || stopped(entry.gateway, now)) continue;
    entry.in_flight = true;
    ++entry.tries;
    Dispatch dispatch;
    dispatch.id = id;
    dispatch.gateway = entry.gateway;
    dispatch.call.method = entry.method;
    dispatch.call.path = entry.path;
    dispatch.call.headers = entry.headers;
    dispatch.call.body = SecretBuffer(ByteView(entry.body.bytes()).first(entry.body_size));
    return dispatch;
  }
  return std::nullopt;
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
    finish(true);
  } else if (outcome.verdict == SendVerdict::kDrop || entry.forgotten) {
    ++counters_.dropped;
    finish(false);
  } else if (now - entry.added >= limits_.lifetime) {
    ++counters_.expired;
    finish(false);
  } else {
    if (outcome.verdict == SendVerdict::kStop)
      stopped_until_.at(entry.gateway) = now + limits_.stopped;
    ++counters_.retried;
    entry.due = wait_after(entry, outcome, now);
  }
  return calls;
}

void Queue::erase(std::uint64_t id) {
  const auto found = entries_.find(id);
  auto line = people_.find(found->second.person);
  std::erase(line->second, id);
  if (line->second.empty()) people_.erase(line);
  entries_.erase(found);
}

void Queue::forget(const Person& person) {
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

std::optional<TimePoint> Queue::next_due() const {
  std::optional<TimePoint> next;
  for (const auto& [id, entry] : entries_) {
    if (entry.in_flight || people_.at(entry.person).front() != id) continue;
    const TimePoint due = std::max(entry.due, stopped_until_.at(entry.gateway));
    if (!next || due < *next) next = due;
  }
  return next;
}

}  // namespace resguardo::outbox
