// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/outbox/errands.h"

#include <algorithm>
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
    waiting.errands.push_back({Kind::kUnsend, std::move(id)});
  }
}

void Errands::set_timer(const Person& person, std::size_t gateway, const gateway::Sender& to) {
  Line& waiting = line(person, gateway, to);
  // Before anything else: what is told from now on is to vanish.
  if (waiting.under_way) {
    waiting.errands.push_back({Kind::kTimer});
  } else {
    waiting.errands.push_front({Kind::kTimer});
  }
}

void Errands::Line::drop_waiting(Kind kind) {
  const auto first = errands.begin() + (under_way && !errands.empty() ? 1 : 0);
  errands.erase(
      std::remove_if(first, errands.end(), [&](const Errand& one) { return one.kind == kind; }),
      errands.end());
}

void Errands::mark_read(const Person& person, std::size_t gateway, const gateway::Sender& to,
                        const SecretText& message_id) {
  Line& waiting = line(person, gateway, to);
  waiting.drop_waiting(Kind::kRead);
  if (waiting.errands.size() < limit_) waiting.errands.push_back({Kind::kRead, message_id.clone()});
}

void Errands::forget_contact(const Person& person, std::size_t gateway, const gateway::Sender& to) {
  Line& waiting = line(person, gateway, to);
  waiting.drop_waiting(Kind::kForget);
  waiting.errands.push_back({Kind::kForget});
}

std::optional<gateway::OutboundCall> Errands::call_for(const Errand& errand, const Line& line,
                                                       const gateway::Gateway& messenger) {
  switch (errand.kind) {
    case Kind::kTimer:
      return messenger.set_timer(line.to);
    case Kind::kUnsend:
      return messenger.unsend(line.to, errand.id);
    case Kind::kRead:
      return messenger.mark_read(errand.id);
    case Kind::kForget:
      return messenger.forget_contact(line.to);
  }
  return std::nullopt;
}

std::optional<Errands::Next> Errands::take(const std::vector<const gateway::Gateway*>& gateways) {
  for (auto at = people_.begin(); at != people_.end();) {
    Line& waiting = at->second;
    while (!waiting.under_way && !waiting.errands.empty()) {
      auto call = call_for(waiting.errands.front(), waiting, *gateways.at(waiting.gateway));
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
