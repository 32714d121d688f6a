// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "form/chat/bubbles.h"

namespace resguardo::form {

// A chat as SVG 1.1 (https://www.w3.org/TR/SVG11/), 400 pixels wide and as high as it is long: text
// as text, no script, no font and no picture from elsewhere. The same bubbles give the same bytes.
std::string picture_of(const std::vector<Bubble>& bubbles, dialogue::ChannelKind channel);

}  // namespace resguardo::form
