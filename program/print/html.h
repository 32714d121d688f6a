// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace resguardo::program {

// Text as HTML shows it, in an element or in an attribute's quotes: it says nothing to a browser.
std::string html_escaped(std::string_view text);

}  // namespace resguardo::program
