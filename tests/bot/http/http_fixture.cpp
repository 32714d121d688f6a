// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/http/http_fixture.h"

#include <stdexcept>

namespace resguardo::http::testing {

HttpFixture::HttpFixture() {
  echo_ = {kBodyLimit, [](Request request, const Respond& respond) {
             respond({200, "text/plain", to_string(request.body.view())});
           }};
  hold_ = {kBodyLimit, [this](Request request, Respond respond) {
             held.push({std::move(request), std::move(respond)});
           }};
  small_ = {0,
            [](const Request&, const Respond& respond) { respond({200, "text/plain", "small"}); }};
  headers_ = {kBodyLimit, [](const Request& request, const Respond& respond) {
                std::string list = request.method + " " + request.target + "\n";
                for (const Header& header : request.headers) {
                  list += header.name + "=" + header.value + "\n";
                }
                respond({200, "text/plain", list});
              }};
}

ServerConfig HttpFixture::config(const std::string& address) {
  ServerConfig result;
  result.threads = 2;
  result.listeners.push_back(
      {"test", address, std::nullopt,
       [this](std::string_view method, std::string_view target) -> const Route* {
         if (method == "POST" && target == "/echo") return &echo_;
         if (method == "POST" && target == "/hold") return &hold_;
         if (method == "POST" && target == "/headers") return &headers_;
         if (method == "GET" && target == "/small") return &small_;
         return nullptr;
       }});
  return result;
}

void HttpFixture::start(ServerConfig server_config) {
  std::string failed;
  auto started = Server::start(std::move(server_config), &failed);
  if (!started.ok()) throw std::runtime_error(failed + started.error().why.c_str());
  server = std::move(started).value();
}

std::string post(std::string_view target, std::string_view body) {
  std::string text = "POST ";
  text.append(target).append(" HTTP/1.1\r\nHost: test\r\nContent-Length: ");
  text.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return text;
}

std::string get(std::string_view target) {
  std::string text = "GET ";
  return text.append(target).append(" HTTP/1.1\r\nHost: test\r\n\r\n");
}

}  // namespace resguardo::http::testing
