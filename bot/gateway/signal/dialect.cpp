// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/signal/dialect.h"

#include <utility>

#include "bot/gateway/json.h"

namespace resguardo::gateway::signal {

OutboundCall json_call(std::string method, std::string path, const boost::json::value& body) {
  OutboundCall call;
  call.method = std::move(method);
  call.path = std::move(path);
  call.headers = {{"content-type", "application/json"}};
  call.body = to_json(body);
  return call;
}

SendOutcome signal_verdict(SendVerdict verdict, StaticText reason, std::chrono::milliseconds wait) {
  return SendOutcome{verdict, wait, reason, {}};
}

}  // namespace resguardo::gateway::signal
