// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/outbox/errands.h"

#include <utility>

namespace resguardo::outbox {

Errands::Line& Errands::line(const Person& person, std::size_t gateway, const gateway::Sender& to) {
  Line& line = people_[person];
  line.gateway = gateway;
  line.to = to.clone();
  return line;
}

void Errands::unsend(const Person& person, std::size_t gateway, const gateway::Sender& to,
                     std::vector<SecretText> our_ids) {
  if (our_ids.empty()) return;
  Line& waiting = line(person, gateway, to);
  for (SecretText& id : our_ids) {
    if (waiting.errands.size() >= limit_) break;
    waiting.errands.emplace_back(std::move(id));
  }
}

void Errands::set_timer(const Person& person, std::size_t gateway, const gateway::Sender& to) {
  Line& waiting = line(person, gateway, to);
  // Before anything else: what is told from now on is to vanish.
  if (waiting.under_way) {
    waiting.errands.emplace_back(std::nullopt);
  } else {
    waiting.errands.emplace_front(std::nullopt);
  }
}

std::optional<Errands::Next> Errands::take(const std::vector<const gateway::Gateway*>& gateways) {
  for (auto at = people_.begin(); at != people_.end();) {
    Line& waiting = at->second;
    while (!waiting.under_way && !waiting.errands.empty()) {
      const auto& first = waiting.errands.front();
      const gateway::Gateway& messenger = *gateways.at(waiting.gateway);
      auto call = first ? messenger.unsend(waiting.to, *first) : messenger.set_timer(waiting.to);
      if (call) {
        waiting.under_way = true;
        return Next{at->first, waiting.gateway, std::move(*call)};
      }
      waiting.errands.pop_front();
    }
    at = waiting.errands.empty() ? people_.erase(at) : std::next(at);
  }
  return std::nullopt;
}

void Errands::put_back(const Person& person) {
  const auto found = people_.find(person);
  if (found != people_.end()) found->second.under_way = false;
}

void Errands::done(const Person& person) {
  const auto found = people_.find(person);
  if (found == people_.end() || !found->second.under_way) return;
  found->second.under_way = false;
  found->second.errands.pop_front();
  if (found->second.errands.empty()) people_.erase(found);
}

void Errands::forget(const Person& person) {
  people_.erase(person);
}

}  // namespace resguardo::outbox
