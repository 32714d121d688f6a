// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <filesystem>
#include <string>

#include "analyst/import/bundle_walk.h"

namespace resguardo::analyst {

// "damaged at frame 12, byte 5123, in report 5af84745, segment 0 after 3 of 16 rows: <why>"
std::string damage_text(const Damage& damage);
boost::json::object damage_json(const Damage& damage);

// What an import took of a damaged file, and what not.
std::string taken_text(const std::filesystem::path& file, const Damage& damage);

}  // namespace resguardo::analyst
