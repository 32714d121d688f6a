// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>

#include "bot/commands/installation.h"
#include "bot/commands/log_days.h"
#include "bot/config/config.h"
#include "bot/dialogue/form.h"
#include "bot/intake/epochs.h"
#include "bot/intake/people.h"
#include "bot/intake/phone_links.h"
#include "bot/intake/receipt_mint.h"
#include "bot/intake/sealing_gate.h"
#include "bot/intake/team_codes.h"
#include "crypto/base/locked_slab.h"
#include "crypto/log/log_key.h"
#include "program/problem.h"

namespace resguardo::commands {

// All that a server keeps and seals with: its store, roster, week, log, form and secrets. In the
// order of use, torn down the other way round; parts refer to each other, so it stays where it is.
struct ServiceData {
  // `ids` outlives it. Takes the store's lock and the roster's number as accepted; a problem is
  // the operator's.
  static program::Outcome<std::unique_ptr<ServiceData>> open(const config::Config& config,
                                                             const Clock& clock, RandomSource& ids);

  Installation installation;
  std::unique_ptr<intake::SealingGate> gate = nullptr;
  std::unique_ptr<intake::Epochs> epochs = nullptr;
  std::unique_ptr<LogKey> log_key = nullptr;
  std::unique_ptr<LogDays> log_days = nullptr;
  std::shared_ptr<const dialogue::Form> form = nullptr;
  std::unique_ptr<intake::People> people = nullptr;
  std::unique_ptr<intake::TeamCodes> codes = nullptr;
  std::unique_ptr<LockedSlab> slab = nullptr;
  std::unique_ptr<intake::ReceiptMint> mint = nullptr;
  std::unique_ptr<intake::PhoneLinks> links = nullptr;

  storage::Store& store() const { return *installation.store; }
};

}  // namespace resguardo::commands
