// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>

#include "bot/http/message.h"
#include "deploy/standin/signal_account.h"

namespace resguardo::standin {

// signal-cli-rest-api in a json-rpc mode: /v2/send, the contact's timer, remote delete, the files,
// health.
//
// Its deadlock included: the program that posts our webhook is the one that reads the answers of
// signal-cli, so while a post is open no call but health gets its answer (gateways.md §2.2).
class RestApi {
 public:
  explicit RestApi(SignalAccount& account) : account_(account) {}
  // Waits while a post is open.
  http::Response answer(const http::Request& request);

  void webhook_opened();
  void webhook_closed();  // lets go what had to wait
  unsigned blocked();     // how many calls ever came while a post was open

 private:
  http::Response handle(const http::Request& request);
  http::Response send(const http::Request& request);
  http::Response set_timer(const http::Request& request);
  http::Response unsend(const http::Request& request);
  http::Response files(const http::Request& request);

  SignalAccount& account_;
  std::mutex mutex_;
  std::condition_variable closed_;
  bool open_ = false;
  unsigned blocked_ = 0;
};

}  // namespace resguardo::standin
