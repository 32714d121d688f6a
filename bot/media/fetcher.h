// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "bot/media/fetching.h"

namespace resguardo::media {

constexpr std::size_t kFilesAtOnce = 2;  // of one messenger
constexpr std::chrono::minutes kBetweenSweeps{5};

// Fetching (fetching.h) with its threads and connections: so many files at once of each messenger,
// and at the start and every few minutes a look for what waits and for copies that stayed behind.
// Thread-safe. The destructor breaks off what is under way; it waits in the store for the next
// start.
class Fetcher {
 public:
  // `takes`: whether the store takes turns now.
  static Result<std::unique_ptr<Fetcher>> start(FetchParts parts, std::function<bool()> takes);
  virtual ~Fetcher() = default;
  virtual void add(storage::PendingMedia row) = 0;  // a turn has stored it
  virtual void discard(StaticText messenger, std::string reference) = 0;
  virtual FetchHealth health() const = 0;
};

}  // namespace resguardo::media
