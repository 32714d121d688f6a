// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "bot/commands/commands.h"
#include "bot/commands/installation.h"
#include "bot/intake/epochs.h"

namespace resguardo::commands {
namespace {

using program::Outcome;
using program::Problem;

struct Looked {
  Day machine;
  std::optional<intake::Epoch> used;  // nothing: the server has never run
  bool believed = true;
  bool accepted = false;
};

Outcome<Done> accept(storage::Store& store, const std::string& today, TimePoint now) {
  const auto day = parse_day(today);
  if (!day) return program::usage_problem("--today", "is not a date", "write it as 2026-11-21");
  if (*day != day_of(now))
    return Problem{"the clock", "says " + to_string(day_of(now)) + ", and you say " + today,
                   "set the machine's clock; both dates are in UTC"};
  return program::at("the store", intake::accept_clock(store, now));
}

Outcome<Looked> look(const ClockOptions& options) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  SystemRandom ids;
  const TimePoint now = SystemClock().now();
  RESGUARDO_TRY(const auto installation, open_installation(config, now, ids));
  Looked looked;
  looked.machine = day_of(now);
  if (!options.today.empty()) {
    RESGUARDO_CHECK(accept(*installation.store, options.today, now));
    looked.accepted = true;
  }
  RESGUARDO_TRY(const auto record,
                program::at("the store", intake::stored_epochs(*installation.store)));
  if (!record) return looked;
  looked.used = record->epoch;
  looked.believed = intake::clock_state(record->epoch.day, now) == intake::ClockState::kBelieved;
  return looked;
}

std::string in_words(const Looked& looked) {
  std::string text = "This machine's clock says " + to_string(looked.machine) + " (UTC).\n";
  if (!looked.used) return text + "The server has not run yet.\n";
  text += "The server was last used on " + to_string(looked.used->day) +
          "; reports are sealed to " + "week " + to_string(looked.used->week) + ".\n";
  if (looked.accepted) return text + "The clock is believed from now on.\n";
  if (looked.believed) return text + "The clock is believed.\n";
  return text +
         "The clock is NOT believed: no report begins, and nothing is ended or destroyed.\n"
         "Look at another clock. If this one is wrong, set it. If it is right, say so:\n"
         "  resguardo-bot clock --config F --today " +
         to_string(looked.machine) + "\n";
}

}  // namespace

program::ExitCode clock(const ClockOptions& options, program::Console& console) {
  const auto looked = look(options);
  if (!looked.ok()) return console.fail(looked.error());
  if (console.json()) {
    boost::json::object json{{"machine", to_string(looked->machine)},
                             {"believed", looked->believed}};
    if (looked->used) {
      json["last_used"] = to_string(looked->used->day);
      json["week"] = to_string(looked->used->week);
    }
    console.print(json);
  } else {
    console.print(in_words(*looked));
  }
  const auto printed = console.finish();
  return looked->believed ? printed : program::ExitCode::kFailed;
}

}  // namespace resguardo::commands
