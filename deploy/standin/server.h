// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "bot/http/server.h"
#include "deploy/standin/graph_api.h"
#include "deploy/standin/rest_api.h"

namespace resguardo::standin {

// Both services on their own addresses. Goes before the two APIs.
class ApiServer {
 public:
  static Result<std::unique_ptr<ApiServer>> start(const Settings& settings, GraphApi& graph_api,
                                                  RestApi& rest_api);
  std::string graph_base() const;   // what [whatsapp] api_base must say
  std::string signal_base() const;  // what [signal] api_base must say

 private:
  ApiServer(GraphApi& graph_api, RestApi& rest_api);

  http::Route graph_route_;
  http::Route signal_route_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace resguardo::standin
