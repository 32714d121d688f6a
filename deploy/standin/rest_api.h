// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "bot/http/message.h"
#include "deploy/standin/failures.h"
#include "deploy/standin/mailbox.h"

namespace resguardo::standin {

// signal-cli-rest-api in a json-rpc mode: /v2/send, the contact's timer, remote delete, health.
//
// Its deadlock included: the program that posts our webhook is the one that reads the answers of
// signal-cli, so while a post is open no call but health gets its answer (gateways.md §2.2).
class RestApi {
 public:
  RestApi(const Settings& settings, Mailbox& mailbox) : settings_(settings), mailbox_(mailbox) {}
  void answer(http::Request request, http::Respond respond);
  Failures& failures() { return failures_; }

  void webhook_opened();
  void webhook_closed();  // answers what had to wait
  unsigned blocked();     // how many calls ever came while a post was open

 private:
  http::Response handle(const http::Request& request);
  http::Response send(const http::Request& request);
  http::Response set_timer(const http::Request& request);
  http::Response unsend(const http::Request& request);

  const Settings& settings_;
  Mailbox& mailbox_;
  Failures failures_;
  std::mutex mutex_;
  bool open_ = false;
  unsigned blocked_ = 0;
  std::vector<std::pair<http::Request, http::Respond>> waiting_;
  std::uint64_t last_timestamp_ = 0;
};

}  // namespace resguardo::standin
