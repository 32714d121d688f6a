// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "form/walk/ways.h"

namespace resguardo::form {

// By node: whether somebody who comes back with a receipt was asked or shown it. Whatever can be
// tapped or ordered is tried from every place of the return menu: as first words, by the row "I
// have a code", and beside a report that is paused; with a reply and without, and where the store
// fails. None, in a form without a return.
std::vector<bool> walk_return(const Stage& stage, const Ways& ways);

}  // namespace resguardo::form
