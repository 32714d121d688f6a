// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/lost_files.h"

#include <utility>

#include "bot/intake/intake.h"

namespace resguardo::intake {

// Under the lock.
LostFiles::Watch& LostFiles::at(const ReportId& report) {
  const auto found = watches_.find(report);
  if (found != watches_.end()) return found->second;
  if (watches_.size() >= limit_) {
    watches_.erase(order_.front());
    order_.pop_front();
  }
  Watch& watch = watches_[report];
  watch.place = order_.insert(order_.end(), report);
  return watch;
}

void LostFiles::watch(const ReportId& report, const outbox::Person& person,
                      const gateway::Sender& to, Texts texts, TimePoint now) {
  const std::lock_guard lock(mutex_);
  Watch& watch = at(report);
  watch.person = person;
  watch.to = to.clone();
  watch.texts = std::move(texts);
  watch.heard = now;
}

LostFiles::Loss LostFiles::heard(const ReportId& report, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto found = watches_.find(report);
  if (found == watches_.end()) return Loss::kNone;
  found->second.heard = now;
  return found->second.owed;
}

void LostFiles::told(const ReportId& report) {
  const std::lock_guard lock(mutex_);
  const auto found = watches_.find(report);
  if (found != watches_.end()) found->second.owed = Loss::kNone;
}

void LostFiles::forget(const ReportId& report) {
  const std::lock_guard lock(mutex_);
  const auto found = watches_.find(report);
  if (found == watches_.end()) return;
  order_.erase(found->second.place);
  watches_.erase(found);
}

void LostFiles::take_back(const ReportId& report) {
  std::unique_lock lock(mutex_);
  const auto found = watches_.find(report);
  if (found == watches_.end() || found->second.told.empty()) return;
  auto told = std::exchange(found->second.told, {});
  const outbox::Person person = *found->second.person;
  const gateway::Sender to = found->second.to.clone();
  lock.unlock();
  replies_.unsend(person, to, std::move(told));
}

void LostFiles::lost(const ReportId& report, TimePoint now, Loss loss) {
  std::unique_lock lock(mutex_);
  Watch& watch = at(report);
  if (!watch.person || now - watch.heard >= awake_) {
    watch.owed = loss;
    return;
  }
  gateway::Reply reply;
  reply.text = SecretText(loss == Loss::kTooLarge ? watch.texts.too_large : watch.texts.gone);
  const outbox::Person person = *watch.person;
  auto to = std::make_shared<const gateway::Sender>(watch.to.clone());
  lock.unlock();  // nobody may wait here for a messenger
  replies_.post(
      person, *to, reply,
      [weak = weak_from_this(), report, person, to](bool taken, const SecretText& our_id) {
        const auto self = weak.lock();
        if (self && taken && !our_id.empty()) self->sent(report, person, *to, our_id);
      },
      outbox::SettledWhen::kTaken);
}

// Whoever left meanwhile is to find nothing.
void LostFiles::sent(const ReportId& report, const outbox::Person& person,
                     const gateway::Sender& to, const SecretText& our_id) {
  std::vector<SecretText> late;
  {
    const std::lock_guard lock(mutex_);
    const auto found = watches_.find(report);
    (found == watches_.end() ? late : found->second.told).push_back(our_id.clone());
  }
  if (!late.empty()) replies_.unsend(person, to, std::move(late));
}

}  // namespace resguardo::intake
