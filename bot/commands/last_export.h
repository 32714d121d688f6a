// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "crypto/base/clock.h"
#include "storage/store.h"

namespace resguardo::commands {

// The day of the last bundle of everything; nothing: there was none. Whether it reached its file is
// known only to the command that wrote it.
Result<std::optional<Day>> last_export(storage::Store& store);
Status note_export(storage::Store& store, Day day);

}  // namespace resguardo::commands
