// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "bot/commands/locked_memory.h"
#include "bot/commands/routes.h"
#include "bot/commands/subscription.h"
#include "bot/http/message.h"
#include "bot/intake/intake.h"
#include "bot/media/fetching.h"
#include "bot/outbox/outbox.h"
#include "bot/sandbox/sandbox.h"
#include "crypto/base/clock.h"
#include "crypto/base/locked_total.h"
#include "proto/control.pb.h"
#include "storage/store.h"

namespace resguardo::commands {

// What health pages may say of the roster, of the log that it names, and of the store.
struct RosterHealth {
  bool present = false;
  std::optional<StaticText> refuses;  // why no report may begin now
  int days_of_keys = 0;               // negative: for so long the reserve key has been used
  int days_of_roster = 0;             // 0: today is its last; negative: it has expired
  std::optional<int> checkpoint_age = std::nullopt;  // of the log, in days; nothing: none yet
  bool stuck = false;          // some report does not reach the report store (upkeep.h)
  bool journal_stays = false;  // that of an earlier day is still there (upkeep.h)
  storage::StoreHealth store = {};
  // A messenger whose events are fetched, and that is not connected.
  std::optional<Subscription::State> unheard = std::nullopt;
  media::FetchHealth files = {};  // that people send
  bool lost = false;              // since the start: an event that no messenger delivers again
  std::optional<int> export_age = std::nullopt;  // in days, of everything
  std::uint64_t disk_free = 0;                   // bytes, beside the store
  sandbox::State shelter = {.landlock = 1, .filtered = true};
  LockedTotals memory = {};
  std::optional<int> days_of_certificate = std::nullopt;  // negative: it has expired
};

// How many they are is nobody's business while people write.
inline constexpr StaticText kStuck =
    "reports do not reach the analysts: ending or moving them fails";

inline constexpr StaticText kLost =
    "messages were lost: the store could not take them in time, and Signal does not repeat them";
inline constexpr StaticText kUnlocked =
    "keys or open conversations may be swapped to a disk: raise LimitMEMLOCK= (ulimit -l)";
inline constexpr StaticText kJournalStays =
    "the journal of an earlier day is still there: turning it over fails";

// /readyz: 200 "ready" or 503, and every reason and warning on a line of its own.
http::Response ready_page(const RosterHealth& roster, const outbox::Health& outbox,
                          const std::vector<StaticText>& gateways);

// A line about the day on which the first analyst's keys run out, from 60 days before, sharper at
// 30 and 7; empty before that.
std::string keys_warning(int days);
// The same about the day on which the roster expires; empty also when it has.
std::string roster_warning(int days);

// The same from 14 days before the certificate's end; empty also when it has ended.
std::string certificate_warning(int days);

// The same for `status`, and what could not be stored.
std::vector<pb::ControlResult::StatusLine> status_lines(const http::Response& ready,
                                                        const WebhookCounters& webhooks);

// How this process protects itself, for `status`.
void add_protection(const RosterHealth& health, std::vector<pb::ControlResult::StatusLine>& lines);

// /metrics in the text format of Prometheus. Counters that follow people and reports stand still
// during a day and advance at midnight UTC; those of refusals, gateways and this process are live,
// and coarse where people move them.
class Metrics {
 public:
  http::Response page(const WebhookCounters& webhooks, const intake::IntakeCounters& intake,
                      const outbox::Health& outbox, const RosterHealth& roster, TimePoint now);
  // At midnight, also where nobody reads the page then: who did so at an hour of their choice would
  // be told what came since.
  void advance(const WebhookCounters& webhooks, const intake::IntakeCounters& intake,
               const outbox::Health& outbox, const media::FetchHealth& files, TimePoint now);

 private:
  struct People {
    std::uint64_t posts = 0, stored = 0, heard = 0, duplicates = 0, ignored = 0, refused = 0,
                  stale = 0, sent = 0, dropped = 0, files = 0, files_lost = 0, over_rate = 0;
  };
  void add_people(std::string& page) const;
  std::mutex mutex_;
  Day day_;
  People shown_;
};

}  // namespace resguardo::commands
