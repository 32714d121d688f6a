// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>

#include "bot/http/message.h"
#include "deploy/standin/failures.h"
#include "deploy/standin/mailbox.h"

namespace resguardo::standin {

// WhatsApp's side of sending: POST /{version}/{phone-number-id}/messages (gateways.md §3.9). As
// strict as Meta about the token, the limits of buttons and lists, and the 24 hours.
class GraphApi {
 public:
  GraphApi(const Settings& settings, Mailbox& mailbox) : settings_(settings), mailbox_(mailbox) {}
  http::Response answer(const http::Request& request);
  Failures& failures() { return failures_; }

 private:
  http::Response send(const http::Request& request);

  const Settings& settings_;
  Mailbox& mailbox_;
  Failures failures_;
  std::atomic<unsigned> sent_{0};
};

}  // namespace resguardo::standin
