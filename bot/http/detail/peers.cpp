// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/peers.h"

#include <algorithm>
#include <utility>

namespace resguardo::http {
namespace {

constexpr std::chrono::nanoseconds kMinute = std::chrono::minutes(1);

}  // namespace

Peers::Place::Place(Peers& peers, Connection connection)
    : peers_(peers), connection_(std::move(connection)) {}

Peers::Place::~Place() {
  const std::lock_guard lock(peers_.mutex_);
  if (here_) peers_.leave(*this);
}

void Peers::Place::begin_work() {
  const std::lock_guard lock(peers_.mutex_);
  peers_.stop_waiting(*this);
}

void Peers::Place::end_work(bool proven) {
  const std::lock_guard lock(peers_.mutex_);
  proven_ = proven_ || proven;
  if (here_ && !proven_) peers_.wait(*this);
}

std::unique_ptr<Peers::Place> Peers::enter(Connection connection, Moment now) {
  const std::lock_guard lock(mutex_);
  Known* address = connection.tag ? &known(*connection.tag, now) : nullptr;
  if (address != nullptr && connection.pays && spent(*address, now)) return nullptr;
  const bool crowd =
      address != nullptr && limits_.per_address > 0 && address->places >= limits_.per_address;
  const bool full = connections_ >= limits_.connections;
  if ((crowd && address->waiting.empty()) || (full && waiting_.empty())) return nullptr;
  ++connections_;  // before one goes: an address without places is forgotten
  if (address != nullptr) ++address->places;
  if (crowd) {
    evict(*address->waiting.front());
  } else if (full) {
    evict(*waiting_.front());
  }
  auto place = std::make_unique<Place>(*this, std::move(connection));
  wait(*place);
  return place;
}

bool Peers::enter_request(const PeerTag& tag, Moment now) {
  const std::lock_guard lock(mutex_);
  Known& address = known(tag, now);
  const bool full = limits_.per_address > 0 && address.places >= limits_.per_address;
  if (full || spent(address, now)) return false;
  ++address.places;
  return true;
}

void Peers::leave_request(const PeerTag& tag) {
  const std::lock_guard lock(mutex_);
  --known_.at(tag).places;
}

// One comes back each minute / refusals_per_minute, and never are more than a minute's missing.
bool Peers::refused(const PeerTag& tag, Moment now) {
  if (limits_.refusals_per_minute == 0) return true;
  const std::lock_guard lock(mutex_);
  Known& address = known(tag, now);
  const auto later = std::max(address.made_up, now) + kMinute / limits_.refusals_per_minute;
  address.made_up = std::min(later, now + kMinute);
  return !spent(address, now);
}

bool Peers::spent(const Known& known, Moment now) const {
  if (limits_.refusals_per_minute == 0) return false;
  return known.made_up - now > kMinute - kMinute / limits_.refusals_per_minute;
}

Peers::Known& Peers::known(const PeerTag& tag, Moment now) {
  if (known_.size() >= kMostAddresses && !known_.contains(tag)) make_room(now);
  return known_[tag];
}

// Those go of whom nothing is known; if there are none, those that hold no place.
void Peers::make_room(Moment now) {
  const auto holds_none = [](const auto& entry) { return entry.second.places == 0; };
  std::erase_if(
      known_, [&](const auto& entry) { return holds_none(entry) && entry.second.made_up <= now; });
  if (known_.size() >= kMostAddresses) std::erase_if(known_, holds_none);
}

void Peers::wait(Place& place) {
  if (place.waits_) return;
  place.waits_ = true;
  place.in_all_ = waiting_.insert(waiting_.end(), &place);
  if (!place.connection_.tag) return;
  auto& waiting = known_.at(*place.connection_.tag).waiting;
  place.of_address_ = waiting.insert(waiting.end(), &place);
}

void Peers::stop_waiting(Place& place) {
  if (!std::exchange(place.waits_, false)) return;
  waiting_.erase(place.in_all_);
  if (place.connection_.tag) known_.at(*place.connection_.tag).waiting.erase(place.of_address_);
}

void Peers::leave(Place& place) {
  stop_waiting(place);
  --connections_;
  if (!place.connection_.tag) return;
  const auto address = known_.find(*place.connection_.tag);
  --address->second.places;
  if (address->second.places == 0 && address->second.made_up == Moment{}) known_.erase(address);
}

void Peers::evict(Place& place) {
  place.here_ = false;
  leave(place);
  place.connection_.evict();
}

std::size_t Peers::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}
std::size_t Peers::addresses() const {
  const std::lock_guard lock(mutex_);
  return known_.size();
}

}  // namespace resguardo::http
