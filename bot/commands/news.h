// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "bot/commands/health.h"
#include "bot/notices/notice.h"

namespace resguardo::commands {

// What a person who looks after the server should read.
using Told = std::vector<notices::Notice>;

// What is wrong since the last look, each told when it begins; of new reports also when they are
// taken again. For the log, where a thing that lasts would hide everything else. One thread.
class News {
 public:
  Told of(const RosterHealth& now);

 private:
  bool stuck_ = false, journal_stays_ = false, damaged_ = false, swapped_ = false;  // as told last
  std::string reason_;  // why no report may begin; empty: they may
};

inline constexpr StaticText kCheck = "`resguardo-bot check`";

}  // namespace resguardo::commands
