// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace resguardo::analyst {

// Text as the page shows it: what could act or hide is made visible(), then escaped for HTML.
std::string page_text(std::string_view text);

// "<tag class="c">…</tag>" around what is HTML already.
std::string element(std::string_view tag, const std::string& html,
                    std::string_view attributes = {});

// One decimal at most, the same on every machine: 37.2
std::string decimal(double value);

}  // namespace resguardo::analyst
