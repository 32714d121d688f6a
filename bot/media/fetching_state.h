// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bot/media/copies.h"
#include "bot/media/fetching.h"
#include "bot/media/transfer.h"

namespace resguardo::media {

// One waiting file. Whoever took it from the schedule has it alone.
struct Job {
  WaitingFile file;
  std::size_t messenger = 0;
  std::optional<WhyLost> lost;  // decided; still to be told to the store
  std::optional<Kept> kept;
  std::optional<storage::ReportWrite> write;  // sealed; perhaps stored, if that failed
  std::shared_ptr<const void> week;           // in use until it is
};

struct Fetching::State {
  explicit State(FetchParts given);

  // Under the lock.
  std::shared_ptr<Job> take(std::size_t messenger);
  std::optional<Copy> take_copy(std::size_t messenger);
  bool wanted(std::size_t messenger, const std::string& reference) const;
  std::set<std::string> wanted_of(std::size_t messenger) const;
  std::optional<std::size_t> index_of(std::string_view name) const;

  void add(const storage::PendingMedia& row);
  void fetch(const std::shared_ptr<Job>& job, Caller& caller);
  bool bring(Job& job, Caller& caller);
  bool has_room(const Job& job) const;
  void judge(Job& job, const Transferred& result);
  void put_off(const Job& job, const gateway::FileOutcome& outcome, bool answered);
  void wait_for_us(const Job& job, StaticText why);
  void wait_for_store(const Job& job, const Error& error);
  bool seal(Job& job);
  void settle(const std::shared_ptr<Job>& job);
  void end(const Job& job, bool counted);
  bool expired(const Job& job) const;
  void remove_copy(std::size_t messenger, Copy copy, Caller& caller);
  TimePoint now() const { return parts.clock.now(); }

  FetchParts parts;
  mutable std::mutex mutex;
  Schedule schedule;
  std::map<MediaId, std::shared_ptr<Job>> jobs;
  std::map<std::size_t, bool> copy_was_last;  // what a messenger's last work was
  // Settled a while ago: a list of what waits may be older.
  std::set<MediaId> settled;
  std::deque<MediaId> settled_order;
  bool all_known = true;       // every waiting file is in `jobs`
  std::vector<Copies> copies;  // by messenger
  FetchHealth health;
};

}  // namespace resguardo::media
