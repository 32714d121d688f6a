// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

namespace resguardo::gateway::signal {

enum class Wrapping : unsigned char { kOurs, kIgnored, kRefused };
struct Unwrapped {
  Wrapping wrapping = Wrapping::kRefused;
  const boost::json::object* envelope = nullptr;   // kOurs
  const boost::json::object* exception = nullptr;  // decryption failed
};

// The one decoder of all that signal-cli and its REST container put around an envelope
// (gateways.md §2.6): the JSON-RPC notification, with or without a subscription, or its bare
// params. Requests from the peer, other notifications and other accounts are ignored.
Unwrapped unwrap(const boost::json::value& root, std::string_view account);

}  // namespace resguardo::gateway::signal
