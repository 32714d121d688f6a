// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "crypto/base/result.h"
#include "form/card/sheet.h"

namespace resguardo::form {

// Sheets to print as HTML that needs nothing but itself: no script, no font, no image from
// elsewhere. Each sheet has a front (how it goes, consent) and a back (the questions), on A4 or
// Letter. The same sheets, the same bytes. kRefused: a link too long for a QR code.
Result<std::string> card_page(const std::vector<CardSheet>& sheets);

}  // namespace resguardo::form
