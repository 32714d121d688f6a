// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>

#include "bot/config/config.h"
#include "bot/intake/team_codes.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/base/secret_bytes.h"
#include "program/problem.h"
#include "storage/key_ring.h"
#include "storage/store.h"
#include "storage/store_lock.h"

namespace resguardo::commands {

// A server's data, opened: its master key, its keys and its store. Holds the store's lock.
struct Installation {
  SecretBytes master;
  std::unique_ptr<storage::KeyRing> keys;
  std::unique_ptr<storage::Store> store;
};
program::Outcome<Installation> open_installation(
    const config::Config& config, TimePoint now, RandomSource& ids,
    storage::StoreUse use = storage::StoreUse::kCommand);

program::Outcome<intake::TeamCodes> open_team_codes(const Installation& installation);

// The configuration, or its first problem (kUsage); check tells all of them.
program::Outcome<config::Config> require_config(const config::Path& file);

}  // namespace resguardo::commands
