// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/signal/dialect.h"

#include <utility>

#include "bot/gateway/json.h"
#include "bot/gateway/text_rules.h"

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

SendOutcome keys_not_trusted() {
  SendOutcome outcome =
      signal_verdict(SendVerdict::kDrop, "the person's keys changed and are not trusted yet");
  outcome.mendable = true;
  return outcome;
}

SendOutcome captcha_wanted(std::string_view before_token, std::string_view token,
                           std::string_view after_token) {
  SendOutcome outcome = signal_verdict(SendVerdict::kStop, "Signal wants a captcha solved");
  const bool plain = token.size() <= kMaxId && is_unreserved(token);
  outcome.command = std::string(before_token)
                        .append(plain ? token : std::string_view("TOKEN"))
                        .append(after_token);
  return outcome;
}

}  // namespace resguardo::gateway::signal
