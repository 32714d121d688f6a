// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "crypto/base/result.h"

namespace resguardo::testing_support {

// What a vector's `expect` line means, but for "success".
inline const std::map<std::string, Fault> kFaultNames = {
    {"malformed", Fault::kMalformed}, {"unauthentic", Fault::kUnauthentic},
    {"replayed", Fault::kReplayed},   {"stale", Fault::kStale},
    {"conflict", Fault::kConflict},   {"refused", Fault::kRefused},
    {"not_found", Fault::kNotFound}};

}  // namespace resguardo::testing_support
