// SPDX-License-Identifier: AGPL-3.0-or-later
// What becomes of one waiting file: fetched, sealed, settled.
#include <algorithm>
#include <utility>

#include "bot/media/fetching_state.h"

namespace resguardo::media {
namespace {

using gateway::FileOutcome;
using gateway::FileVerdict;

constexpr unsigned kGoneIsGone = 3;  // so often a messenger says that it does not have a file
constexpr std::size_t kSettledKnown = 4096;
constexpr std::chrono::hours kLongestWaiting{30 * 24};
constexpr std::uint64_t kReserve =
    std::uint64_t{256} * 1024 * 1024;  // of the disk, for what is told

}  // namespace

void Fetching::State::fetch(const std::shared_ptr<Job>& job, Caller& caller) {
  const bool decided = job->write || job->kept || job->lost;
  if (!decided && !bring(*job, caller)) return;
  if (!job->write && !seal(*job)) return;
  settle(job);
}

// Whether it is decided what becomes of the file: it is here, or lost.
bool Fetching::State::bring(Job& job, Caller& caller) {
  const auto leave = parts.leave(now());
  if (!leave.ok()) {
    wait_for_us(job, leave.error().why);
    return false;
  }
  if (!has_room(job)) {
    wait_for_us(job, "the disk is nearly full");
    return false;
  }
  const Messenger& messenger = parts.messengers[job.messenger];
  const std::uint64_t most = std::min(parts.most_bytes, messenger.source.most_bytes());
  auto result = transfer(
      job.file, {messenger.source, messenger.api_base, caller, parts.store, most, day_of(now())});
  if (result.kept) {
    job.kept = std::move(result.kept);
    const std::lock_guard lock(mutex);
    health.stopped[job.messenger].reset();
    health.ours.reset();
    return true;
  }
  judge(job, result);
  return job.lost.has_value();
}

bool Fetching::State::has_room(const Job& job) const {
  return parts.free_bytes() >= kReserve + job.file.told.size.value_or(0);
}

void Fetching::State::judge(Job& job, const Transferred& result) {
  if (result.ours && result.ours->fault == Fault::kConflict) return end(job, false);
  if (result.ours) return wait_for_us(job, result.ours->why);
  const FileVerdict verdict = result.outcome.verdict;
  if (verdict == FileVerdict::kTooLarge) {
    job.lost = WhyLost::kTooLarge;
    return;
  }
  const bool failed = verdict == FileVerdict::kGone || verdict == FileVerdict::kAgain;
  bool gone = failed && expired(job);
  if (verdict == FileVerdict::kGone) {
    const std::lock_guard lock(mutex);
    gone = schedule.gone(job.file.media) >= kGoneIsGone || gone;
  }
  if (gone) {
    job.lost = WhyLost::kGone;
    return;
  }
  put_off(job, result.outcome, result.answered);
}

bool Fetching::State::expired(const Job& job) const {
  const auto kept = parts.messengers[job.messenger].source.kept().value_or(kLongestWaiting);
  return now() > start_of(Day{job.file.day.number + 1}) + kept;
}

void Fetching::State::put_off(const Job& job, const FileOutcome& outcome, bool answered) {
  const std::lock_guard lock(mutex);
  const bool stop = outcome.verdict == FileVerdict::kStop;
  if (stop) schedule.stop(job.messenger, now());
  if (outcome.verdict == FileVerdict::kPause) schedule.pause(job.messenger, outcome.wait, now());
  health.stopped[job.messenger] = stop ? std::optional(outcome.reason) : std::nullopt;
  schedule.again(job.file.media, answered && !stop, now());
}

void Fetching::State::wait_for_us(const Job& job, StaticText why) {
  const std::lock_guard lock(mutex);
  health.ours = why;
  schedule.again(job.file.media, false, now());
}

// That its reporter is adding to the report is nobody's trouble, and no page may tell it.
void Fetching::State::wait_for_store(const Job& job, const Error& error) {
  if (error.why != storage::kReportOpenAgain.why) return wait_for_us(job, error.why);
  const std::lock_guard lock(mutex);
  schedule.again(job.file.media, false, now());
}

bool Fetching::State::seal(Job& job) {
  auto leave = parts.leave(now());
  if (!leave.ok()) {
    wait_for_us(job, leave.error().why);
    return false;
  }
  const SealedMedia* sealed = job.kept ? &*job.kept->sealed : nullptr;
  auto write = parts.sealer.seal(job.file, sealed, leave->recipients, now());
  if (!write.ok()) {
    wait_for_us(job, write.error().why);
    return false;
  }
  job.write = std::move(*write);
  job.week = std::move(leave->week);
  if (job.kept) job.kept->sealed.reset();
  return true;
}

// The same write again and again until its fate is known: a second one would have another key, and
// the first may be stored.
void Fetching::State::settle(const std::shared_ptr<Job>& job) {
  storage::Turn turn;
  turn.day = job->write->day;
  turn.report = *job->write;
  const auto recorded = parts.store.record(std::move(turn));
  // kConflict: an earlier try was stored after all; kNotFound: the report is gone. Either way
  // nobody waits for the file any more.
  const bool stored = recorded.ok();
  const bool over = !stored && (recorded.error().fault == Fault::kConflict ||
                                recorded.error().fault == Fault::kNotFound);
  if (!stored && !over) return wait_for_store(*job, recorded.error());
  if (stored && job->lost) parts.lost(job->file.report, *job->lost);
  end(*job, stored);
  job->kept.reset();
  if (!stored) static_cast<void>(parts.store.sweep_media().ok());
}

void Fetching::State::end(const Job& job, bool counted) {
  const std::lock_guard lock(mutex);
  if (counted) ++(job.lost ? health.lost : health.sealed);
  const MediaId id = job.file.media;
  copies[job.messenger].add(job.file.told.reference);
  schedule.remove(id);
  jobs.erase(id);
  settled.insert(id);
  settled_order.push_back(id);
  if (settled_order.size() <= kSettledKnown) return;
  settled.erase(settled_order.front());
  settled_order.pop_front();
}

}  // namespace resguardo::media
