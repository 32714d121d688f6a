// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace resguardo::http {

// co_await op(…, kAwait) gives the error code as the first of a tuple; nothing is thrown.
inline constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace resguardo::http
