// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/server.h"

#include <chrono>
#include <utility>

namespace resguardo::standin {
namespace {

constexpr std::size_t kBodyLimit = 1024 * 1024;

std::string base_of(const http::Server& server, std::string_view listener) {
  return "http://127.0.0.1:" + std::to_string(server.port(listener));
}

}  // namespace

ApiServer::ApiServer(GraphApi& graph_api, RestApi& rest_api)
    : graph_route_{kBodyLimit,
                   [&graph_api](http::Request request, http::Respond respond) {
                     respond(graph_api.answer(request));
                   }},
      signal_route_{kBodyLimit, [&rest_api](http::Request request, http::Respond respond) {
                      rest_api.answer(std::move(request), std::move(respond));
                    }} {}

Result<std::unique_ptr<ApiServer>> ApiServer::start(const Settings& settings, GraphApi& graph_api,
                                                    RestApi& rest_api) {
  std::unique_ptr<ApiServer> api(new ApiServer(graph_api, rest_api));
  http::ServerConfig config;
  config.threads = 1;
  config.answer = std::chrono::minutes{10};  // the deadlock may last as long as the bot lets it
  const auto to = [](const http::Route& route) {
    return [&route](std::string_view, std::string_view) { return &route; };
  };
  config.listeners = {{"whatsapp", settings.graph_listen, std::nullopt, to(api->graph_route_)},
                      {"signal", settings.signal_listen, std::nullopt, to(api->signal_route_)}};
  RESGUARDO_TRY(api->server_, http::Server::start(std::move(config)));
  return api;
}

std::string ApiServer::graph_base() const {
  return base_of(*server_, "whatsapp") + "/v23.0";
}
std::string ApiServer::signal_base() const {
  return base_of(*server_, "signal");
}

}  // namespace resguardo::standin
