// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace resguardo::program {

// One line of JSON without a line break at its end, keys in the order they were put in, safe to
// show on a terminal: control, bidirectional and invisible characters are \u escapes, so nothing
// is lost and nothing acts.
std::string json_line(const boost::json::value& value);

// `text` as a JSON string holds it: UTF-8. A byte that is not UTF-8 becomes U+FFFD.
std::string json_text(std::string_view text);

}  // namespace resguardo::program
