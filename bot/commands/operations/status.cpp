// SPDX-License-Identifier: AGPL-3.0-or-later
// What an operator looks after. Of people and reports it says what was so when the day began, as
// /metrics does: who sees it twice learns nobody's hour.
#include <algorithm>

#include "bot/commands/health.h"
#include "bot/commands/last_export.h"
#include "bot/commands/operations.h"
#include "bot/commands/sources.h"
#include "bot/intake/epochs.h"

namespace resguardo::commands {
namespace {

using program::at;
using program::Outcome;
using Line = pb::ControlResult::StatusLine;

constexpr std::uint64_t kMiB = 1024UL * 1024;
constexpr std::uint64_t kLittleRoom = 1024 * kMiB;

class StatusPage {
 public:
  StatusPage(const Owner& owner, pb::ControlResult::Status& status)
      : owner_(owner), page_(status) {}

  Outcome<Done> write() {
    page_.set_serving(static_cast<bool>(owner_.serving));
    if (owner_.serving) {
      for (auto& line : owner_.serving()) *page_.add_lines() = std::move(line);
    } else {
      add("server", "is not running");
    }
    RESGUARDO_CHECK(clock());
    RESGUARDO_CHECK(roster());
    RESGUARDO_CHECK(reports());
    RESGUARDO_CHECK(log());
    days();
    disk();
    return Done{};
  }

 private:
  void add(std::string name, std::string value, std::string mend = "") {
    Line& line = *page_.add_lines();
    line.set_name(std::move(name));
    line.set_value(std::move(value));
    line.set_mend(std::move(mend));
  }
  Day today() const { return day_of(owner_.now); }

  Outcome<Done> clock() {
    RESGUARDO_TRY(const auto used, at("the store", intake::stored_epochs(owner_.store())));
    if (!used) return add("clock", "the server has not run yet"), Done{};
    const bool believed =
        intake::clock_state(used->epoch.day, owner_.now) == intake::ClockState::kBelieved;
    add("clock", to_string(today()) + (believed ? ", believed" : ", NOT believed"),
        believed ? "" : "`resguardo-bot clock` says how to confirm it");
    add("week", "reports are sealed to week " + to_string(used->epoch.week));
    return Done{};
  }

  Outcome<Done> roster() {
    RESGUARDO_TRY(const auto loaded, load_roster(owner_.config, &owner_.store(), owner_.now,
                                                 RosterUse::kLook, owner_.ids));
    if (loaded.expired) add("roster", loaded.expired->what, loaded.expired->mend);
    if (!loaded.roster) return Done{};
    const auto& roster = *loaded.roster;
    const int left = roster.expires().number - today().number;
    const int keys = roster.days_of_keys_left(owner_.now);
    const std::string number = std::to_string(roster.anchor().number);
    if (!loaded.expired)
      add("roster", "number " + number + ", until " + to_string(roster.expires()),
          roster_warning(left).empty() ? "" : "ask whoever holds the root key for a new one");
    add("analysts' keys", keys < 0 ? "have run out" : "for " + std::to_string(keys) + " days more",
        keys_warning(keys).empty() ? "" : "`resguardo-analyst key extend`, then a new roster");
    return Done{};
  }

  Outcome<Done> reports() {
    RESGUARDO_TRY(const auto all, at("the store", owner_.store().reports()));
    const auto before = std::count_if(all.begin(), all.end(),
                                      [&](const auto& report) { return report.closed < today(); });
    add("reports", std::to_string(before) + " closed before today");
    RESGUARDO_TRY(const auto last, at("the store", last_export(owner_.store())));
    const auto since = std::count_if(all.begin(), all.end(), [&](const auto& report) {
      return report.closed < today() && (!last || report.closed >= *last);
    });
    add("last export", last ? to_string(*last) : "never",
        since == 0 ? "" : std::to_string(since) + " reports came since: `resguardo-bot export`");
    RESGUARDO_TRY(const auto unmoved, at("the store", owner_.store().unmoved_reports()));
    if (const auto damaged = owner_.store().health().damaged; damaged && !owner_.serving)
      add("damage", damaged->c_str(), "`resguardo-bot check --deep` says what");
    if (unmoved > 0)
      add("not in the report store", std::to_string(unmoved) + " closed reports",
          "make room on the disk; if there is room, keep this directory");
    return Done{};
  }

  Outcome<Done> log() {
    RESGUARDO_TRY(const auto last, at("the store", owner_.store().last_checkpoint()));
    if (!last) return add("log", "no checkpoint yet"), Done{};
    add("log", std::to_string(last->size) + " entries, checkpoint of " + to_string(last->day));
    return Done{};
  }

  // While a day's key lives, numbers can be tested against its senders (protocol.md §4).
  void days() {
    const auto live = owner_.installation.keys->live_days();
    add("keys of days",
        live.empty() ? "none"
                     : std::to_string(live.size()) + ", the oldest of " + to_string(live.back()));
  }

  void disk() {
    std::error_code failed;
    const auto& directory = owner_.config.store.directory;
    const auto room = std::filesystem::space(directory, failed);
    if (failed) return;
    std::uint64_t store = 0;
    for (const char* name : {"reports.db", "reports-next.db"}) {
      const auto size = std::filesystem::file_size(directory / name, failed);
      if (!failed) store = std::max<std::uint64_t>(store, size);
    }
    add("disk",
        std::to_string(room.available / kMiB) + " MiB free, report store " +
            std::to_string(store / kMiB) + " MiB",
        room.available < std::max(kLittleRoom, store) ? "make room: a backup needs that much, too"
                                                      : "");
  }

  const Owner& owner_;
  pb::ControlResult::Status& page_;
};

}  // namespace

operations::Result operations::status(const Owner& owner) {
  pb::ControlResult result;
  RESGUARDO_CHECK(StatusPage(owner, *result.mutable_status()).write());
  return result;
}

}  // namespace resguardo::commands
