// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "bot/http/message.h"

namespace resguardo::standin {

// What is at `key`; nullptr or "" when it is not there or of another kind.
const boost::json::object* object_in(const boost::json::object& object, std::string_view key);
const boost::json::array* array_in(const boost::json::object& object, std::string_view key);
// 0 when it is not there, or no number that fits.
std::uint64_t number_in(const boost::json::object& object, std::string_view key);
std::string text_in(const boost::json::object& object, std::string_view key);

boost::json::object object_of(const http::Request& request);  // of its body; or an empty one
std::string header_of(const http::Request& request, std::string_view name);
std::size_t characters(std::string_view utf8);

}  // namespace resguardo::standin
