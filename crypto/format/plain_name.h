// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace resguardo {

constexpr std::size_t kMaxName = 100;  // bytes

// True if `text` can be printed as it is: 1 to kMaxName bytes of UTF-8, no control character, no
// line or paragraph separator, nothing that turns the writing direction, no space at either end.
// Labels of people, organisations and keys pass it before anybody sees them.
// WARNING: does not stop two names from looking alike.
bool is_plain_name(std::string_view text);

}  // namespace resguardo
