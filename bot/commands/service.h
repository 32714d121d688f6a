// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>

#include "bot/commands/news.h"
#include "bot/config/config.h"
#include "bot/sandbox/sandbox.h"
#include "program/problem.h"

namespace resguardo::commands {

// The running bot: store, roster, form, gateways, outbox, intake and listeners, put together.
class Service {
 public:
  // `shelter`: what this process has entered, for health pages.
  static program::Outcome<std::unique_ptr<Service>> start(const config::Config& config,
                                                          const sandbox::State& shelter);
  virtual ~Service() = default;  // stops: turns under way end, then replies get a short while

  virtual std::uint16_t port(std::string_view listener) const = 0;
  // Roster, form and certificate anew. What cannot be read is told, and the old one stays.
  virtual Told reload() = 0;
  // What falls due (upkeep.h). Once a minute. Tells what is wrong since the last time.
  virtual Told maintain() = 0;
  // Takes a roster that was put in its place since the last look (`roster install`). Every few
  // seconds. A file is believed to be whole when it has not changed between two looks.
  virtual Told look_for_roster() = 0;
  virtual void stop_accepting() = 0;
};

}  // namespace resguardo::commands
