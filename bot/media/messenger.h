// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "bot/gateway/files.h"

namespace resguardo::media {

// One messenger whose files are fetched. All of it outlives the fetching.
struct Messenger {
  StaticText name;  // Gateway::name()
  const gateway::FileSource& source;
  std::string api_base;
  std::string ca_file = {};
  std::string folder = {};  // that its program shares with us; empty: none
};

}  // namespace resguardo::media
