// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/result.h"
#include "storage/store.h"

namespace resguardo::storage {

constexpr Error kAddendumThere = {Fault::kConflict, "an addendum of this index is there"};
constexpr Error kMediaNotWaiting = {Fault::kConflict, "no such file waits for this report"};
constexpr Error kMediaThere = {Fault::kConflict, "a file of this name is there"};
constexpr Error kMediaNotKept = {Fault::kConflict, "the file was not kept, or has another length"};
constexpr Error kReportGone = {Fault::kNotFound, "the report is gone"};

// Whether a turn says of files what a turn may say, whatever the store holds. kRefused: not.
Status check_media_parts(const Turn& turn);

}  // namespace resguardo::storage
