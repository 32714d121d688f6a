// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <mutex>
#include <optional>
#include <utility>

#include "crypto/seal/roster.h"

namespace resguardo::intake {

// The roster in force; replaced as a whole on reload. Thread-safe.
class RosterHolder {
 public:
  explicit RosterHolder(std::optional<VerifiedRoster> roster) : roster_(std::move(roster)) {}

  std::optional<VerifiedRoster> current() const {
    const std::lock_guard lock(mutex_);
    return roster_;
  }
  void replace(VerifiedRoster roster) {
    const std::lock_guard lock(mutex_);
    roster_ = std::move(roster);
  }

 private:
  mutable std::mutex mutex_;
  std::optional<VerifiedRoster> roster_;
};

}  // namespace resguardo::intake
