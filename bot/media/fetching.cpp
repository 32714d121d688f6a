// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/fetching.h"

#include <algorithm>
#include <utility>

#include "bot/media/fetching_state.h"

namespace resguardo::media {
namespace {

constexpr std::size_t kMostWaiting = 100'000;

std::vector<bool> few_failures(const std::vector<Messenger>& messengers) {
  std::vector<bool> few;
  few.reserve(messengers.size());
  for (const auto& one : messengers) few.push_back(one.source.kept().has_value());
  return few;
}

}  // namespace

Fetching::State::State(FetchParts given)
    : parts(std::move(given)),
      schedule(parts.limits, few_failures(parts.messengers), parts.jitter),
      copies(parts.messengers.size()) {
  health.stopped.resize(parts.messengers.size());
}

Fetching::Fetching(FetchParts parts) : state_(std::make_unique<State>(std::move(parts))) {}
Fetching::~Fetching() = default;

std::optional<std::size_t> Fetching::State::index_of(std::string_view name) const {
  for (std::size_t i = 0; i < parts.messengers.size(); ++i)
    if (parts.messengers[i].name.view() == name) return i;
  return std::nullopt;
}

// What no messenger of this configuration has waits, in case it comes back.
void Fetching::State::add(const storage::PendingMedia& row) {
  auto file = read_waiting(row);
  if (!file.ok()) return;
  const auto messenger = index_of(file->gateway);
  if (!messenger) return;
  const std::lock_guard lock(mutex);
  if (settled.contains(file->media)) return;
  if (jobs.size() >= kMostWaiting) {
    all_known = false;
    return;
  }
  const MediaId id = file->media;
  if (!schedule.add(id, *messenger, now())) return;
  auto job = std::make_shared<Job>();
  job->file = std::move(*file);
  job->messenger = *messenger;
  jobs.emplace(id, std::move(job));
}

void Fetching::add(const storage::PendingMedia& row) {
  state_->add(row);
}

void Fetching::discard(StaticText messenger, std::string reference) {
  const std::lock_guard lock(state_->mutex);
  const auto index = state_->index_of(messenger.view());
  if (index) state_->copies[*index].add(std::move(reference));
}

std::shared_ptr<Job> Fetching::State::take(std::size_t messenger) {
  const auto id = schedule.take(messenger, now());
  return id ? jobs.at(*id) : nullptr;
}

// The same file can have been sent twice: then it goes with the last one that waits for it.
bool Fetching::State::wanted(std::size_t messenger, const std::string& reference) const {
  return std::ranges::any_of(jobs, [&](const auto& one) {
    return one.second->messenger == messenger && one.second->file.told.reference == reference;
  });
}

std::set<std::string> Fetching::State::wanted_of(std::size_t messenger) const {
  std::set<std::string> references;
  for (const auto& [id, job] : jobs)
    if (job->messenger == messenger) references.insert(job->file.told.reference);
  return references;
}

std::optional<Copy> Fetching::State::take_copy(std::size_t messenger) {
  while (auto next = copies[messenger].take(now()))
    if (!wanted(messenger, next->reference)) return next;
  return std::nullopt;
}

bool Fetching::work(std::size_t messenger, Caller& caller) {
  std::optional<Copy> copy;
  std::shared_ptr<Job> job;
  {
    const std::lock_guard lock(state_->mutex);
    // In turn: who has thousands of copies deleted keeps nobody's file waiting.
    bool& copy_was_last = state_->copy_was_last[messenger];
    if (copy_was_last) job = state_->take(messenger);
    if (!job) copy = state_->take_copy(messenger);
    if (!job && !copy && !copy_was_last) job = state_->take(messenger);
    copy_was_last = copy.has_value();
  }
  if (copy) state_->remove_copy(messenger, std::move(*copy), caller);
  if (job) state_->fetch(job, caller);
  return copy || job;
}

void Fetching::State::remove_copy(std::size_t messenger, Copy copy, Caller& caller) {
  const bool gone = delete_copy(parts.messengers[messenger], copy.reference, caller);
  const std::lock_guard lock(mutex);
  health.copies_stay = !gone;
  if (!gone) copies[messenger].failed(std::move(copy), now());
}

void Fetching::tidy(std::size_t messenger, Caller& caller, bool takes) {
  State& state = *state_;
  {
    const std::lock_guard lock(state.mutex);
    state.all_known = true;
  }
  auto rows = state.parts.store.pending_media();
  if (!rows.ok() || !takes) {
    const std::lock_guard lock(state.mutex);
    return state.copies[messenger].forget_ages();
  }
  for (const auto& row : *rows) state.add(row);
  const auto there = list_copies(state.parts.messengers[messenger], caller);
  const std::lock_guard lock(state.mutex);
  if (there && state.all_known)
    state.copies[messenger].sweep(*there, state.wanted_of(messenger), state.now());
}

std::optional<TimePoint> Fetching::next_due(std::size_t messenger) const {
  const std::lock_guard lock(state_->mutex);
  const auto copy = state_->copies[messenger].next_due();
  const auto file = state_->schedule.next_due(messenger);
  if (!copy || !file) return copy ? copy : file;
  return std::min(*copy, *file);
}

FetchHealth Fetching::health() const {
  const std::lock_guard lock(state_->mutex);
  FetchHealth health = state_->health;
  health.waiting = state_->jobs.size();
  return health;
}

}  // namespace resguardo::media
