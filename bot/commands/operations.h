// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "bot/commands/installation.h"
#include "bot/control/control.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/log/log_key.h"
#include "crypto/seal/roster.h"

namespace resguardo::commands {

// What a command works on: an opened store, in the process that holds it.
struct Owner {
  const config::Config& config;
  const Installation& installation;
  const LogKey& log_key;
  RandomSource& ids;
  TimePoint now;
  // What only a running server knows of itself, a line each; empty: it does not run.
  std::function<std::vector<pb::ControlResult::StatusLine>()> serving;
  std::function<bool()> stop = {};  // asked on the way by what takes long

  storage::Store& store() const { return *installation.store; }
};

// Does what was asked; the same in a running server and in a command by itself. Files go to `next`.
// A problem with an empty `where` is of the file that is being written.
program::Outcome<pb::ControlResult> perform(const Owner& owner, const pb::ControlRequest& request,
                                            const control::NextPart& next);

// Opens the store and performs, or asks the server that holds it (interfaces.md).
program::Outcome<pb::ControlResult> perform_or_ask(const config::Config& config,
                                                   const pb::ControlRequest& request,
                                                   const control::NextPart& next);

// One for each command; operations/ has a file of each.
namespace operations {
using Result = program::Outcome<pb::ControlResult>;
Result export_reports(const Owner& owner, const pb::ControlRequest::Export& request,
                      const control::NextPart& next);
Result status(const Owner& owner);
Result install_ack(const Owner& owner, const pb::ControlRequest::InstallAck& request);
Result retention(const Owner& owner, const pb::ControlRequest::Retention& request);
Result backup(const Owner& owner, const control::NextPart& next);
Result check(const Owner& owner, const pb::ControlRequest::Check& request);
Result rekey(const Owner& owner);
Result deliver(const Owner& owner, const pb::ControlRequest::Deliver& request);
// What several of them ask first: the roster that `serve` would use now, and whether days can be
// counted.
program::Outcome<VerifiedRoster> roster_in_force(const Owner& owner);
program::Outcome<Done> believed_clock(const Owner& owner);
}  // namespace operations

}  // namespace resguardo::commands
