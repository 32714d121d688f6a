// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "deploy/standin/daemon_api.h"
#include "deploy/standin/faults.h"
#include "deploy/standin/graph_api.h"
#include "deploy/standin/listener.h"
#include "deploy/standin/rest_api.h"

namespace resguardo::standin {

// Both services on their own addresses, with what goes wrong on the way. Signal's speaks both as
// signal-cli-rest-api and as the daemon: who calls decides. Goes before the APIs.
class ApiServer {
 public:
  struct Apis {
    GraphApi& graph;
    RestApi& rest;
    DaemonApi& daemon;
    Mishaps& mishaps;
  };
  static Result<std::unique_ptr<ApiServer>> start(const Settings& settings, const Apis& apis);
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  std::string graph_base() const;   // what [whatsapp] api_base must say
  std::string signal_base() const;  // what [signal] api_base must say

 private:
  explicit ApiServer(const Apis& apis) : apis_(apis) {}
  void serve_graph(const http::Request& request, Caller& caller);
  void serve_signal(const http::Request& request, Caller& caller);

  Apis apis_;
  std::unique_ptr<Listener> graph_;
  std::unique_ptr<Listener> signal_;
};

}  // namespace resguardo::standin
